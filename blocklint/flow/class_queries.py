"""The queries about classes: their order, their members, what their attributes hold."""

from __future__ import annotations

import functools
from collections import defaultdict

import msgspec

from blocklint.facts import records as r
from blocklint.flow import (
    base,
    classes,
    descriptors,
    generated,
    held,
    invoked,
    mapped_objects,
    members,
    metaclasses,
    names,
    state,
    told,
)
from blocklint.flow.edges import (
    NO_MEMBER,
    NO_RECORD,
    NOT_INVOKED,
    Invoked,
    Member,
    Record,
)
from blocklint.flow.frames import BodyFrame
from blocklint.flow.queries import Queries, query
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.memo import Memo
from blocklint.project.index import Project
from blocklint.project.uses import last_name
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    Instance,
    Literal,
    Mapping,
    Value,
    Values,
    Wrapper,
    gather,
    same,
    union,
)

MAPPED_BASE = "sqlalchemy.orm.DeclarativeBase"


def same_member(left: Member, right: Member) -> bool:
    """Whether two members have the same values and getters, in whatever order."""
    return left == right or (
        same(left.values, right.values)
        and same(left.getters, right.getters)
        and left.library == right.library
    )


class ClassQueries(base.Inference):
    """The queries about classes: their order, their members, what their attributes hold."""

    queries: Queries
    _subclasses: dict[str, list[ClassObject]] | None
    _accessors: set[str] | None
    _running: dict[Activation, BodyFrame]

    @query(())
    def mro(self, cls: ClassObject) -> tuple[ClassObject | str, ...]:
        """The method resolution order; library classes by canonical name."""
        return classes.linearised(self, cls, ScopeFrame(self, cls.file, cls.closure, cls))

    @query(None)
    def find_member(self, cls: ClassObject, name: str) -> tuple[ClassObject | str, Values] | None:
        """The first class in the resolution order that has a name, and the member's values."""
        return classes.search_member(self, cls, name)

    @query(NO_MEMBER, same_member)
    def instance_member(self, instance: Instance, name: str) -> Member:
        """What an instance has under a name."""
        if self.told.attributes and (told_types := told.attribute(self, instance, name)):
            return Member(told_types)
        found = members.instance_member(self, instance, name)
        if instance.cls.definition in self.hooked:
            found = members.through_hook(self, instance, name, found)
        values = self.held(instance, name, found.values)
        return found if values is found.values else msgspec.structs.replace(found, values=values)

    @functools.cached_property
    def hooked(self) -> frozenset[r.Class]:
        """The classes whose attributes are all read through a ``__getattribute__`` of the project."""
        found: set[r.Class] = set()
        if "__getattribute__" in self.project.special_methods:
            for file, definition in self.project.classes:
                if "__getattribute__" in self.project.class_bindings[definition]:
                    found.add(definition)
                    found.update(cls.definition for cls in self.subclasses(ClassObject(file, definition)))
        return frozenset(found)

    @query(())
    def fillings_of_outer(self, activation: Activation, name: str) -> tuple[Mapping, ...]:
        """What a nested function puts into the container that a name of an outer one holds."""
        return held.fillings_of_outer(self, activation, name)

    def held(self, owner: Value, name: str, values: Values) -> Values:
        """The values of an attribute, with what is put into those that are containers."""
        if values and self.project.may_be_filled(f".{name}"):
            return held.with_attribute_fillings(self, owner, name, values)
        return values

    @query(())
    def type_parameters(self, cls: ClassObject) -> tuple[str, ...]:
        """The names of a class's type parameters."""
        scope = ScopeFrame(self, cls.file, cls.closure)
        return names.type_parameters(self, scope, cls.definition)

    @query(None)
    def metaclass(self, cls: ClassObject) -> ClassObject | None:
        """The metaclass of a class if it is one of the project."""
        return metaclasses.metaclass_of(self, cls)

    @query(False)
    def is_mapped(self, cls: ClassObject) -> bool:
        """Whether instances of a class are rows of a table: by its bases, or since it names the table."""
        if self.catalog.find_class(MAPPED_BASE) is None:
            return False
        for item in self.mro(cls):
            if type(item) is str:
                if self.catalog.is_subclass(item, MAPPED_BASE):
                    return True
            elif "__tablename__" in self.project.class_bindings[item.definition]:  # type: ignore[union-attr]
                return True
        return False

    @query(NOT_INVOKED)
    def invoked(self, cls: ClassObject, method: str) -> Invoked:
        """What a method that a class inherits from a library calls of the class itself."""
        return invoked.invoked_by(self, cls, method)

    @query(NO_RECORD)
    def record(self, cls: ClassObject) -> Record:
        """What the generated constructor of a class takes and runs."""
        return generated.record_of(self, cls)

    @query(())
    def subclasses(self, cls: ClassObject) -> tuple[ClassObject, ...]:
        """The direct and indirect subclasses in the project, by file and place."""
        found: dict[r.Class, ClassObject] = {}
        pending = [cls.definition.name.rpartition(".")[2]]
        seen = set(pending)
        while pending:
            for candidate in self._derived(cls.file, pending.pop()):
                order = self.mro(candidate)[1:]
                if any(isinstance(c, ClassObject) and c.definition is cls.definition for c in order):
                    found[candidate.definition] = candidate
                    name = candidate.definition.name.rpartition(".")[2]
                    if name not in seen:
                        seen.add(name)
                        pending.append(name)
        return tuple(sorted(found.values(), key=lambda c: (c.file, c.definition.span)))

    def _derived(self, file: str, name: str) -> list[ClassObject]:
        """The classes with a base of this last name, for a class in ``file``."""
        if self._subclasses is None:
            self._subclasses = _by_base_name(self.project)
        own = self._subclasses.get(name, [])
        return own if self.project.is_own(file) else [*own, *self._installed_subclasses[file].get(name, ())]

    @functools.cached_property
    def _installed_subclasses(self) -> Memo[str, dict[str, list[ClassObject]]]:
        return Memo(lambda file: _by_base_name(self.project.near(file)))

    @query(NOTHING, same)
    def stored(self, instance: Instance, name: str) -> Values:
        """What the methods of an instance's class and bases set an attribute to."""
        return state.by_own_methods(self, instance, name)

    @query(NOTHING, same)
    def stored_outside(self, receiver: Value, name: str) -> Values:
        """What code that is not a method of its class sets an object's attribute to."""
        return mapped_objects.kept(state.from_outside(self, receiver, name))

    @query(NOTHING, same)
    def stored_by(self, activation: Activation, name: str) -> Values:
        """What an activation sets an attribute of its own instance to."""
        values = self.outcome(activation).stores.get(name, NOTHING)
        # A method that reads what it has set itself, as in closure_name.
        running = self._running.get(activation)
        return values if running is None else union(running.stored(name), values)

    def setter(self, instance: Instance, name: str) -> Values:
        """What setting an attribute calls; () for nothing."""
        if self._accessors is None:
            self._accessors = _accessor_names(self.project)
            if self.project.installed is not None:
                self._accessors.add("__setattr__")
        if "__setattr__" in self._accessors:
            found = classes.find_member(self, instance.cls, "__setattr__")
            if found is not None and isinstance(found[0], ClassObject):
                bound = classes.bind(found[1], instance, found[0])
                return tuple(
                    Wrapper("partial", (value,), ((Literal(name),),)) for value in bound
                )
        if name not in self._accessors and "__set__" not in self.project.special_methods:
            return NOTHING
        found = classes.find_member(self, instance.cls, name)
        if found is None or isinstance(found[0], str):
            return NOTHING
        setters = [dict(v.keywords).get("setter", NOTHING) for v in found[1] if isinstance(v, Wrapper)]
        by_descriptor = [
            descriptors.accessor(self, v, (instance,), "__set__") for v in found[1] if isinstance(v, Instance)
        ]
        return gather([classes.bind(gather(setters), instance, found[0]), *by_descriptor])


def _by_base_name(project: Project) -> dict[str, list[ClassObject]]:
    """The classes of a project by the last part of each of their bases' names."""
    found: dict[str, list[ClassObject]] = defaultdict(list)
    for file, definition in project.classes:
        for listed in definition.bases:
            inner = listed.value if isinstance(listed, r.Subscript) else listed
            if isinstance(inner, r.Name | r.Attribute):
                found[inner.name].append(ClassObject(file, definition))
    return found


def _accessor_names(project: Project) -> set[str]:
    """The attributes that some class of the project sets by running code."""
    found = set[str]()
    for _, definition in project.classes:
        for method in definition.body:
            if type(method) is r.Assign:
                if type(method.value) is r.Call and last_name(method.value) == "property":
                    found.update(target.name for target in method.targets if isinstance(target, r.Name))
            elif isinstance(method, r.DefineFunction):
                name = method.function.name.rpartition(".")[2]
                setters = (d for d in method.function.decorators if isinstance(d, r.Attribute))
                if name == "__setattr__" or any(d.name == "setter" for d in setters):
                    found.add(name)
    return found
