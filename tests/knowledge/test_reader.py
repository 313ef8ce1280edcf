"""The format: what a document says, and how a broken one is refused."""

from __future__ import annotations

import pytest

from blocklint.knowledge.records import Condition, LibraryType, Runner
from blocklint.knowledge.tables import KnowledgeError
from blocklint.model import Blocks, Certainty, Phase, Runs, Starts
from tests.knowledge.support import knowledge


def test_a_module_lists_what_blocks_how_surely_and_what_helps() -> None:
    module = knowledge(
        """
        [[module]]
        name = "pump"
        blocks = "network"
        certain = ["push"]
        likely = ["drain"]
        possible = ["close"]
        never = ["size"]
        instead = "apump.push"
        """
    ).modules["pump"]
    push = module.functions["push"]
    assert (push.name, push.blocks, push.certainty, push.instead) == (
        "pump.push",
        Blocks.NETWORK,
        Certainty.CERTAIN,
        "apump.push",
    )
    assert module.functions["drain"].certainty is Certainty.LIKELY
    assert module.functions["close"].certainty is Certainty.POSSIBLE
    assert module.functions["size"].blocks is None


def test_what_a_call_sets_going_on_the_loop() -> None:
    part = knowledge(
        """
        [[class]]
        name = "pump.Pump"
        never = ["start"]
        returns = { serve = "awaitable[None]" }
        starts = { start = "server", serve = "serving" }

        [[runner]]
        name = "pump.soon"
        position = 0
        runs = "event-loop"
        starts = "tasks"
        """
    )
    pump = part.classes["pump.Pump"].methods
    assert (pump["start"].starts, pump["serve"].starts) == (Starts.SERVER, Starts.SERVING)
    assert part.modules["pump"].functions["soon"].starts is Starts.TASKS


def test_tables_of_one_name_add_up() -> None:
    part = knowledge(
        """
        [[class]]
        name = "pump.Pump"
        bases = ["pump.Base"]
        blocks = "disk"
        certain = ["read"]

        [[class]]
        name = "pump.Pump"
        bases = ["pump.Other"]
        blocks = "metadata"
        certain = ["stat"]
        """
    )
    pump = part.classes["pump.Pump"]
    assert pump.bases == ("pump.Base", "pump.Other")
    assert {name: method.blocks for name, method in pump.methods.items()} == {
        "read": Blocks.DISK,
        "stat": Blocks.METADATA,
    }


def test_a_constructor_goes_by_the_name_of_its_class() -> None:
    part = knowledge(
        '[[class]]\nname = "pump.Pump"\nblocks = "network"\ncertain = ["__init__", "__enter__"]\n'
    )
    methods = part.classes["pump.Pump"].methods
    assert methods["__init__"].name == "pump.Pump"
    assert methods["__enter__"].name == "pump.Pump.__enter__"


def test_a_name_with_only_a_return_type_does_not_block() -> None:
    part = knowledge('[[class]]\nname = "pump.Pump"\n[class.returns]\nsize = "int"\n')
    pump = part.classes["pump.Pump"]
    assert pump.methods["size"].blocks is None
    assert pump.methods["size"].returns == (LibraryType("builtins.int"),)
    assert pump.retyped == {"size"}


def test_database_effects_of_a_bridged_library_are_marked_and_others_are_not() -> None:
    module = knowledge(
        """
        [library]
        name = "Pump"
        carried-by-greenlet-bridge = true

        [[module]]
        name = "pump"
        blocks = "database"
        certain = ["execute"]

        [[module]]
        name = "pump"
        blocks = "sleep"
        certain = ["pause"]
        """
    ).modules["pump"]
    assert module.functions["execute"].bridged
    assert not module.functions["pause"].bridged


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1=os.WNOHANG", Condition(1, None, "os.WNOHANG"), id="by position"),
        pytest.param("block=False", Condition(None, "block", "False"), id="by keyword"),
        pytest.param("0|host=", Condition(0, "host", ""), id="given in neither way"),
        pytest.param(
            "0|file:io.BytesIO", Condition(0, "file", "", "io.BytesIO"), id="an argument of a type"
        ),
        pytest.param(
            "flags=a == b", Condition(None, "flags", "a == b"), id="the text may hold an equals sign"
        ),
    ],
)
def test_conditions_name_an_argument_and_its_source_text(text: str, expected: Condition) -> None:
    part = knowledge(
        f'[[module]]\nname = "pump"\nblocks = "wait"\ncertain = ["get"]\nunless = {{ get = ["{text}"] }}\n'
    )
    assert part.modules["pump"].functions["get"].unless == (expected,)


