"""The queries about names: of modules, of class bodies, of functions."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow import (
    base,
    expressions,
    held,
    imports,
    names,
    told,
)
from blocklint.flow.annotations import instances
from blocklint.flow.binding import of_definition, parameter_values
from blocklint.flow.queries import Queries, query
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    Values,
    gather,
    same,
    union,
)


class NameQueries(base.Inference):
    """The queries about names: of modules, of class bodies, of functions."""

    queries: Queries

    @query(NOTHING, same)
    def module_name(self, file: str, name: str) -> Values:
        """A name of a module, () if it does not bind it."""
        if self.told.variables and (file, name) in self.told.variables:
            return told.typed(self, self.told.variables[file, name], None, NOTHING)
        listed = self.project.bindings[file].get(name, ())
        if len(listed) == 1:  # the common case needs no query of its own
            statement, alias = listed[0].statement, listed[0].imported
            if alias is not None and type(statement) is r.Import:
                values = imports.imported(self, file, statement, alias)
            else:
                values = names.defined(file, None, None, listed[0])
                values = values or names.bound(ScopeFrame(self, file, limits={name: 0}), listed[0])
        else:
            values = imports.module_name(self, file, name)
        if name in self.project.global_writers[file]:
            values = union(values, self._set_by_functions(file, name))
        if values and self.project.may_be_filled(name):
            return held.with_module_fillings(self, file, name, values)
        return values

    def _set_by_functions(self, file: str, name: str) -> Values:
        """What functions of the module assign to a name that they declare global."""
        found = []
        for definition in self.project.global_writers[file][name]:
            frame = LazyFrame(self, of_definition(definition))
            listed = self.project.function_bindings[definition.function].get(name, ())
            found += [names.bound(frame, binding) for binding in listed]
        return gather(found)

    @query(NOTHING, same)
    def binding_value(self, file: str, name: str, index: int) -> Values:
        """What one binding of a module's name gives it."""
        frame = ScopeFrame(self, file, limits={name: index})
        return names.bound(frame, self.project.bindings[file][name][index])

    @query(NOTHING, same)
    def class_member(self, cls: ClassObject, name: str) -> Values:
        """A name bound in a class's own body."""
        found = self.project.class_bindings[cls.definition].get(name, [])
        if len(found) == 1:
            values = names.defined(cls.file, cls.closure, cls, found[0])
            if values:
                return values
            return names.bound(ScopeFrame(self, cls.file, cls.closure, cls, cls, {name: 0}), found[0])
        return gather(self.member_value(cls, name, index) for index in range(len(found)))

    @query(NOTHING, same)
    def member_value(self, cls: ClassObject, name: str, index: int) -> Values:
        """What one binding in a class body gives its name."""
        frame = ScopeFrame(self, cls.file, cls.closure, cls, cls, {name: index})
        return names.bound(frame, self.project.class_bindings[cls.definition][name][index])

    @query(NOTHING, same)
    def annotated(self, cls: ClassObject, name: str) -> Values:
        """The instances that the annotation of a field in a class's own body stands for."""
        frame = ScopeFrame(self, cls.file, cls.closure, cls, cls)
        return gather(
            instances(expressions.evaluate(frame, binding.annotation))
            for binding in self.project.class_bindings[cls.definition].get(name, ())
            if binding.annotation is not None
        )

    @query(NOTHING, same)
    def described(self, cls: ClassObject, name: str) -> Values:
        """What is written behind the annotation of a field in a class's own body."""
        frame = ScopeFrame(self, cls.file, cls.closure, cls, cls, {name: 0})
        return gather(
            expressions.evaluate(frame, binding.value)
            for binding in self.project.class_bindings[cls.definition].get(name, ())
            if binding.value is not None
        )

    @query(NOTHING, same)
    def local_name(self, activation: Activation, name: str) -> Values:
        """A local name of a function by all of its bindings, without interpreting the body."""
        frame, function = LazyFrame(self, activation), activation.function
        if any(parameter.name == name for parameter in function.parameters):
            return next(parameter_values(frame, activation, name), ("", NOTHING))[1]
        found = self.project.function_bindings[function].get(name, ())
        return gather(names.bound(frame, binding) for binding in found)

    @query(NOTHING)
    def lifespan_of(self, file: str, function: r.Function) -> Values:
        """The application whose lifespan a function is, () if it is none's."""
        from blocklint.flow import lifespans  # few functions may be one

        return lifespans.application(self, file, function)
