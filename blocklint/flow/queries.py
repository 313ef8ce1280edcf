"""Memoised queries that record their readers.

A query is a method of a class that holds a :class:`Queries`, marked with :func:`query`. Its
answer is computed once and remembered together with who read it. A query that is read while it
is being computed (recursion, import cycles) gives its provisional answer; when the final answer
turns out to be another one, its readers are computed again, until nothing changes (fixpoint).
A query that fails keeps its answer, and is told (``failures``): what others find is not lost.
Chains deeper than the stack allows are cut in the same way: the deep query is put on the
worklist, and its reader is computed again once the answer is there. So there is no depth limit.
Where bodies nest so deeply that fewer queries fill the stack, the one that fills it is put off.
"""

from __future__ import annotations

import operator
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

import msgspec

DEEPEST = 30
"""Queries nested deeper than this are put on the worklist. Each takes about 25 stack frames."""

MOST_EVALUATIONS = 12
"""A query that still changes after so many evaluations keeps its answer: the end is guaranteed."""

Method = TypeVar("Method", bound=Callable[..., Any])


class Rule:
    """How a query is computed. ``bottom`` is its answer while nothing is known.

    ``same`` tells whether a new answer says the same as the old one.
    """

    __slots__ = ("bottom", "method", "same")

    def __init__(
        self, method: Callable[..., Any], bottom: Any, same: Callable[[Any, Any], bool]
    ) -> None:
        self.method = method
        self.bottom = bottom
        self.same = same


class Cell(msgspec.Struct, eq=False):
    """One query with its arguments: the answer and who has read it.

    Most are read by one other only: the rest, some perhaps more than once, are in a list of their own.
    ``began`` is the number of its latest evaluation among all.
    """

    holder: HasQueries
    rule: Rule
    arguments: tuple[Any, ...]
    answer: Any
    reader: Cell | None = None
    more_readers: list[Cell] | None = None
    evaluations: int = 0
    began: int = 0
    queued: bool = False

    def was_read_since(self, moment: int) -> bool:
        """Whether a query has read this one that began at a moment, or later."""
        first = self.reader
        return first is not None and (
            first.began >= moment or any(reader.began >= moment for reader in self.more_readers or ())
        )