def test_a_runner_says_where_the_callable_is_and_where_it_runs() -> None:
    part = knowledge(
        """
        [[runner]]
        name = "pump.offload"
        aliases = ["pump.tools.offload"]
        position = 1
        keyword = "func"
        runs = "worker-thread"
        coroutines = "event-loop"
        passes = true
        returns = "awaitable[result]"
        """
    )
    offload = part.modules["pump"].functions["offload"]
    assert offload.runners == (Runner(1, "func", Runs.WORKER_THREAD, True, "call", Runs.EVENT_LOOP),)
    assert offload.returns == (LibraryType("collections.abc.Awaitable", ((LibraryType("result"),),)),)
    assert part.aliases == {"pump.tools.offload": "pump.offload"}


def test_a_handler_says_what_a_library_calls_and_where_it_runs() -> None:
    part = knowledge(
        """
        [[handler]]
        name = "pump.Valve"
        decorators = ["on", "off"]
        unless = ["threaded=True"]
        runs = "event-loop"

        [[handler]]
        name = "pump.Valve"
        methods = ["opened"]
        calls = ["attach"]
        runs = "worker-thread"
        """
    )
    registered, inherited = part.handlers["pump.Valve"]
    assert registered.decorators == {"on", "off"}
    assert registered.unless == (Condition(None, "threaded", "True"),)
    assert (registered.runs, inherited.runs) == (Runs.EVENT_LOOP, Runs.WORKER_THREAD)
    assert inherited.methods == {"opened"}
    assert inherited.calls == {"attach"}


def test_a_runner_may_be_a_method_or_a_constructor_and_may_block_besides() -> None:
    part = knowledge(
        """
        [[class]]
        name = "pump.Pool"
        blocks = "wait"
        certain = ["map"]

        [[runner]]
        name = "pump.Pool.map"
        position = 0
        runs = "other-process"
        returns = "list[result]"

        [[runner]]
        name = "pump.Pool"
        keyword = "initializer"
        runs = "caller"
        """
    )
    methods = part.classes["pump.Pool"].methods
    assert methods["map"].blocks is Blocks.WAIT
    assert methods["map"].runners == (Runner(0, None, Runs.OTHER_PROCESS, False, "call", None),)
    (constructor,) = methods["__init__"].runners
    assert constructor.runs is None


def test_several_arguments_of_one_callable_may_be_run() -> None:
    part = knowledge(
        """
        [[class]]
        name = "pump.Pump"
        never = ["__init__"]

        [[runner]]
        name = "pump.Pump"
        keyword = "on_start"
        runs = "event-loop"
        phase = "startup"

        [[runner]]
        name = "pump.Pump"
        position = 0
        runs = "event-loop"
        unless = ["threads=True"]

        [[runner]]
        name = "pump.Thread"
        keyword = "target"
        runs = "worker-thread"
        unpacks = "args"
        generators = "other-process"
        """
    )
    start, work = part.classes["pump.Pump"].methods["__init__"].runners
    assert (start.keyword, start.phase, start.unless) == ("on_start", Phase.STARTUP, ())
    assert (work.position, work.phase, work.unless) == (0, None, (Condition(None, "threads", "True"),))
    (thread,) = part.modules["pump"].functions["Thread"].runners
    assert (thread.unpacks, thread.generators) == ("args", Runs.OTHER_PROCESS)


