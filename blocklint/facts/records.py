"""The records one module is reduced to. Pure data: no path, no module name, no other module.

Expressions and statements are closed unions: read them with ``match`` and ``assert_never``.
Every record is compared by identity, so an expression is a cheap key for what is known about it.
Spans are those of :data:`blocklint.model.Span`.
"""

from __future__ import annotations

from blocklint.facts.names import Constant as Constant
from blocklint.facts.names import Name as Name
from blocklint.facts.names import Record as Record
from blocklint.facts.names import Stretch
from blocklint.model import Span

# ---------------------------------------------------------------- expressions


class Attribute(Stretch, tag=1):
    value: Expression
    name: str


class Keyword(Record):
    """A keyword argument; ``name`` is None for ``**value``."""

    name: str | None
    value: Expression


class Call(Record, tag=2):
    """Positional arguments keep their order; ``*x`` is a :class:`Starred` among them."""

    span: Span
    callee: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]


class Subscript(Record, tag=3):
    span: Span
    value: Expression
    index: Expression


class Await(Record, tag=4):
    span: Span
    value: Expression


class Yield(Record, tag=5):
    """``yield value`` or, with ``is_from``, ``yield from value``."""

    span: Span
    value: Expression | None
    is_from: bool


class Lambda(Record, tag=6):
    span: Span
    function: Function


class Conditional(Record, tag=7):
    span: Span
    test: Expression
    body: Expression
    orelse: Expression


class BooleanOperation(Record, tag=8):
    """``and`` or ``or`` over all its operands."""

    span: Span
    operator: str
    operands: tuple[Expression, ...]


class Comparison(Record, tag=9):
    """``operands[0] operators[0] operands[1] …``; operators are "==", "is not", "not in"…"""

    span: Span
    operators: tuple[str, ...]
    operands: tuple[Expression, ...]


class Operator(Record, tag=10):
    """An arithmetic or bitwise expression. A left-deep sum of 900 terms is one record.

    One operand: unary. Else ``operands[0] operators[0] operands[1] operators[1] …`` from the left.
    """

    span: Span
    operators: tuple[str, ...]
    operands: tuple[Expression, ...]


class Collection(Record, tag=11):
    """A display. ``kind`` is list, set, tuple or dict; for a dict ``keys`` runs beside ``items``.

    A None among the keys means that the item is unpacked (``**item``).
    """

    span: Span
    kind: str
    items: tuple[Expression, ...]
    keys: tuple[Expression | None, ...] = ()


