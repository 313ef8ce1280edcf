"""The comments that say something of the code: which effects lines may have, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from blocklint.callgraph.places import headers
from blocklint.facts.records import Directive
from blocklint.model import Blocks, Runs, SourceError
from blocklint.project.index import Project
from blocklint.rules.codes import BY_BLOCKS, BY_CODE, COMMENT, PREFIX
from blocklint.settings import nearest


def speaks(project: Project) -> bool:
    """Whether a comment says where a function runs, or what may block."""
    facts = project.modules.values()
    return any(directive.kind in _CHECKS for module in facts for directive in module.directives)


def suppresses(project: Project) -> bool:
    """Whether a comment names codes of ours."""
    return any(
        code.startswith(PREFIX)
        for facts in project.modules.values()
        for directive in facts.directives
        for code in directive.codes
        if directive.kind != "unknown"
    )


def allowed_lines(project: Project) -> dict[tuple[str, int], frozenset[Blocks]]:
    """What ``# blocklint: allow[LAG103] reason`` lets pass, by file and line."""
    return {
        (file, directive.line): kinds
        for file, facts in project.modules.items()
        for directive in facts.directives
        if directive.kind == "allow" and directive.reason and (kinds := _kinds(directive.codes))
    }


def _kinds(codes: tuple[str, ...]) -> frozenset[Blocks]:
    return frozenset(blocks for blocks, code in BY_BLOCKS.items() if codes and code.startswith(codes))


def wrong_comments(project: Project) -> Iterator[SourceError]:
    """The comments that speak to blocklint and cannot be understood, or lack a reason."""
    for file, facts in project.modules.items():
        ours = [directive for directive in facts.directives if directive.kind in _CHECKS]
        lines = {line for _, line in headers(project, file)} if ours else set()
        for directive in ours:
            problem = _CHECKS[directive.kind](directive, directive.line in lines)
            if problem:
                yield SourceError(file, directive.line, f"{COMMENT}{problem}")


def _unknown(directive: Directive, _: bool) -> str:
    text = directive.codes[0]
    hint = nearest(re.split(r"[\[=\s]", text)[0], ["allow[LAG103]", "runs=worker-thread"], _first_word)
    return f'"# blocklint: {text}" is not known: there are "allow[CODES] reason" and "runs=WORD reason"{hint}'


def _first_word(known: str) -> str:
    return re.split(r"[\[=]", known)[0]


def _runs(directive: Directive, is_on_def: bool) -> str:
    word = directive.codes[0]
    valid = [runs.value for runs in Runs]
    shown = f'"# blocklint: runs={word}"'
    if word not in valid:
        return f"{shown}: the word must be {', '.join(valid[:-1])} or {valid[-1]}{nearest(word, valid)}"
    if not is_on_def:
        return f"{shown} must stand on the line of a def"
    return "" if directive.reason else f"{shown} needs a reason behind it"


def _allow(directive: Directive, _: bool) -> str:
    shown = f'"# blocklint: allow[{", ".join(directive.codes)}]"'
    effects = sorted(BY_BLOCKS.values())
    if not directive.codes:
        return f"{shown} names no code"
    for code in directive.codes:
        if not any(effect.startswith(code) for effect in effects):
            if any(known.startswith(code) for known in BY_CODE):
                return f"{shown}: {code} is suppressed by noqa: allow is for what callers wait for"
            return f"{shown}: unknown code {code}{nearest(code, effects)}"
    return "" if directive.reason else f"{shown} needs a reason behind it, and allows nothing without"


_CHECKS = {"allow": _allow, "runs": _runs, "unknown": _unknown}