def test_handlers_say_when_and_under_what_conditions() -> None:
    part = knowledge(
        """
        [[handler]]
        name = "pump.Pump"
        decorators = ["before"]
        runs = "worker-thread"
        phase = "startup"

        [[handler]]
        name = "pump.Pump"
        decorators = ["route"]
        runs = "worker-thread"
        own-loop = true
        unless-imported = ["pump.wsgi.App"]
        attributes = ["on_start"]
        """
    )
    before, route = part.handlers["pump.Pump"]
    assert (before.phase, before.own_loop, before.unless_imported) == (Phase.STARTUP, False, ())
    assert route.attributes == ("on_start",)
    assert (route.phase, route.own_loop, route.unless_imported) == (None, True, ("pump.wsgi.App",))


def test_what_raises_on_the_loop_is_known_of_each_blocking_name() -> None:
    part = knowledge(
        """
        [[module]]
        name = "pump"
        blocks = "database"
        certain = ["fill"]
        never = ["name"]
        raises = "OnLoop"
        """
    )
    functions = part.modules["pump"].functions
    assert (functions["fill"].raises, functions["name"].raises) == ("OnLoop", "")


MODULE = '[[module]]\nname = "pump"\n'
CLASS = '[[class]]\nname = "pump.Pump"\n'
RUNNER = '[[runner]]\nname = "pump.run"\nruns = "caller"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            '[[modul]]\nname = "a"',
            r"test.toml: unknown table 'modul' \(nearest valid: 'module'\)",
            id="table",
        ),
        pytest.param(
            '[library]\nrequire = ["a"]',
            r"test.toml: \[library\]: unknown key 'require' \(nearest valid: 'requires'\)",
            id="key of library",
        ),
        pytest.param(
            MODULE + 'certian = ["a"]',
            r"test.toml: \[\[module\]\] pump: unknown key 'certian' \(nearest valid: 'certain'\)",
            id="key of module",
        ),
        pytest.param(
            '[[class]]\nnmae = "a"',
            r"\[\[class\]\] number 1: unknown key 'nmae' \(nearest valid: 'name'\)",
            id="key of class",
        ),
        pytest.param(
            '[module]\nname = "a"', r"'module' must be written as \[\[module\]\]", id="a single table"
        ),
        pytest.param(
            'module = ["a"]', r"\[\[module\]\] number 1: Expected `object`, got `str`", id="no table"
        ),
        pytest.param(
            "[[module]]", r"\[\[module\]\] number 1: Object missing required field `name`", id="no name"
        ),
        pytest.param(
            MODULE + 'blocks = "dsk"\ncertain = ["a"]',
            r"\[\[module\]\] pump: Invalid enum value 'dsk' - at `\$.blocks` \(nearest valid: 'disk'\)",
            id="category",
        ),
        pytest.param(MODULE + 'certain = "a"', r"Expected `array`, got `str` - at `\$.certain`", id="type"),
        pytest.param(MODULE + 'certain = ["a"]', r"certain: 'blocks' must be given", id="no category"),
        pytest.param(
            MODULE + 'blocks = "disk"\ncertain = ["a"]\nnever = ["a"]',
            r"never: 'a' is listed twice",
            id="twice",
        ),
        pytest.param(
            MODULE + 'never = ["a"]\n' + MODULE + 'never = ["a"]',
            r"never: 'a' is listed twice",
            id="in two tables",
        ),
        pytest.param(
            MODULE + 'never = ["a.*"]\n' + MODULE + 'never = ["a.*"]',
            r"never: 'a\.\*' is listed twice",
            id="a pattern in two tables",
        ),
        pytest.param(
            MODULE + 'never = ["a"]\n' + MODULE + 'returns = { a = "str" }',
            r"returns: 'a' is listed in another table",
            id="a return type away from its name",
        ),
        pytest.param(
            MODULE + 'returns = { a = "strr" }', r"returns.a: unknown short name 'strr'", id="type expression"
        ),
        pytest.param(
            CLASS + 'attributes = { a = "list[" }',
            r"\[\[class\]\] pump.Pump: attributes.a:",
            id="attribute type",
        ),
        pytest.param(
            MODULE + 'never = ["a"]\nunless = { a = ["b=1"] }',
            r"unless: 'a' is not among the blocking names",
            id="condition on a name that never blocks",
        ),
        pytest.param(
            MODULE + 'blocks = "disk"\ncertain = ["a"]\nunless = { a = ["b"] }',
            r"unless.a: 'b' is not of the form",
            id="condition",
        ),
        pytest.param(
            CLASS + 'properties = ["a"]',
            r"properties: 'a' is in none of the other lists",
            id="unlisted property",
        ),
        pytest.param(
            MODULE + 'aliases = ["pump"]', r"aliases: 'pump' already stands for 'pump'", id="alias of itself"
        ),
        pytest.param(
            MODULE + 'aliases = ["b"]\n' + CLASS + 'aliases = ["b"]',
            r"aliases: 'b' already stands for 'pump'",
            id="one alias for two",
        ),
        pytest.param(
            RUNNER, r"\[\[runner\]\] pump.run: 'position' or 'keyword' must be given", id="no callable"
        ),
        pytest.param(
            RUNNER + "position = 0\n" + RUNNER + "position = 0",
            r"there are two \[\[runner\]\] tables for the same argument of it",
            id="two runners",
        ),
        pytest.param(
            RUNNER + 'position = 0\nwhen = "object"\n' + RUNNER + "position = 1",
            r"when: of several \[\[runner\]\] tables each needs 'call'",
            id="an object and a call",
        ),
        pytest.param(
            RUNNER + 'position = 0\nphase = "start"',
            r"Invalid enum value 'start'.*nearest valid: 'startup'",
            id="phase",
        ),
        pytest.param(
            '[[handler]]\nname = "pump"\nruns = "event-loop"',
            r"\[\[handler\]\] pump: 'decorators', 'methods', 'calls' or 'attributes' must be given",
            id="a handler of nothing",
        ),
        pytest.param(
            '[[module]]\nname = "pump"\nnever = ["run"]\nstarts = { rnu = "tasks" }',
            r"\[\[module\]\] pump: starts: 'rnu' is in none of the other lists",
            id="starts of nothing",
        ),
        pytest.param(
            '[[module]]\nname = "pump"\nnever = ["run"]\nstarts = { run = "task" }',
            r"Invalid enum value 'task'.*nearest valid: 'tasks'",
            id="what is started",
        ),
        pytest.param(
            '[[class]]\nname = "pump.Valve"\ntakes = ["turn"]',
            r"test.toml: \[\[class\]\] pump.Valve: takes, releases: 'holds' must be given",
            id="taking nothing",
        ),
        pytest.param(
            '[[module]]\nname = "pump"\nreleases = ["open"]',
            r"test.toml: \[\[module\]\] pump: takes, releases: 'holds' must be given",
            id="releasing nothing",
        ),
        pytest.param(
            '[[class]]\nname = "pump.Valve"\nholds = "water"',
            r"Invalid enum value 'water'",
            id="what is held",
        ),
        pytest.param(
            '[[runner]]\nname = "run"\nruns = "caller"\nposition = 0',
            r"name: a dotted name is needed",
            id="no module",
        ),
        pytest.param(
            '[[runner]]\nname = "pump.run"\nposition = 0\nruns = "thread"',
            r"Invalid enum value 'thread' - at `\$.runs` \(nearest valid: 'worker-thread'\)",
            id="place",
        ),
        pytest.param(
            RUNNER + 'position = 0\nwhen = "cal"',
            r"Invalid enum value 'cal'.*nearest valid: 'call'",
            id="moment",
        ),
    ],
)
def test_a_broken_document_is_refused_with_its_file_table_and_key(text: str, message: str) -> None:
    with pytest.raises(KnowledgeError, match=message):
        knowledge(text)
