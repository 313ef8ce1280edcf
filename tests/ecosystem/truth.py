"""Compares findings with the labels in truth/."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.ecosystem.findings import Place
from tests.ecosystem.projects import HERE, Project

Label = dict[str, Any]
MAY_SHARE = 0.6


class Score(NamedTuple):
    """What was measured, in lines to print, and which of it must not be."""

    lines: list[str]
    failures: list[str]


class Places:
    """Where findings lie, asked by span of lines."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_path: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._by_path[place.path].append(place)

    def within(self, path: str, first: int, last: int) -> list[Place]:
        """Return the findings placed in these lines, or whose whole expression lies in them."""
        return [
            place
            for place in self._by_path.get(path, ())
            if first <= place.line <= last or (first <= place.first and place.last <= last)
        ]


def labels(name: str) -> list[Label]:
    """Read a file of labels."""
    return [json.loads(line) for line in (HERE / "truth" / name).read_text().splitlines()]


def score(project: Project, shown: Iterable[Place], everything: Iterable[Place]) -> Score:
    """Compare with all there is for a project: `shown` by default, `everything` at any certainty."""
    by_default, parts = Places(shown), []
    if project.name == "open-webui":
        sites = labels("open-webui-0.5.20.jsonl")
        parts.append(score_sites(sites, by_default, Places(everything)))
        parts.append(score_singletons(labels("open-webui-0.5.20-singletons.jsonl"), by_default))
    elif project.name == "conda-store-server":
        parts.append(score_handlers(labels("conda-store-server-2024.3.1-handlers.jsonl"), by_default))
    failures = [failure for part in parts for failure in part.failures]
    return Score([line for part in parts for line in part.lines], failures)


def score_sites(sites: Iterable[Label], shown: Places, everything: Places) -> Score:
    """All flags that must be there, most of those that may at any certainty, none of the clean sites."""
    flags = [site for site in sites if site["expect"] == "flag"]
    must = [site for site in flags if site["strength"] == "must" and site["via"] != "attribute set"]
    may = [site for site in flags if site["strength"] == "may"]
    stores = [site for site in flags if site["strength"] == "must" and site["via"] == "attribute set"]
    missed = [site for site in must if not _at(shown, site)]
    alarms = [site for site in sites if site["expect"] == "clean" and _at(shown, site)]
    share = 1 - len(missed) / len(must)
    lines = [f"must: {len(must) - len(missed)} of {len(must)} found ({share:.1%})"]
    lines += [f"  missed {_describe(site)} (depth {site['depth']}: {site['sink']})" for site in missed]
    lines.append(f"clean: {len(alarms)} reported")
    lines += [f"  reported {_describe(site)} ({site['note']})" for site in alarms]
    possible = _count(everything, may)
    lines.append(f"may, at any certainty: {possible} of {len(may)} found")
    lines.append(f"attribute set: {_count(shown, stores)} of {len(stores)} found")
    missed += [site for site in stores if not _at(shown, site)]
    failures = [f"{len(missed)} of the must sites are not found"] if missed else []
    if possible < MAY_SHARE * len(may):
        failures.append(f"only {possible} of {len(may)} may sites are found")
    return Score(lines, failures + [f"a clean site is reported: {_describe(site)}" for site in alarms])


def score_singletons(calls: list[Label], shown: Places) -> Score:
    """Every call of a singleton's method that opens a session."""
    missed = [call for call in calls if not shown.within(call["path"], call["line"], call["end"])]
    lines = [f"singleton calls: {len(calls) - len(missed)} of {len(calls)} found"]
    lines += [f"  missed {call['path']}:{call['line']} {call['call']} in {call['func']}" for call in missed]
    return Score(lines, [f"{len(missed)} singleton calls are not found"] if missed else [])


def score_handlers(handlers: list[Label], shown: Places) -> Score:
    """Every handler with a session behind a method of the server object."""
    missed = [h for h in handlers if not shown.within(h["path"], h["start"], h["end"])]
    lines = [f"handlers: {len(handlers) - len(missed)} of {len(handlers)} carry a finding"]
    lines += [f"  missed {handler['path']}:{handler['line']} {handler['func']}" for handler in missed]
    return Score(lines, [f"{len(missed)} handlers are silent"] if missed else [])


def _at(places: Places, site: Label) -> list[Place]:
    return places.within(site["path"], site["line"], site["end_line"])


def _count(places: Places, sites: Iterable[Label]) -> int:
    return sum(bool(_at(places, site)) for site in sites)


def _describe(site: Label) -> str:
    what = f"{site['kind']}, {site['via']}"
    return f"{site['path']}:{site['line']} {site['callee']} in {site['function']} [{what}]"
