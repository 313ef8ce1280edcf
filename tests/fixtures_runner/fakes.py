"""Findings made by hand, for the tests of the runner and of what reads reports."""

from __future__ import annotations

from blocklint.model import Blocks, Certainty, Finding, Hop, Phase, Site, Via


def make_finding(
    path: str = "app.py",
    line: int = 2,
    code: str = "LAG101",
    callees: tuple[str, ...] = ("app:load", "sqlalchemy.orm.Session.execute"),
    certainty: Certainty = Certainty.CERTAIN,
    end_line: int | None = None,
) -> Finding:
    """Make a finding whose chain has these callees."""
    site = Site(path, line, 5, end_line or line, 20)
    return Finding(
        code=code,
        site=site,
        expression=site,
        function="app:handler",
        message=f"{code} message",
        category=Blocks.DATABASE,
        culprit=callees[-1],
        also=(),
        certainty=certainty,
        phase=Phase.SERVING,
        chain=tuple(Hop("app:handler", callee, path, line, 5, Via.CALL) for callee in callees),
        entry_points=(),
        entry_points_total=0,
        hint="",
        fingerprint="0",
    )
