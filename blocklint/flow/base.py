"""The records of interpretation, and what its parts ask of the whole.

The parts (expressions, calls, attributes, statements…) call each other in circles: an expression
holds a call, a call runs a body, a body holds expressions. They meet in :class:`Inference`, which
they know as a protocol only, so that every module here can be read on its own.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from blocklint.facts import records as r
from blocklint.flow.edges import (
    Arguments,
    CallSite,
    Edge,
    Invoked,
    Member,
    Outcome,
    PlainCall,
    Ready,
    Record,
    Signature,
    Told,
)
from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.records import Handler
from blocklint.memo import Memo
from blocklint.model import Span
from blocklint.project.index import Project
from blocklint.project.registering import Registering
from blocklint.project.values import (
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Mapping,
    Value,
    Values,
)


class ValueHook(Protocol):
    """What a framework knows about values. Implemented in ``blocklint.frameworks``."""

    @property
    def names(self) -> frozenset[str]:
        """The library functions, classes and methods whose calls the hook wants to see."""

    @property
    def registering(self) -> frozenset[str]:
        """The last names of calls that tell, outside any coroutine, what the loop will run."""

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """The values a framework passes for a parameter, None if it does not.

        ``declared`` are the values of the annotation expression, with its metadata.
        """

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """The result of calling the library function or class ``name``, None if not special.

        A method is named with its class: ``fastapi.FastAPI.add_event_handler``.
        """


class Frame(Protocol):
    """The scope in which an expression is evaluated."""

    @property
    def inference(self) -> Inference:
        """The queries."""

    @property
    def file(self) -> str:
        """The module that the scope belongs to."""

    @property
    def activation(self) -> Activation | None:
        """The activation whose body this is, or that surrounds it."""

    @property
    def owner(self) -> ClassObject | None:
        """The class whose method or body this is."""

    @property
    def closure(self) -> Activation | None:
        """The activation that functions defined here close over, None in a module's body."""

    ready: Ready
    """What tests have told of receivers at the current place."""

    def lookup(self, name: str) -> Values:
        """The values of a name."""

    def assign(self, name: str, values: Values) -> None:
        """Bind a name of this scope."""

    def narrow(self, name: str, values: Values) -> None:
        """Note what a local name stands for from this place on, without binding it anew."""

    def narrowable(self, name: str) -> Values:
        """The values of a local name that may be narrowed here, () for any other."""

    def local_names(self) -> Sequence[str]:
        """The local names that may be narrowed here."""

    def assuming(self, values: dict[str, Values]) -> AbstractContextManager[None]:
        """Names have these values while the result is entered."""

    def record(self, edge: Edge) -> None:
        """Note a call."""

    def note_silent(self, node: r.Call) -> None:
        """Count a call that cannot block instead of noting it."""

    def retract(self, span: Span) -> None:
        """Forget the blocking library calls at a place whose result is awaited there."""

    def deferring(self) -> AbstractContextManager[list[Edge]]:
        """While the result is entered, calls are put on its list instead of being noted."""

    def note_store(self, receiver: Values, name: str, values: Values) -> None:
        """Note that an attribute is set."""

    def note_filling(self, name: str, added: Mapping, replaces: bool) -> None:
        """Note what is put into the container that a name holds."""

    def note_yield(self, values: Values) -> None:
        """Note that the body yields."""


