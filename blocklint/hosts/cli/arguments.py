"""The arguments of every command."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

from blocklint.settings import nearest

_EPILOG = (
    "exit codes: 0 no finding; 1 findings, or files that could not be read or parsed; "
    "2 wrong usage, wrong settings or an internal error"
)
_CHOICE = re.compile(r"invalid choice: '(?P<given>.*?)' \(choose from (?P<choices>.*)\)")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments; raises SystemExit with a message that names the nearest valid one."""
    # argparse makes a formatter for each argument, and each asks for the terminal's width.
    is_shown = not {"-h", "--help"}.isdisjoint(argv)
    formatter = argparse.HelpFormatter if is_shown else partial(argparse.HelpFormatter, width=80)
    parser = _Parser(
        prog="blocklint",
        description="Finds synchronous, blocking calls that run on asyncio's event loop.",
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=formatter,
    )
    parser.add_argument("--version", action=_Version, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    command = partial(commands.add_parser, allow_abbrev=False, formatter_class=formatter)
    check = command(
        "check",
        help="analyse the project and report what blocks the event loop",
        description="Analyse the whole project; report the findings in the given files and folders.",
        epilog=_EPILOG,
    )
    _add_check(check)
    files = command(
        "files",
        help="list the files that are analysed, and what is left out and why",
        description="List the files that are analysed, and what is left out and why.",
    )
    _add_paths(files)
    graph = command(
        "graph",
        help="print the call graph, with the thread every function runs in",
        description="Print the call graph of the given files and folders as data or as a picture.",
    )
    _add_graph(graph)
    routes = command(
        "routes",
        help="list every route with its dependencies, where they run, and what blocks below them",
        description="List the routes of FastAPI and Starlette in the given files, the worst first.",
    )
    _add_routes(routes)
    why = command(
        "why",
        help="explain why a line is reported, or why it is not",
        description="Explain one line: where it runs, what is inferred, what is called, and what blocks.",
    )
    _add_why(why)
    rule = command(
        "rule",
        help="print what a code means, why it matters and what to do instead",
        description="Print the page of a code, or of all.",
    )
    _add_rule(rule)
    others = _add_knowledge(command)
    parser.options = _options(parser, check, files, graph, routes, why, rule, *others)
    return parser.parse_args(argv)


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: .)")
    _add_config(parser)


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="read [tool.blocklint] from this TOML file")


def _add_environment(parser: argparse.ArgumentParser) -> None:
    shown = "look into the packages installed there: a virtual environment, or an interpreter"
    parser.add_argument("--python", metavar="PATH", help=shown)


def _add_graph(parser: argparse.ArgumentParser) -> None:
    _add_paths(parser)
    _add_environment(parser)
    parser.add_argument(
        "--format", choices=("json", "dot", "mermaid"), default="json", help="default: json"
    )
    function: dict[str, Any] = {"metavar": "FUNCTION"}
    parser.add_argument("--from", dest="start", help="only what is on ways from this function", **function)
    parser.add_argument("--to", dest="end", help="only what is on ways to this function", **function)
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")


def _add_routes(parser: argparse.ArgumentParser) -> None:
    _add_paths(parser)
    _add_environment(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "mermaid", "html"), default="text", help="default: text"
    )
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")


def _add_why(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="PATH:LINE", help="a line of a file")
    _add_config(parser)
    _add_environment(parser)
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")


def _add_rule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="a code, such as LAG101")
    parser.add_argument("--all", action="store_true", help="the pages of all codes")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def _add_knowledge(command: partial[Any]) -> list[argparse.ArgumentParser]:
    """The command with commands of its own; gives the parsers of those."""
    parser = command(
        "knowledge",
        help="tell what is believed about a library, or check a file of knowledge",
        description="Tell what is believed about a name, or check a file of knowledge.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    action = partial(actions.add_parser, **command.keywords)
    help_show = "what is believed about a module, class, function or method, and on whose word"
    show = action("show", help=help_show)
    show.add_argument("name", metavar="NAME", help="a dotted name, such as sqlalchemy.orm.Session.execute")
    show.add_argument("--config", metavar="FILE", help="read [tool.blocklint] from this TOML file")
    help_check = "what is wrong with a file of knowledge, or with settings that hold some"
    check = action("check", help=help_check)
    check.add_argument("file", metavar="FILE", help="a TOML file")
    return [show, check]


def _add_check(parser: argparse.ArgumentParser) -> None:
    _add_paths(parser)
    _add_environment(parser)
    parser.add_argument("--stdin-filename", metavar="PATH", help="with - as PATH: the file that stdin holds")
    shown = parser.add_argument_group("what is reported")
    codes: dict[str, Any] = {"action": "append", "metavar": "CODES", "type": _codes}
    shown.add_argument("--select", help="only these codes or prefixes, comma-separated", **codes)
    shown.add_argument("--ignore", help="not these", **codes)
    shown.add_argument("--extend-select", help="these too", **codes)
    shown.add_argument("--extend-ignore", help="nor these", **codes)
    shown.add_argument(
        "--certainty",
        choices=("possible", "likely", "certain"),
        help="the least certainty that is reported (default: likely)",
    )
    shown.add_argument("--report-tests", action="store_true", help="report findings in tests too")
    shown.add_argument(
        "--unresolved", action="store_true", help="list the calls in async code that could not be resolved"
    )
    shown.add_argument("--disable-noqa", action="store_true", help="report what # noqa comments suppress")
    output = parser.add_argument_group("how it is reported")
    output.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    output.add_argument(
        "--group-by", choices=("function",), help="with text: group findings by where to repair them"
    )
    output.add_argument("--exit-zero", action="store_true", help="exit with 0 in place of 1")
    cache = parser.add_argument_group("cache").add_mutually_exclusive_group()
    cache.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")
    cache.add_argument("--cache-dir", metavar="FOLDER", help="keep the cache in this folder")


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,\s]+", text) if part)


def _options(*parsers: argparse.ArgumentParser) -> list[str]:
    return sorted({option for parser in parsers for option in parser._option_string_actions})


class _Version(argparse.Action):
    """Reads the metadata of installed distributions only when it is asked for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from blocklint.hosts.cli.version import describe_version

        sys.stdout.write(describe_version())
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """Says what was meant, in one line, in place of a page of usage."""

    options: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        """Exit with 2 and the message, the nearest valid thing in it."""
        self.exit(2, f"{self.prog}: error: {self._explained(message)}\n")

    def _explained(self, message: str) -> str:
        choice = _CHOICE.search(message)
        if choice:
            given = choice["given"]
            choices = [word.strip("' ") for word in choice["choices"].split(",")]
            if "check" in choices:
                unknown = f'unknown command "{given}"'
                if os.path.exists(given):
                    return f"{unknown}; did you mean {self.prog} check {given}?"
                return f"{unknown}{nearest(given, choices) or '; see ' + self.prog + ' --help'}"
            return f"{message}{nearest(given, choices)}"
        if message.startswith("unrecognized arguments: "):
            given = message.removeprefix("unrecognized arguments: ").split()[0]
            hint = nearest(given.partition("=")[0], list(self.options))
            return f'unknown option "{given}"{hint or "; see " + self.prog + " check --help"}'
        return f"{message}; see {self.prog} --help"
