"""Findings of the boundary rules, which rest on a call and what it is given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from blocklint.callgraph.effects import FEW
from blocklint.digest import digest
from blocklint.flow.edges import CallSite
from blocklint.model import BOUNDARY, Certainty, Finding, FunctionKey, Hop, Phase, Site, Span
from blocklint.project.index import Project
from blocklint.project.values import Activation
from blocklint.rules.chains import brief

Located = tuple[Finding, tuple[Activation, ...]]
"""A finding, and the activations of its function in which it is."""

_Place = tuple[FunctionKey, Span]


class Reporter:
    """Writes the findings of one code: at most one for a site, the most certain one."""

    def __init__(self, project: Project, code: str) -> None:
        self._project = project
        self._code = code
        self._found: dict[_Place, Finding] = {}
        self._within: defaultdict[_Place, dict[Activation, None]] = defaultdict(dict)

    def add(
        self,
        key: FunctionKey,
        site: CallSite,
        said: str,
        hops: Sequence[Hop],
        phase: Phase,
        hint: str = "",
        category: str = BOUNDARY,
        certainty: Certainty | None = None,
        within: Activation | None = None,
    ) -> None:
        """Report a site. ``said`` is the message without its code; the last of ``hops`` is the culprit.

        ``within`` is the activation that it is in, if that is one which the loop gets to.
        """
        place, span = (key, site.span), site.span
        sure = certainty_of(site) if certainty is None else certainty
        finding = Finding(
            code=self._code,
            site=Site(key.file, *site.place, span[2], span[3]),
            expression=Site(key.file, *span),
            function=self._project.show(key),
            message=f"{self._code} {said}",
            category=category,
            culprit=hops[-1].callee,
            also=(),
            certainty=sure,
            phase=phase,
            chain=tuple(hops),
            entry_points=(),
            entry_points_total=0,
            hint=hint,
            fingerprint="",
        )
        if within is not None:
            self._within[place][within] = None
        before = self._found.get(place)
        if before is None or _rank(finding) < _rank(before):
            self._found[place] = finding

    def findings(self) -> list[Located]:
        """All of them in the order of the text, with fingerprints, and the activations that they are in."""
        ordinals: Counter[tuple[str, ...]] = Counter()
        listed = []
        for place, finding in sorted(self._found.items(), key=lambda item: item[0]):
            key = place[0]
            identity = (self._code, key.name, brief(finding.chain[0].callee))
            ordinals[identity] += 1
            text = fingerprint((*identity, str(ordinals[identity])))
            named = msgspec.structs.replace(finding, fingerprint=text)
            listed.append((named, tuple(self._within.get(place, ()))))
        return listed


def _rank(finding: Finding) -> tuple[int, bool, str]:
    return -finding.certainty, finding.phase is not Phase.SERVING, finding.message


def certainty_of(site: CallSite) -> Certainty:
    """How sure it is that the one thing is meant at a site that the finding is about."""
    if site.weak or site.candidates > FEW:
        return Certainty.POSSIBLE
    return Certainty.CERTAIN if site.candidates <= 1 else Certainty.LIKELY


def fingerprint(identity: Sequence[str]) -> str:
    """What stays the same when lines and files move, as text."""
    return digest("\0".join(identity).encode(), 8).hex()
