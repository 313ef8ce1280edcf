"""# noqa, in flake8's grammar, on any line of the site."""

from __future__ import annotations

import pytest

from blocklint.facts.lower import lower
from blocklint.model import Blocks, Certainty, Finding, Phase, Site
from blocklint.rules.suppression import noqa_only, unsuppressed


def kept(text: str, code: str = "LAG101", lines: tuple[int, int] = (2, 4)) -> bool:
    """Whether a finding on lines 2 to 4, placed on the last, survives the comments of a text."""
    whole = Site("a.py", lines[0], 1, lines[1], 9)
    site = Site("a.py", lines[1], 5, lines[1], 9)
    found = Finding(
        code,
        site,
        whole,
        "f",
        "m",
        Blocks.DATABASE,
        "x",
        (),
        Certainty.CERTAIN,
        Phase.SERVING,
        (),
        (),
        0,
        "",
        "",
    )
    return bool(unsuppressed([found], {"a.py": lower(text.encode(), False).directives}))


def text(**comments: str) -> str:
    lines = ["x = 1", "(db", ".filter()", ".all())", "y = 2"]
    return "\n".join(line + comments.get(f"on{index}", "") for index, line in enumerate(lines, 1)) + "\n"


@pytest.mark.parametrize(
    "source",
    [
        text(),
        text(on1="  # noqa", on5="  # noqa: LAG101"),
        text(on4="  # noqa: LAG102"),
        text(on4="  # noqa: E501,W291 LAG"),
        text(on4="  # noqa: lag101"),
        text(on1="  # flake8: noqa"),
    ],
)
def test_kept(source: str) -> None:
    assert kept(source)


@pytest.mark.parametrize(
    "source",
    [
        text(on2="  # noqa"),
        text(on3="  # noqa: LAG101"),
        text(on4="  # noqa:LAG1"),
        text(on4="  # NOQA: E501, LAG101 because"),
        text(on4="  # noqa: E501 LAG101"),
        text(on4="  # type: ignore # noqa: LAG101"),
        text() + "# flake8: noqa\n",
        text() + "# flake8: noqa: LAG101\n",
    ],
)
def test_suppressed(source: str) -> None:
    assert not kept(source)


def test_a_file_level_code_leaves_the_others() -> None:
    assert kept(text() + "# flake8: noqa: LAG104\n")


def test_other_files_and_directives_do_not_matter() -> None:
    directives = lower(b"# blocklint: allow[LAG101] why\nx = 1  # noqa\n", False).directives
    assert [directive.kind for directive in noqa_only(directives)] == ["noqa"]
    assert kept("x = 1\n")