class Inference(Protocol):
    """The queries that the parts of interpretation ask.

    ``project`` are the modules, ``catalog`` the libraries, ``hooks`` the frameworks;
    ``handlers_by_owner`` says which functions of the project libraries call themselves, ``registering``
    which calls start a loop or tell what it will run.

    ``library_attributes``: what an attribute of a library object always is, None where it depends.
    ``plain_calls``: by the name of a library function or class and "", or of a class and a method,
    a call that ignores its arguments: neither what it gives nor whether it blocks depends on them,
    and it runs none; None for any other. ``library_members``: members of library modules by their
    dotted names. ``unbound``: bound methods without their receiver; ``defaults``: the default
    activations of functions.
    """

    project: Project
    catalog: Catalog
    hooks: Sequence[ValueHook]
    handlers_by_owner: Dictionary[str, Sequence[Handler]]
    registering: Registering
    library_attributes: Memo[tuple[LibraryInstance, str], Values | None]
    plain_calls: Memo[tuple[str, str], PlainCall | None]
    unbound: Memo[FunctionObject, FunctionObject]
    library_members: Memo[str, Values]
    defaults: Memo[FunctionObject, Activation]
    told: Told

    def handed(self, activation: Activation, parameter: r.Parameter) -> Values:
        """What a library passes for a parameter of a function that it calls, () if nothing is known."""

    def hook_for(self, name: str) -> ValueHook | None:
        """The framework that wants to see calls of a library name."""

    def evaluate(self, frame: Frame, expression: r.Expression) -> Values:
        """The values of an expression in a scope."""

    def call(self, frame: Frame, values: Values, arguments: Arguments, site: CallSite) -> Values:
        """The result of calling any of ``values``; edges are recorded in ``frame``."""

    def outcome(self, activation: Activation) -> Outcome:
        """What an activation does."""

    def returns(self, activation: Activation) -> Values:
        """What an activation returns: not awaited, not iterated."""

    def yields(self, activation: Activation) -> Values:
        """What an activation yields."""

    def closure_name(self, activation: Activation, name: str) -> Values:
        """A local name of an enclosing function, as its nested functions see it."""

    def module_name(self, file: str, name: str) -> Values:
        """A name of a module, () if it does not bind it."""

    def binding_value(self, file: str, name: str, index: int) -> Values:
        """What one binding of a module's name gives it."""

    def member_value(self, cls: ClassObject, name: str, index: int) -> Values:
        """What one binding in a class body gives its name."""

    def class_member(self, cls: ClassObject, name: str) -> Values:
        """A name bound in a class's own body."""

    def mro(self, cls: ClassObject) -> tuple[ClassObject | str, ...]:
        """The method resolution order; library classes by canonical name."""

    def subclasses(self, cls: ClassObject) -> tuple[ClassObject, ...]:
        """The direct and indirect subclasses in the project."""

    def metaclass(self, cls: ClassObject) -> ClassObject | None:
        """The metaclass of a class if it is one of the project."""

    def invoked(self, cls: ClassObject, method: str) -> Invoked:
        """What a method that a class inherits from a library calls of the class itself."""

    def record(self, cls: ClassObject) -> Record:
        """What the generated constructor of a class takes and runs."""

    def instance_member(self, instance: Instance, name: str) -> Member:
        """What an instance has under a name."""

    def find_member(self, cls: ClassObject, name: str) -> tuple[ClassObject | str, Values] | None:
        """The first class in the resolution order that has a name, and the member's values."""

    def stored(self, instance: Instance, name: str) -> Values:
        """What the methods of an instance's class and bases set an attribute to."""

    def stored_outside(self, receiver: Value, name: str) -> Values:
        """What code that is not a method of its class sets an object's attribute to."""

    def stored_by(self, activation: Activation, name: str) -> Values:
        """What an activation sets an attribute of its own instance to."""

    def described(self, cls: ClassObject, name: str) -> Values:
        """What is written behind the annotation of a field in a class's own body."""

    def is_mapped(self, cls: ClassObject) -> bool:
        """Whether instances of a class are rows of a table."""

    def local_name(self, activation: Activation, name: str) -> Values:
        """A local name of a function by all of its bindings, without interpreting the body."""

    def fillings_of_outer(self, activation: Activation, name: str) -> tuple[Mapping, ...]:
        """What a nested function puts into the container that a name of an outer one holds."""

    def held(self, owner: Value, name: str, values: Values) -> Values:
        """The values of an attribute, with what is put into those that are containers."""

    def calls_by_name(self, activation: Activation, name: str) -> tuple[Edge, ...]:
        """What the calls by a name in one body enter."""

    def activations_by_callers(self, file: str, function: r.Function) -> tuple[Activation, ...]:
        """The activations of a function that calls by its name make."""

    def activations(self, file: str, function: r.Function) -> tuple[Activation, ...]:
        """The activation in which a function's stores are looked for."""

    def setter(self, instance: Instance, name: str) -> Values:
        """What setting an attribute calls: a property's setter or ``__setattr__``; () for nothing."""

    def type_parameters(self, cls: ClassObject) -> tuple[str, ...]:
        """The names of a class's type parameters."""

    def annotated(self, cls: ClassObject, name: str) -> Values:
        """The instances that the annotation of a field in a class's own body stands for."""

    def declared_result(
        self,
        file: str,
        function: r.Function,
        closure: Activation | None,
        owner: ClassObject | None,
    ) -> Values:
        """The instances of a function's return annotation if that decides (or is ``Self``)."""

    def fixed_activation(self, function: FunctionObject) -> Activation | None:
        """The activation of a function whatever it is called with, None where the arguments matter."""

    def signature(self, function: FunctionObject) -> Signature:
        """What the annotations of a function's parameters say."""

    def scope(self, file: str, closure: Activation | None, owner: ClassObject | None) -> Frame:
        """The scope around a function: where its defaults and annotations are evaluated."""

    def crowded(self, file: str, function: r.Function, parameter: str) -> bool:
        """Whether a parameter is given so many different values that none is told apart."""

    def note_argument(self, file: str, function: r.Function, parameter: str, values: Values) -> None:
        """Count a parameter's different values."""