class Generation(Record):
    """One ``for`` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]
    is_async: bool


class Comprehension(Record, tag=12):
    """``kind`` is list, set, dict or generator; ``key`` is given for a dict.

    Its variables are renamed when lowered, so that they live in the enclosing function's scope
    without touching names of the same spelling.
    """

    span: Span
    kind: str
    item: Expression
    key: Expression | None
    generations: tuple[Generation, ...]


class FormattedString(Record, tag=13):
    """The literal parts (short ones) and the formatted expressions, in order.

    One formatted expression with a conversion or a format is a record of its own: ``conversion`` is
    ``s``, ``r`` or ``a`` for ``{x!s}`` and its like, "" where there is none.
    """

    span: Span
    parts: tuple[Expression, ...]
    conversion: str = ""


class Walrus(Record, tag=15):
    span: Span
    name: str
    value: Expression


class Starred(Record, tag=16):
    span: Span
    value: Expression


class Opaque(Record, tag=17):
    """An expression that is nested too deeply to be read, or of a kind not known."""

    span: Span
    reason: str


Expression = (
    Name
    | Attribute
    | Call
    | Subscript
    | Await
    | Yield
    | Lambda
    | Conditional
    | BooleanOperation
    | Comparison
    | Operator
    | Collection
    | Comprehension
    | FormattedString
    | Constant
    | Walrus
    | Starred
    | Opaque
)


# ----------------------------------------------------------------- statements


class Assign(Record, tag=0):
    """``targets = value``, ``target: annotation = value`` or ``target operator= value``.

    ``operator`` is "" for a plain assignment, "+" for ``+=`` and so on, "type" for a PEP 695 alias
    (its type parameters are in ``type_parameters``).
    """

    span: Span
    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None = None
    operator: str = ""
    type_parameters: tuple[TypeParameter, ...] = ()


class Evaluate(Record, tag=1):
    """An expression as a statement."""

    span: Span
    value: Expression


class Return(Record, tag=2):
    span: Span
    value: Expression | None


class Branch(Record):
    test: Expression
    body: tuple[Statement, ...]


class If(Record, tag=3):
    """``if``/``elif`` branches in order, then ``orelse``. A chain of 1,000 ``elif`` is one record."""

    span: Span
    branches: tuple[Branch, ...]
    orelse: tuple[Statement, ...]


class Loop(Record, tag=4):
    """``kind`` is for, async for or while. ``iterable`` is the test of a ``while``."""

    span: Span
    kind: str
    target: Expression | None
    iterable: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class WithItem(Record):
    context: Expression
    target: Expression | None


class With(Record, tag=5):
    span: Span
    is_async: bool
    items: tuple[WithItem, ...]
    body: tuple[Statement, ...]


class Handler(Record):
    """``type`` is None for a bare ``except``."""

    span: Span
    type: Expression | None
    name: str | None
    body: tuple[Statement, ...]


class Try(Record, tag=6):
    span: Span
    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    final: tuple[Statement, ...]


class Pattern(Record):
    """``kind``: value, class, capture, sequence, mapping, or, star, any.

    ``expression`` is the value or the class; ``name`` what the match is bound to;
    ``attributes`` names the keyword patterns, which are the last of ``children``; of a mapping its keys.
    """

    kind: str
    expression: Expression | None = None
    name: str | None = None
    children: tuple[Pattern, ...] = ()
    attributes: tuple[str, ...] = ()


class Case(Record):
    pattern: Pattern
    guard: Expression | None
    body: tuple[Statement, ...]


class Match(Record, tag=7):
    span: Span
    subject: Expression
    cases: tuple[Case, ...]


class Raise(Record, tag=8):
    span: Span
    value: Expression | None
    cause: Expression | None


class Assert(Record, tag=9):
    span: Span
    test: Expression
    message: Expression | None


class Jump(Record, tag=10):
    """``kind`` is break or continue."""

    span: Span
    kind: str


class Delete(Record, tag=11):
    span: Span
    targets: tuple[Expression, ...]


class Alias(Record):
    """``name as bound``; ``bound`` is what the scope binds (``a`` for ``import a.b``)."""

    name: str
    bound: str


class Import(Record, tag=12):
    """``import name as bound`` (``is_from`` false) or ``from ..module import name as bound``."""

    span: Span
    is_from: bool
    level: int
    module: str
    names: tuple[Alias, ...]


class Declare(Record, tag=13):
    """``global`` or ``nonlocal`` names."""

    span: Span
    kind: str
    names: tuple[str, ...]


class DefineFunction(Record, tag=14):
    function: Function


class DefineClass(Record, tag=15):
    definition: Class


Statement = (
    Assign
    | Evaluate
    | Return
    | If
    | Loop
    | With
    | Try
    | Match
    | Raise
    | Assert
    | Jump
    | Delete
    | Import
    | Declare
    | DefineFunction
    | DefineClass
)


# ---------------------------------------------------------------- definitions

FILLING = frozenset(
    {
        "add", "append", "appendleft", "extend", "extendleft", "insert", "put", "put_nowait", "set",
        "setdefault", "update",
    }
)  # fmt: skip
"""The methods of lists, sets, dicts, deques, queues and variables that put something into them."""


class Parameter(Record):
    """``kind``: positional (only), normal, variadic (``*x``), keyword (only), keywords (``**x``)."""

    name: str
    kind: str
    annotation: Expression | None
    default: Expression | None


class TypeParameter(Record):
    name: str
    bound: Expression | None


class Function(Record):
    """A function, a lambda or, named ``<module>``, a module's body.

    ``span`` runs from ``def`` (decorators excluded) to the end of the body. ``name`` is qualified
    within the module (``Repo.find``, ``outer.inner``, ``outer.<lambda1>``) and ``ordinal`` numbers
    the definitions of one name. ``owner`` is the qualified name of the class it is defined in
    ("" for none). ``bound`` are the names its own scope binds; ``called`` and ``stored`` the
    sorted names it calls and the attributes it assigns, on whatever receiver; ``filled`` the names
    and (with a dot in front) attributes whose containers it puts something into.
    ``is_stub``: the body is a docstring, ``...``, ``pass`` or ``raise NotImplementedError``.
    ``has_definitions``: functions or classes are defined in the body, at any depth. ``awaits``: the
    body itself awaits something, by ``async for`` and ``async with`` too.
    """

    span: Span
    name: str
    ordinal: int
    owner: str
    parameters: tuple[Parameter, ...]
    returns: Expression | None
    decorators: tuple[Expression, ...]
    type_parameters: tuple[TypeParameter, ...]
    body: tuple[Statement, ...]
    is_async: bool
    is_generator: bool
    is_stub: bool
    bound: tuple[str, ...]
    declared_global: tuple[str, ...]
    declared_nonlocal: tuple[str, ...]
    called: tuple[str, ...]
    stored: tuple[str, ...]
    filled: tuple[str, ...]
    has_definitions: bool
    awaits: bool


class Class(Record):
    """A class; its body is ordered, its methods are the functions defined in it."""

    span: Span
    name: str
    ordinal: int
    bases: tuple[Expression, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expression, ...]
    type_parameters: tuple[TypeParameter, ...]
    body: tuple[Statement, ...]


class Directive(Record):
    """A comment that speaks to blocklint or flake8, with its 1-based line.

    ``kind``: noqa (``codes`` empty for a blanket one), file-noqa, allow, runs, or unknown. ``codes`` are
    as written; for ``runs`` the one word, for an unknown one its whole text. ``reason`` is the text after
    it. ``columns`` are where it begins and ends, from 1, in code points, the end exclusive.
    """

    line: int
    columns: tuple[int, int]
    kind: str
    codes: tuple[str, ...]
    reason: str


class ModuleFacts(Record):
    """One module. ``imported`` are the dotted names of its absolute imports, sorted.

    ``error`` is the line and message when the text cannot be parsed; the body is then empty.
    """

    body: Function
    is_package: bool
    lines: int
    functions: int
    async_functions: int
    calls: int
    imported: tuple[str, ...]
    directives: tuple[Directive, ...]
    error: tuple[int, str] | None