class Queries:
    """The memo of one analysis. Nothing in it outlives the analysis.

    ``memo`` holds the cells of each query by its arguments, ``stack`` the queries that are being
    computed: the last of them reads what is read now. ``failures`` are the queries that an error of
    blocklint's own ended, with the error.
    """

    def __init__(self) -> None:
        self.memo: defaultdict[Callable[..., Any], dict[tuple[Any, ...], Cell]]
        self.memo = defaultdict(dict)
        self.stack: list[Cell] = []
        self._worklist: deque[Cell] = deque()
        self.evaluations = 0
        self.failures: list[tuple[Cell, Exception]] = []

    def changed(self, method: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        """Compute a query again at once: something that it reads beside other queries has changed.

        Who asks from now on gets the new answer; who has read the old one is on the worklist.
        """
        cell = self.memo[getattr(method, "__wrapped__", method)].get(arguments)
        if cell is not None:
            self._evaluate(cell)

    def solve(self) -> bool:
        """Compute until no answer changes any more; tells whether there was anything to do."""
        had_work = bool(self._worklist)
        while self._worklist:
            cell = self._worklist.popleft()
            cell.queued = False
            self._evaluate(cell)
        return had_work

    def _evaluate(self, cell: Cell) -> None:
        cell.evaluations += 1
        self.evaluations += 1
        cell.began = self.evaluations
        self.stack.append(cell)
        try:
            answer = cell.rule.method(cell.holder, *cell.arguments)
        except RecursionError:
            self.too_deep(cell)
        except Exception as error:
            self.failures.append((cell, error))
        else:
            self.settle(cell, answer)
        finally:
            self.stack.pop()

    def too_deep(self, cell: Cell) -> None:
        """Put a query that needed more stack than there is on the worklist: there it has all of it.

        One that needs more than that keeps the answer it has.
        """
        if len(self.stack) > 1:
            self.enqueue(cell)

    def settle(self, cell: Cell, answer: Any) -> None:
        """Remember an answer; if it is a new one, those who read the old one go on the worklist."""
        if not cell.rule.same(answer, cell.answer):
            cell.answer = answer
            if cell.reader is not None:
                self.enqueue(cell.reader)
            for reader in cell.more_readers or ():
                self.enqueue(reader)

    def close_knot(self, cell: Cell, answer: Any) -> None:
        """Remember the first answer of a query that was read meanwhile, and compute its readers again.

        Who comes from outside the knot of recursion then reads what is final. Not where a query around
        this one has been read since this one began: both are in one knot, solved from the outermost.
        """
        waiting, self._worklist = self._worklist, deque()
        try:
            self.settle(cell, answer)
            if not any(outer.was_read_since(cell.began) for outer in self.stack[:-1]):
                self._solve_knot(waiting)
        finally:
            waiting += self._worklist
            self._worklist = waiting

    def _solve_knot(self, waiting: deque[Cell]) -> None:
        """Work off the worklist but for what is still being computed, or was put off as too deep."""
        while self._worklist:
            cell = self._worklist.popleft()
            if cell.evaluations == 0 or any(cell is running for running in self.stack[:-1]):
                waiting.append(cell)
            else:
                cell.queued = False
                self._evaluate(cell)

    def enqueue(self, cell: Cell) -> None:
        """Put a query on the worklist."""
        if not cell.queued and cell.evaluations < MOST_EVALUATIONS:
            cell.queued = True
            self._worklist.append(cell)


class HasQueries(Protocol):
    """What :func:`query` needs of the class it is used in."""

    queries: Queries


def query(bottom: Any, same: Callable[[Any, Any], bool] = operator.eq) -> Callable[[Method], Method]:
    """Make a method a memoised query; ``bottom`` is its answer while nothing is known.

    The arguments are positional and hashable. ``same`` compares answers.
    """

    def memoised(method: Method) -> Method:
        return cast("Method", _Query(Rule(method, bottom, same)))

    return memoised


class _Query:
    """The descriptor of a query: each holder gets a reader of its own when it first asks."""

    def __init__(self, rule: Rule) -> None:
        self.__doc__ = rule.method.__doc__
        self.__wrapped__ = rule.method
        self._rule = rule

    def __get__(self, holder: HasQueries | None, owner: type) -> Any:
        if holder is None:
            return self
        reader = holder.__dict__[self._rule.method.__name__] = _reader(holder, self._rule)
        return reader


def _reader(holder: HasQueries, rule: Rule) -> Callable[..., Any]:
    """The query of one holder, answered from memory."""
    method, queries = rule.method, holder.queries
    cells, stack = queries.memo[method], queries.stack

    def read(*arguments: Any) -> Any:
        cell = cells.get(arguments)
        if cell is None:
            cell = cells[arguments] = Cell(holder, rule, arguments, rule.bottom)
            if len(stack) >= DEEPEST:
                queries.enqueue(cell)
            else:  # as Queries.solve does, without a call
                cell.evaluations = 1
                cell.began = queries.evaluations = queries.evaluations + 1
                stack.append(cell)
                try:
                    answer = method(holder, *arguments)
                    if cell.reader is None:
                        cell.answer = answer
                    else:  # read while it was computed: recursion
                        queries.close_knot(cell, answer)
                except RecursionError:
                    queries.too_deep(cell)
                except Exception as error:
                    queries.failures.append((cell, error))
                finally:
                    stack.pop()
        if stack:
            reader = stack[-1]
            if cell.reader is None:
                cell.reader = reader
            elif cell.reader is not reader:
                if cell.more_readers is None:
                    cell.more_readers = [reader]
                elif cell.more_readers[-1] is not reader:
                    cell.more_readers.append(reader)
        return cell.answer

    return read
