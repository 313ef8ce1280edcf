"""How it is reported that a coroutine waits while it holds something."""

from __future__ import annotations

from blocklint.callgraph.held_records import Wait
from blocklint.facts import records as r
from blocklint.flow.edges import CallSite
from blocklint.model import Hop, Phase
from blocklint.project.index import Project
from blocklint.project.values import Activation
from blocklint.rules.reporting import Reporter


def report(
    reporter: Reporter,
    project: Project,
    activation: Activation,
    wait: Wait,
    said: str,
    category: str,
    hint: str,
) -> None:
    """Report where it waits. In what is ``said``, ``{name}`` is the object, ``{line}`` since when."""
    node = wait.node
    called = node.value if type(node) is r.Await else node
    site, key = CallSite(node.span, called, wait.via), activation.key()
    hop = Hop(project.show(key), wait.taken.culprit, key.file, *site.place, wait.via)
    name = ".".join(part.partition("@")[0] for part in wait.key)
    text = said.replace("{name}", name).replace("{line}", str(wait.taken.line))
    reporter.add(key, site, text, (hop,), Phase.SERVING, hint, category, wait.certainty, activation)
