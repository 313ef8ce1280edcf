"""The queries, and the parts of interpretation put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from blocklint.facts import records as r
from blocklint.flow import (
    binding,
    callers,
    calls,
    expressions,
    guards,
    loops,
    names,
    statements,
    switches,
    told,
)
from blocklint.flow.annotations import decides, instances
from blocklint.flow.base import Frame, ValueHook
from blocklint.flow.binding import of_definition, parameter_values
from blocklint.flow.class_queries import ClassQueries
from blocklint.flow.containers import TEXT
from blocklint.flow.edges import EMPTY, UNSIGNED, Edge, Outcome, Signature, Told
from blocklint.flow.frames import BodyFrame
from blocklint.flow.handlers import Handlers, handlers_by_owner
from blocklint.flow.library_queries import LibraryQueries
from blocklint.flow.mapped_objects import let_go
from blocklint.flow.name_queries import NameQueries
from blocklint.flow.queries import Queries, query
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.flow.unpacking import ELEMENTS
from blocklint.knowledge.catalog import Catalog
from blocklint.memo import Memo
from blocklint.project.index import Project
from blocklint.project.registering import Registering
from blocklint.project.values import (
    NONE,
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Unknown,
    Value,
    Values,
    Wrapper,
    known,
    same,
    union,
)

SELF = Unknown("typing.Self")

MOST_ARGUMENTS = 12
"""A parameter given more different values than this is not told apart by them, unless they are
functions: a decorator used five hundred times still wraps five hundred functions."""

TOLD_APART = frozenset({FunctionObject, Wrapper, ClassObject, Literal})
"""Values that are told apart however many there are: constants are arguments where they name attributes."""


class Inference(LibraryQueries, NameQueries, ClassQueries):
    """What the code of a project evaluates to, asked query by query."""

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        hooks: Sequence[ValueHook],
        told_of_project: Told | None = None,
    ) -> None:
        self.project = project
        self.catalog = catalog
        self.told = told_of_project or Told()
        self.hooks = hooks
        self.handlers_by_owner = handlers_by_owner(project, catalog)
        self.registering = Registering(
            loops.STARTS_A_LOOP.union(
                *(hook.registering for hook in hooks),
                *(handler.calls for handlers in self.handlers_by_owner.values() for handler in handlers),
            )
        )
        self._hooks = {name: hook for hook in hooks for name in hook.names}
        self.queries = Queries()
        self.handlers = Handlers(self)
        self.library_attributes = Memo(self._library_attribute)
        self.plain_calls = Memo(self._plain_call)
        self.unbound = Memo(binding.unbound)
        self.defaults = Memo(binding.default)
        self.library_members = Memo(self._library_member)
        self._running: dict[Activation, BodyFrame] = {}
        self._arguments: defaultdict[tuple[str, r.Function, str], set[Values]] = defaultdict(set)
        self._subclasses: dict[str, list[ClassObject]] | None = None
        self._accessors: set[str] | None = None

    # ------------------------------------------------------- interpretation

    def handed(self, activation: Activation, parameter: r.Parameter) -> Values:
        """What a library passes for a parameter of a function that it calls, () if nothing is known."""
        function = activation.function
        if function.is_async and function.is_generator and function.decorators:
            if parameter in function.parameters[: 2 if function.owner else 1]:
                return self.lifespan_of(activation.file, function)
        return self.handlers.argument(activation, parameter)

    evaluate = staticmethod(expressions.evaluate)
    call = staticmethod(calls.call)

    @query(EMPTY)
    def outcome(self, activation: Activation) -> Outcome:
        """What an activation does."""
        if activation.function.name == "<module>":
            return self.module_outcome(activation)
        frame = BodyFrame(self, activation)
        outer, self._running[activation] = self._running.get(activation), frame
        try:
            for name, values in parameter_values(frame, activation):
                frame.assign(name, values)
            statements.run(frame, activation.function.body)
        finally:
            if outer is None:
                del self._running[activation]
            else:
                self._running[activation] = outer
        if frame.tells is not None and frame.env is not None:
            guards.note_return(frame, None, (NONE,))
        return frame.outcome()

    def module_outcome(self, activation: Activation) -> Outcome:
        """What of a module's body matters to the event loop."""
        frame = BodyFrame(self, activation)
        names.run_registrations(frame)
        return frame.outcome()

    @query(NOTHING, same)
    def returns(self, activation: Activation) -> Values:
        """What an activation returns: its annotation where that decides, else what it is seen to."""
        if self.told.functions and (told_result := told.result(self, activation)):
            return told_result
        declared = self._declared_for(activation)
        if declared and not any(self._may_know_more(v) for v in declared):
            return declared
        found = let_go(activation.function, self.outcome(activation).returns)
        return self._refined(declared, found) if declared else found

    def _may_know_more(self, declared: Value) -> bool:
        """Whether what is returned may say more than its annotation.

        A library's type that the catalogue does not know may be a protocol or an alias of Callable;
        what a framework makes of a class of its own may say how it was made.
        """
        match declared:
            case LibraryInstance(name=name):
                if name in self._hooks:
                    return True
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
            return functions or self._as_made(declared, found) or declared
        seen = [v for v in known(found) if isinstance(v, Instance)]
        fits = seen and all(
            wanted & {c.definition for c in self.mro(v.cls) if isinstance(c, ClassObject)}
            for v in seen
        )
        return tuple(seen) if fits else declared

    def _as_made(self, declared: Values, found: Values) -> Values:
        """What is returned, if it is of the one class declared, which a framework makes."""
        names = {v.name if isinstance(v, LibraryInstance) else "" for v in (*declared, *known(found))}
        return known(found) if len(names) == 1 and not names.isdisjoint(self._hooks) else NOTHING

    @query(NOTHING, same)
    def yields(self, activation: Activation) -> Values:
        """What an activation yields: by its annotation where that decides, else as seen."""
        if self.told.functions and (told_elements := told.elements(self, activation)):
            return told_elements
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
        values = self.outcome(activation).names.get(name, NOTHING)
        # A function called while the one around it still runs sees what is bound so far: a
        # better guess than nothing, and asked again when the outer one is done.
        running = self._running.get(activation)
        return values if running is None else union(running.assigned(name), values)

    @query(None)
    def fixed_activation(self, function: FunctionObject) -> Activation | None:
        """The activation of a function whatever it is called with, None where the arguments matter."""
        return binding.fixed_activation(self, function)

    @query(UNSIGNED)
    def signature(self, function: FunctionObject) -> Signature:
        """What the annotations of a function's parameters say."""
        scope = self.scope(function.file, function.closure, function.owner)
        hints, declared, undecided, mapped = [], [], [], []
        switched = switches.is_switched(self, function)
        for parameter in function.function.parameters:
            if parameter.annotation is None:
                hints.append(NOTHING)
                declared.append(NOTHING)
                undecided.append(parameter)
                continue
            hint = expressions.evaluate(scope, parameter.annotation)
            found = instances(hint)
            decided = found if decides(self, found) else NOTHING
            hints.append(hint)
            declared.append(decided)
            names_one = decided == TEXT and parameter.name in self.project.attribute_names[function.function]
            # The constant that it is given tells more.
            if not decided or names_one or (switched and switches.setting(parameter)):
                undecided.append(parameter)
            elif type(decided[0]) is Instance and self.is_mapped(decided[0].cls):
                mapped.append(parameter)  # so does an object of which it is known whence it comes
                undecided.append(parameter)
        return Signature(tuple(hints), tuple(declared), tuple(undecided), tuple(mapped))

    def scope(self, file: str, closure: Activation | None, owner: ClassObject | None) -> Frame:
        """The scope around a function: where its defaults and annotations are evaluated."""
        return ScopeFrame(self, file, closure, owner, owner)

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
        for definition in self.project.definitions[file]:
            if definition.function is function:
                return (of_definition(definition),)
        return ()

    # --------------------------------------------------------------- bounds

    @query(False)
    def crowded(self, file: str, function: r.Function, parameter: str) -> bool:
        """Whether a parameter is given so many different values that none is told apart."""
        return len(self._arguments[file, function, parameter]) > MOST_ARGUMENTS

    def note_argument(self, file: str, function: r.Function, parameter: str, values: Values) -> None:
        """Count a parameter's different values; who relied on few is asked again."""
        if not TOLD_APART.isdisjoint(map(type, values)):
            return
        seen = self._arguments[file, function, parameter]
        if values not in seen:
            seen.add(values)
            if len(seen) == MOST_ARGUMENTS + 1:
                self.queries.changed(Inference.crowded, (file, function, parameter))
