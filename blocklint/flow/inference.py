"""The queries, and the parts of interpretation put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow import (
    attributes,
    binding,
    callers,
    calls,
    classes,
    expressions,
    held,
    imports,
    members,
    names,
    special,
    state,
    statements,
)
from blocklint.flow.annotations import decides, from_library, instances
from blocklint.flow.base import Frame, ValueHook
from blocklint.flow.binding import make, of_definition, parameter_values
from blocklint.flow.edges import (
    EMPTY,
    NO_MEMBER,
    UNSIGNED,
    Arguments,
    CallSite,
    Edge,
    Member,
    Outcome,
    PlainCall,
    Signature,
)
from blocklint.flow.frames import BodyFrame
from blocklint.flow.iteration import ELEMENTS
from blocklint.flow.queries import Queries, query
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.records import LibraryCallable
from blocklint.project.index import Project
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    known,
    same,
    union,
)

SELF = Unknown("typing.Self")

MOST_ARGUMENTS = 12
"""A parameter given more different values than this is not told apart by them, unless they are
functions: a decorator used five hundred times still wraps five hundred functions."""


def same_member(left: Member, right: Member) -> bool:
    """Whether two members have the same values and getters, in whatever order."""
    return left == right or (
        same(left.values, right.values)
        and same(left.getters, right.getters)
        and left.library == right.library
    )


class Inference:
    """What the code of a project evaluates to, asked query by query."""

    keeps_silent = False
    """Whether calls that cannot block get an edge all the same: to draw the whole call graph."""

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        hooks: Sequence[ValueHook],
        noted: frozenset[str] = frozenset(),
    ) -> None:
        self.project = project
        self.catalog = catalog
        self.hooks = hooks
        self._noted = noted
        self.registering = special.STARTS_A_LOOP.union(*(hook.registering for hook in hooks))
        self._hooks = {name: hook for hook in hooks for name in hook.names}
        self.queries = Queries()
        self._library_attributes: dict[tuple[LibraryInstance, str], Values | None] = {}
        self._plain: dict[tuple[str, str], PlainCall | None] = {}
        self._defaults: dict[FunctionObject, Activation] = {}
        self._unbound: dict[FunctionObject, FunctionObject] = {}
        self._on_receiver: dict[FunctionObject, Activation] = {}
        self._running: dict[Activation, BodyFrame] = {}
        self._arguments: defaultdict[tuple[str, r.Function, str], set[Values]] = defaultdict(set)
        self._subclasses: dict[str, list[ClassObject]] | None = None
        self._accessors: set[str] | None = None

    # ------------------------------------------------------- interpretation

    def plain_call(self, name: str, path: str) -> PlainCall | None:
        """A library function or class, or with ``path`` a method of it, that ignores its arguments."""
        key = name, path
        if key not in self._plain:
            dotted = f"{name}.{path}" if path else name
            found = self.catalog.method(name, path) if path else self._plain_library(name)
            is_special = dotted in special.METHODS or dotted in special.FUNCTIONS
            if found is None or found.runner or found.unless or is_special or dotted in self._hooks:
                self._plain[key] = None
            else:
                result = None if path else self._plain_result(name, found)
                silent = found.blocks is None and not self.keeps_silent and dotted not in self._noted
                self._plain[key] = PlainCall(found, result, silent)
        return self._plain[key]

    def _plain_result(self, name: str, found: LibraryCallable) -> Values:
        if self.catalog.find_class(name) is not None:
            return (LibraryInstance(name),)
        return from_library(found.returns, None, NOTHING) or (Unknown(f"result of {name}"),)

    def _plain_library(self, name: str) -> LibraryCallable | None:
        if self.catalog.find_class(name) is not None:
            return self.catalog.method(name, "__init__") or LibraryCallable(name)
        return self.catalog.function(name)

    def library_attribute(self, value: LibraryInstance, name: str) -> Values | None:
        """An attribute of a library object that is always the same, None for any other."""
        key = value, name
        if key not in self._library_attributes:
            found = attributes.plain_library_attribute(self.catalog, value, name)
            self._library_attributes[key] = found
        return self._library_attributes[key]

    def hook_for(self, name: str) -> ValueHook | None:
        """The framework that wants to see calls of a library name."""
        return self._hooks.get(name)

    def evaluate(self, frame: Frame, expression: r.Expression) -> Values:
        """The values of an expression in a scope."""
        return expressions.evaluate(frame, expression)

    def call(self, frame: Frame, values: Values, arguments: Arguments, site: CallSite) -> Values:
        """The result of calling any of ``values``."""
        return calls.call(frame, values, arguments, site)

    @query(EMPTY)
    def outcome(self, activation: Activation) -> Outcome:
        """What an activation does."""
        if activation.function.name == "<module>":
            return self.module_outcome(activation)
        frame = BodyFrame(self, activation)
        outer, self._running[activation] = self._running.get(activation), frame
        for name, values in parameter_values(frame, activation):
            frame.assign(name, values)
        statements.run(frame, activation.function.body)
        if outer is None:
            del self._running[activation]
        return frame.outcome()

    def module_outcome(self, activation: Activation) -> Outcome:
        """What of a module's body matters to the event loop."""
        frame = BodyFrame(self, activation)
        names.run_registrations(frame)
        return frame.outcome()

    @query(NOTHING, same)
    def returns(self, activation: Activation) -> Values:
        """What an activation returns: its annotation where that decides, else what it is seen to."""
        declared = self._declared_for(activation)
        if declared and not any(self._may_know_more(v) for v in declared):
            return declared
        found = self.outcome(activation).returns
        return self._refined(declared, found) if declared else found

    def _may_know_more(self, declared: Value) -> bool:
        """Whether what is returned may say more than its annotation.

        A library's type that the catalogue does not know may be a protocol or an alias of Callable.
        """
        match declared:
            case LibraryInstance(name=name):
                return not name.startswith("builtins.") and self.catalog.find_class(name) is None
            case _:
                return isinstance(declared, Instance)

    def _declared_for(self, activation: Activation) -> Values:
        function = activation.function
        if function.returns is None:
            return NOTHING
        closure, owner = activation.closure, activation.owner
        declared = self.declared_result(activation.file, function, closure, owner)
        if SELF in declared:
            given = activation.arguments[0][1] if activation.arguments else NOTHING
            return given or ((Instance(owner),) if owner else NOTHING)
        return declared

    @query(NOTHING, same)
    def declared_result(
        self,
        file: str,
        function: r.Function,
        closure: Activation | None,
        owner: ClassObject | None,
    ) -> Values:
        """The instances of a function's return annotation if that decides (or is ``Self``)."""
        assert function.returns is not None
        scope = self.scope(file, closure, owner)
        declared = instances(expressions.evaluate(scope, function.returns))
        return declared if SELF in declared or decides(self, declared) else NOTHING

    def _refined(self, declared: Values, found: Values) -> Values:
        """What is seen to be returned, if it is of the declared classes: it may know more."""
        wanted = {v.cls.definition for v in declared if isinstance(v, Instance)}
        if not wanted:
            functions = tuple(v for v in found if isinstance(v, FunctionObject | Wrapper))
            return functions or declared
        seen = [v for v in known(found) if isinstance(v, Instance)]
        fits = seen and all(
            wanted & {c.definition for c in self.mro(v.cls) if isinstance(c, ClassObject)}
            for v in seen
        )
        return tuple(seen) if fits else declared

    @query(NOTHING, same)
    def yields(self, activation: Activation) -> Values:
        """What an activation yields: by its annotation where that decides, else as seen."""
        for value in self._declared_for(activation):
            match value:
                case LibraryInstance(name=name, arguments=(items, *_)) if name in ELEMENTS:
                    if decides(self, items):
                        return items
                case _:
                    pass
        return self.outcome(activation).yields

    @query(NOTHING, same)
    def closure_name(self, activation: Activation, name: str) -> Values:
        """A local name of an enclosing function, as its nested functions see it."""
        values = dict(self.outcome(activation).names).get(name, NOTHING)
        # A function called while the one around it still runs sees what is bound so far: a
        # better guess than nothing, and asked again when the outer one is done.
        running = self._running.get(activation)
        return values if running is None else union(running.assigned(name), values)

    @query(UNSIGNED)
    def signature(self, function: FunctionObject) -> Signature:
        """What the annotations of a function's parameters say."""
        scope = self.scope(function.file, function.closure, function.owner)
        hints, declared, undecided = [], [], []
        for parameter in function.function.parameters:
            hint = NOTHING
            if parameter.annotation is not None:
                hint = expressions.evaluate(scope, parameter.annotation)
            found = instances(hint)
            decided = found if decides(self, found) else NOTHING
            hints.append(hint)
            declared.append(decided)
            if not decided:
                undecided.append(parameter)
        return Signature(tuple(hints), tuple(declared), tuple(undecided))

    def unbound(self, function: FunctionObject) -> FunctionObject:
        """A function without its receiver, one object for all who ask."""
        if function.receiver is None:
            return function
        found = self._unbound.get(function)
        if found is None:
            found = FunctionObject(
                function.file, function.function, function.closure, None, function.owner
            )
            self._unbound[function] = found
        return found

    def on_receiver(self, function: FunctionObject) -> Activation:
        """The activation of a bound method when nothing but its receiver matters."""
        found = self._on_receiver.get(function)
        if found is None:
            found = self._on_receiver[function] = binding.on_receiver(self, function)
        return found

    def default(self, function: FunctionObject) -> Activation:
        """The default activation of a function, one object for all who ask."""
        found = self._defaults.get(function)
        if found is None:
            found = self._defaults[function] = make(function, ())
        return found

    def scope(self, file: str, closure: Activation | None, owner: ClassObject | None) -> Frame:
        """The scope around a function: where its defaults and annotations are evaluated."""
        return ScopeFrame(self, file, closure, owner, owner)

    # ---------------------------------------------------------------- names

    @query(NOTHING, same)
    def module_name(self, file: str, name: str) -> Values:
        """A name of a module, () if it does not bind it."""
        listed = self.project.bindings(file).get(name, ())
        if len(listed) == 1:  # the common case needs no query of its own
            values = names.bound(ScopeFrame(self, file, limits={name: 0}), listed[0])
        else:
            values = imports.module_name(self, file, name)
        by_functions = self._set_by_functions(file, name)
        values = union(values, by_functions) if by_functions else values
        if values and self.project.uses.fillers(name):
            return held.with_module_fillings(self, file, name, values)
        return values

    def _set_by_functions(self, file: str, name: str) -> Values:
        """What functions of the module assign to a name that they declare global."""
        found = []
        for definition in self.project.global_writers(file).get(name, ()):
            frame = LazyFrame(self, of_definition(definition))
            listed = self.project.function_bindings(definition.function).get(name, ())
            found += [names.bound(frame, binding) for binding in listed]
        return gather(found)

    @query(NOTHING, same)
    def binding_value(self, file: str, name: str, index: int) -> Values:
        """What one binding of a module's name gives it."""
        frame = ScopeFrame(self, file, limits={name: index})
        return names.bound(frame, self.project.bindings(file)[name][index])

    @query(NOTHING, same)
    def class_member(self, cls: ClassObject, name: str) -> Values:
        """A name bound in a class's own body."""
        found = self.project.class_bindings(cls.definition).get(name, [])
        if len(found) == 1:
            frame = ScopeFrame(self, cls.file, cls.closure, cls, cls, {name: 0})
            return names.bound(frame, found[0])
        return gather(self.member_value(cls, name, index) for index in range(len(found)))

    @query(NOTHING, same)
    def member_value(self, cls: ClassObject, name: str, index: int) -> Values:
        """What one binding in a class body gives its name."""
        frame = ScopeFrame(self, cls.file, cls.closure, cls, cls, {name: index})
        return names.bound(frame, self.project.class_bindings(cls.definition)[name][index])

    @query(NOTHING, same)
    def annotated(self, cls: ClassObject, name: str) -> Values:
        """The instances that the annotation of a field in a class's own body stands for."""
        frame = ScopeFrame(self, cls.file, cls.closure, cls, cls)
        return gather(
            instances(expressions.evaluate(frame, binding.annotation))
            for binding in self.project.class_bindings(cls.definition).get(name, ())
            if binding.annotation is not None
        )

    # -------------------------------------------------------------- classes

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
        found = members.instance_member(self, instance, name)
        values = self.held(instance, name, found.values)
        return found if values is found.values else msgspec.structs.replace(found, values=values)

    @query(())
    def fillings_of_outer(self, activation: Activation, name: str) -> tuple[Mapping, ...]:
        """What a nested function puts into the container that a name of an outer one holds."""
        return held.fillings_of_outer(self, activation, name)

    def held(self, owner: Value, name: str, values: Values) -> Values:
        """The values of an attribute, with what is put into those that are containers."""
        if values and self.project.uses.fillers(f".{name}"):
            return held.with_attribute_fillings(self, owner, name, values)
        return values

    @query(())
    def type_parameters(self, cls: ClassObject) -> tuple[str, ...]:
        """The names of a class's type parameters."""
        scope = ScopeFrame(self, cls.file, cls.closure)
        return names.type_parameters(self, scope, cls.definition)

    @query(())
    def subclasses(self, cls: ClassObject) -> tuple[ClassObject, ...]:
        """The direct and indirect subclasses in the project, by file and place."""
        if self._subclasses is None:
            self._subclasses = _by_base_name(self.project)
        found: dict[r.Class, ClassObject] = {}
        pending = [cls.definition.name.rpartition(".")[2]]
        seen = set(pending)
        while pending:
            for candidate in self._subclasses.get(pending.pop(), ()):
                order = self.mro(candidate)[1:]
                if any(isinstance(c, ClassObject) and c.definition is cls.definition for c in order):
                    found[candidate.definition] = candidate
                    name = candidate.definition.name.rpartition(".")[2]
                    if name not in seen:
                        seen.add(name)
                        pending.append(name)
        return tuple(sorted(found.values(), key=lambda c: (c.file, c.definition.span)))

    @query(NOTHING, same)
    def stored(self, instance: Instance, name: str) -> Values:
        """What the methods of an instance's class and bases set an attribute to."""
        return state.by_own_methods(self, instance, name)

    @query(NOTHING, same)
    def stored_outside(self, receiver: Value, name: str) -> Values:
        """What code that is not a method of its class sets an object's attribute to."""
        return state.from_outside(self, receiver, name)

    @query(NOTHING, same)
    def stored_by(self, activation: Activation, name: str) -> Values:
        """What an activation sets an attribute of its own instance to."""
        return dict(self.outcome(activation).stores).get(name, NOTHING)

    @query(NOTHING, same)
    def local_name(self, activation: Activation, name: str) -> Values:
        """A local name of a function by all of its bindings, without interpreting the body."""
        frame, function = LazyFrame(self, activation), activation.function
        if any(parameter.name == name for parameter in function.parameters):
            return next(parameter_values(frame, activation, name), ("", NOTHING))[1]
        found = self.project.function_bindings(function).get(name, ())
        return gather(names.bound(frame, binding) for binding in found)

    @query(())
    def calls_by_name(self, activation: Activation, name: str) -> tuple[Edge, ...]:
        """What the calls by a name in one body enter."""
        return callers.calls_by_name(self, activation, name)

    @query(())
    def activations_by_callers(self, file: str, function: r.Function) -> tuple[Activation, ...]:
        """The activations of a function that calls by its name make."""
        return callers.activations_by_callers(self, file, function)

    @query(())
    def activations(self, file: str, function: r.Function) -> tuple[Activation, ...]:
        """The activation in which a function's stores are looked for: the default one."""
        for definition in self.project.definitions(file):
            if definition.function is function:
                return (of_definition(definition),)
        return ()

    def setter(self, instance: Instance, name: str) -> Values:
        """What setting an attribute calls; () for nothing."""
        if self._accessors is None:
            self._accessors = _accessor_names(self.project)
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
            members.accessor(self, v, instance, "__set__") for v in found[1] if isinstance(v, Instance)
        ]
        return gather([classes.bind(gather(setters), instance, found[0]), *by_descriptor])

    # --------------------------------------------------------------- bounds

    @query(False)
    def crowded(self, file: str, function: r.Function, parameter: str) -> bool:
        """Whether a parameter is given so many different values that none is told apart."""
        return len(self._arguments[file, function, parameter]) > MOST_ARGUMENTS

    def note_argument(self, file: str, function: r.Function, parameter: str, values: Values) -> None:
        """Count a parameter's different values; who relied on few is asked again."""
        if any(not isinstance(value, Instance | LibraryInstance) for value in values):
            return
        seen = self._arguments[file, function, parameter]
        if values not in seen:
            seen.add(values)
            if len(seen) == MOST_ARGUMENTS + 1:
                self._on_receiver.clear()
                self.queries.changed(Inference.crowded, (file, function, parameter))


def _by_base_name(project: Project) -> dict[str, list[ClassObject]]:
    """The classes of a project by the last part of each of their bases' names."""
    found: dict[str, list[ClassObject]] = defaultdict(list)
    for file, definition in project.classes:
        for base in definition.bases:
            inner = base.value if isinstance(base, r.Subscript) else base
            if isinstance(inner, r.Name | r.Attribute):
                found[inner.name].append(ClassObject(file, definition))
    return found


def _accessor_names(project: Project) -> set[str]:
    """The attributes that some class of the project sets by running code."""
    found = set()
    for _, definition in project.classes:
        for method in definition.body:
            if isinstance(method, r.DefineFunction):
                name = method.function.name.rpartition(".")[2]
                setters = (d for d in method.function.decorators if isinstance(d, r.Attribute))
                if name == "__setattr__" or any(d.name == "setter" for d in setters):
                    found.add(name)
    return found
