"""What the shipped files say about the names that users meet most."""

from __future__ import annotations

import pytest

from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.records import LibraryCallable, LibraryType
from blocklint.model import Blocks, Certainty, Runs
from tests.knowledge.support import SHIPPED, names

CATALOG = Catalog.for_packages(SHIPPED)


def look_up(dotted: str) -> LibraryCallable | None:
    """A function, constructor or method by one dotted name."""
    if CATALOG.find_class(dotted) is not None:
        return CATALOG.method(dotted, "__init__")
    function = CATALOG.function(dotted)
    owner, path = dotted, ""
    while function is None and "." in owner:
        owner, _, last = owner.rpartition(".")
        path = f"{last}.{path}" if path else last
        function = CATALOG.method(owner, path)
    return function


@pytest.mark.parametrize(
    ("dotted", "blocks", "certainty"),
    [
        ("sqlalchemy.orm.Session.execute", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.session.Session.commit", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.Session.get", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.Session.delete", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.Session.flush", Blocks.DATABASE, Certainty.LIKELY),
        ("sqlalchemy.orm.Session.close", Blocks.DATABASE, Certainty.LIKELY),
        ("sqlalchemy.orm.Session.__exit__", Blocks.DATABASE, Certainty.POSSIBLE),
        ("sqlalchemy.orm.scoped_session.execute", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.scoped_session.remove", Blocks.DATABASE, Certainty.LIKELY),
        ("sqlmodel.Session.exec", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlmodel.Session.refresh", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.Query.all", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.query.Query.__iter__", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.orm.Query.__getitem__", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.engine.Engine.connect", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.engine.base.Connection.__exit__", Blocks.DATABASE, Certainty.LIKELY),
        ("sqlalchemy.RootTransaction.__exit__", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.engine.Result.all", Blocks.DATABASE, Certainty.POSSIBLE),
        ("sqlalchemy.engine.ResultProxy.fetchall", Blocks.DATABASE, Certainty.POSSIBLE),
        ("sqlalchemy.schema.MetaData.create_all", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.engine.reflection.Inspector.get_columns", Blocks.DATABASE, Certainty.CERTAIN),
        ("sqlalchemy.inspect", Blocks.DATABASE, Certainty.POSSIBLE),
        ("flask_sqlalchemy.SQLAlchemy.create_all", Blocks.DATABASE, Certainty.CERTAIN),
        ("flask_sqlalchemy.BaseQuery.first", Blocks.DATABASE, Certainty.CERTAIN),
        ("time.sleep", Blocks.SLEEP, Certainty.CERTAIN),
        ("subprocess.run", Blocks.SUBPROCESS, Certainty.CERTAIN),
        ("subprocess.Popen", Blocks.SUBPROCESS, Certainty.LIKELY),
        ("subprocess.Popen.communicate", Blocks.SUBPROCESS, Certainty.CERTAIN),
        ("builtins.open", Blocks.DISK, Certainty.CERTAIN),
        ("io.TextIOWrapper.readline", Blocks.DISK, Certainty.CERTAIN),
        ("io.TextIOWrapper.close", Blocks.DISK, Certainty.POSSIBLE),
        ("pathlib.Path.read_text", Blocks.DISK, Certainty.CERTAIN),
        ("pathlib.Path.exists", Blocks.METADATA, Certainty.CERTAIN),
        ("os.path.isfile", Blocks.METADATA, Certainty.CERTAIN),
        ("os.makedirs", Blocks.METADATA, Certainty.CERTAIN),
        ("shutil.rmtree", Blocks.DISK, Certainty.CERTAIN),
        ("builtins.input", Blocks.STDIN, Certainty.CERTAIN),
        ("sys.stdin.readline", Blocks.STDIN, Certainty.CERTAIN),
        ("hashlib.pbkdf2_hmac", Blocks.CPU, Certainty.CERTAIN),
        ("threading.Lock.acquire", Blocks.WAIT, Certainty.POSSIBLE),
        ("queue.Queue.put", Blocks.WAIT, Certainty.POSSIBLE),
        ("concurrent.futures.Future.result", Blocks.WAIT, Certainty.CERTAIN),
        ("tempfile.SpooledTemporaryFile.read", Blocks.DISK, Certainty.LIKELY),
        ("requests.get", Blocks.NETWORK, Certainty.CERTAIN),
        ("requests.sessions.Session.post", Blocks.NETWORK, Certainty.CERTAIN),
        ("requests.Response.iter_content", Blocks.NETWORK, Certainty.LIKELY),
        ("httpx.Client.get", Blocks.NETWORK, Certainty.CERTAIN),
        ("redis.StrictRedis.hgetall", Blocks.NETWORK, Certainty.CERTAIN),
        ("redis.client.Pipeline.execute", Blocks.NETWORK, Certainty.CERTAIN),
        ("pymongo.collection.Collection.find_one", Blocks.DATABASE, Certainty.CERTAIN),
        ("botocore.client.BaseClient.put_object", Blocks.NETWORK, Certainty.CERTAIN),
        ("openai.OpenAI.chat.completions.create", Blocks.NETWORK, Certainty.CERTAIN),
        ("stripe.Customer.create", Blocks.NETWORK, Certainty.CERTAIN),
        ("bcrypt.hashpw", Blocks.CPU, Certainty.CERTAIN),
        ("passlib.context.CryptContext.verify", Blocks.CPU, Certainty.CERTAIN),
        ("passlib.hash.argon2.verify", Blocks.CPU, Certainty.CERTAIN),
        ("ldap3.Connection.search", Blocks.NETWORK, Certainty.CERTAIN),
        ("pandas.read_csv", Blocks.DISK, Certainty.CERTAIN),
        ("pandas.DataFrame.to_sql", Blocks.DATABASE, Certainty.CERTAIN),
        ("celery.Task.delay", Blocks.NETWORK, Certainty.CERTAIN),
        ("django.db.models.Manager.get", Blocks.DATABASE, Certainty.CERTAIN),
    ],
)
def test_what_waits_is_known_with_its_category_and_certainty(
    dotted: str, blocks: Blocks, certainty: Certainty
) -> None:
    found = look_up(dotted)
    assert found is not None
    assert (found.blocks, found.certainty) == (blocks, certainty)


@pytest.mark.parametrize(
    "dotted",
    [
        "sqlalchemy.orm.Session",
        "sqlalchemy.orm.Session.add",
        "sqlalchemy.orm.Session.query",
        "sqlalchemy.orm.Session.begin",
        "sqlalchemy.orm.sessionmaker.__call__",
        "sqlalchemy.orm.Query.filter",
        "sqlalchemy.orm.Query.__bool__",
        "sqlalchemy.create_engine",
        "sqlalchemy.select",
        "sqlalchemy.Select.where",
        "sqlalchemy.Result.scalars",
        "sqlalchemy.ext.asyncio.AsyncSession.execute",
        "sqlalchemy.ext.asyncio.AsyncSession.add",
        "sqlalchemy.ext.asyncio.BufferedResult.all",
        "sqlalchemy.ext.asyncio.BufferedResult.__iter__",
        "sqlalchemy.ext.asyncio.AsyncConnection.execute",
        "subprocess.Popen.poll",
        "pathlib.Path.joinpath",
        "io.BytesIO.read",
        "hashlib.sha256",
        "json.loads",
        "builtins.print",
        "re.match",
        "random.shuffle",
        "copy.deepcopy",
        "uuid.uuid1",
        "logging.Logger.info",
        "mimetypes.guess_type",
        "zoneinfo.ZoneInfo",
        "asyncio.sleep",
        "asyncio.Queue.get",
        "asyncio.Future.result",
        "requests.Response.json",
        "httpx.AsyncClient.get",
        "redis.Redis.pipeline",
        "redis.client.Pipeline.hset",
        "redis.asyncio.Redis.get",
        "psycopg.AsyncConnection.execute",
        "pymongo.collection.Collection.find",
        "openai.AsyncOpenAI.chat.completions.create",
        "stripe.error.CardError",
        "anyio.Path.read_text",
        "aiofiles.open",
        "aiohttp.ClientSession.get",
        "yaml.safe_load",
        "bs4.BeautifulSoup",
        "jinja2.Template.render",
        "django.db.models.QuerySet.filter",
        "fastapi.UploadFile.read",
        "celery.Task.s",
    ],
)
def test_what_does_not_wait_is_known_not_to(dotted: str) -> None:
    found = look_up(dotted)
    assert found is not None
    assert found.blocks is None


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        ("sqlalchemy.create_engine", ["sqlalchemy.Engine"]),
        ("sqlmodel.create_engine", ["sqlalchemy.Engine"]),
        ("sqlalchemy.orm.sessionmaker.__call__", ["$0"]),
        ("sqlalchemy.orm.sessionmaker.begin", ["sqlalchemy.orm.SessionScope", "$0"]),
        ("sqlalchemy.orm.Session.query", ["sqlalchemy.orm.Query"]),
        ("sqlalchemy.orm.Query.filter_by", ["self"]),
        ("sqlalchemy.orm.Session.execute", ["sqlalchemy.Result"]),
        (
            "sqlalchemy.ext.asyncio.AsyncSession.execute",
            ["collections.abc.Awaitable", "sqlalchemy.ext.asyncio.BufferedResult"],
        ),
        ("sqlalchemy.ext.asyncio.async_sessionmaker.__call__", ["$0"]),
        ("builtins.open", ["io.TextIOWrapper"]),
        ("pathlib.Path.open", ["io.TextIOWrapper"]),
        ("pathlib.Path.__truediv__", ["self"]),
        ("builtins.dict.get", ["$1"]),
        ("builtins.str.split", ["builtins.list", "builtins.str"]),
        ("asyncio.get_running_loop", ["asyncio.AbstractEventLoop"]),
        ("logging.getLogger", ["logging.Logger"]),
        ("requests.get", ["requests.Response"]),
        ("httpx.AsyncClient.get", ["collections.abc.Awaitable", "httpx.Response"]),
        ("boto3.client", ["botocore.client.BaseClient"]),
        ("concurrent.futures.ThreadPoolExecutor.map", ["concurrent.futures.ResultIterator", "result"]),
    ],
)
def test_what_comes_out_is_known(dotted: str, expected: list[str]) -> None:
    found = look_up(dotted)
    assert found is not None
    assert names(found.returns) == expected


@pytest.mark.parametrize(
    ("dotted", "position", "runs", "when"),
    [
        ("asyncio.to_thread", 0, Runs.WORKER_THREAD, "call"),
        ("asyncio.AbstractEventLoop.run_in_executor", 1, Runs.WORKER_THREAD, "call"),
        ("asyncio.events.AbstractEventLoop.call_later", 1, Runs.EVENT_LOOP, "call"),
        ("asyncio.Task.add_done_callback", 0, Runs.EVENT_LOOP, "call"),
        ("threading.Thread", 1, Runs.WORKER_THREAD, "call"),
        ("multiprocessing.Process", 1, Runs.OTHER_PROCESS, "call"),
        ("concurrent.futures.ThreadPoolExecutor.submit", 0, Runs.WORKER_THREAD, "call"),
        ("concurrent.futures.ProcessPoolExecutor.submit", 0, Runs.OTHER_PROCESS, "call"),
        ("sqlalchemy.ext.asyncio.AsyncSession.run_sync", 0, Runs.GREENLET_BRIDGE, "call"),
        ("sqlalchemy.ext.asyncio.AsyncConnection.run_sync", 0, Runs.GREENLET_BRIDGE, "call"),
        ("starlette.concurrency.run_in_threadpool", 0, Runs.WORKER_THREAD, "call"),
        ("fastapi.concurrency.run_in_threadpool", 0, Runs.WORKER_THREAD, "call"),
        ("fastapi.BackgroundTasks.add_task", 0, Runs.WORKER_THREAD, "call"),
        ("anyio.to_thread.run_sync", 0, Runs.WORKER_THREAD, "call"),
        ("anyio.from_thread.run", 0, Runs.EVENT_LOOP, "call"),
        ("trio.to_thread.run_sync", 0, Runs.WORKER_THREAD, "call"),
        ("asgiref.sync.sync_to_async", 0, Runs.WORKER_THREAD, "result-call"),
        ("asyncer.asyncify", 0, Runs.WORKER_THREAD, "result-call"),
        ("functools.reduce", 0, None, "call"),
        ("builtins.map", 0, None, "iteration"),
        ("builtins.sorted", None, None, "call"),
    ],
)
def test_what_runs_a_callable_is_known_with_the_place(
    dotted: str, position: int | None, runs: Runs | None, when: str
) -> None:
    found = look_up(dotted)
    assert found is not None
    (runner,) = found.runners
    assert (runner.position, runner.runs, runner.when) == (position, runs, when)


def test_a_background_task_that_is_a_coroutine_function_runs_on_the_loop() -> None:
    found = look_up("fastapi.BackgroundTasks.add_task")
    assert found is not None
    (runner,) = found.runners
    assert runner.coroutines is Runs.EVENT_LOOP


def test_only_the_database_effects_of_sqlalchemy_are_carried_by_its_bridge() -> None:
    execute, connect = look_up("sqlmodel.Session.exec"), look_up("psycopg2.connect")
    assert execute is not None
    assert execute.bridged
    assert connect is not None
    assert not connect.bridged


@pytest.mark.parametrize(
    ("class_name", "attribute", "expected"),
    [
        ("fastapi.UploadFile", "file", "tempfile.SpooledTemporaryFile"),
        ("flask_sqlalchemy.SQLAlchemy", "session", "sqlalchemy.orm.scoped_session"),
        ("sqlalchemy.ext.asyncio.AsyncSession", "sync_session", "sqlalchemy.ext.asyncio.BridgedSession"),
        ("sqlmodel.SQLModel", "metadata", "sqlalchemy.MetaData"),
        ("pymongo.MongoClient", "shop", "pymongo.database.Database"),
        ("pymongo.database.Database", "orders", "pymongo.collection.Collection"),
        ("pathlib.Path", "parent", "self"),
        ("subprocess.Popen", "stdout", "io.BufferedReader"),
    ],
)
def test_attributes_lead_on(class_name: str, attribute: str, expected: str) -> None:
    assert CATALOG.attribute(class_name, attribute) == (LibraryType(expected),)


def test_reading_the_state_of_a_celery_result_asks_the_backend() -> None:
    state = CATALOG.member("celery.result.AsyncResult", "state").effect
    assert state is not None
    assert state.blocks is Blocks.NETWORK


def test_func_makes_expressions() -> None:
    func = CATALOG.variable("sqlalchemy.sql.func")
    count = CATALOG.method(func[0].name, "count")
    assert count is not None
    assert count.blocks is None


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("sqlmodel.orm.session.Session", "sqlalchemy.orm.session.Session"),
        ("sqlalchemy.ext.asyncio.async_scoped_session", "sqlalchemy.ext.asyncio.AsyncSession"),
        ("fastapi.FastAPI", "starlette.applications.Starlette"),
        ("pathlib.PosixPath", "pathlib.PurePath"),
    ],
)
def test_library_classes_inherit(name: str, base: str) -> None:
    assert CATALOG.is_subclass(name, base)
    assert not CATALOG.is_subclass(base, name)


@pytest.mark.parametrize(
    ("dotted", "keyword", "text"),
    [
        ("queue.Queue.get", "block", "False"),
        ("threading.Lock.acquire", "blocking", "False"),
        ("concurrent.futures.ThreadPoolExecutor.shutdown", "wait", "False"),
        ("smtplib.SMTP", "host", ""),
    ],
)
def test_arguments_that_prevent_waiting_are_known(dotted: str, keyword: str, text: str) -> None:
    found = look_up(dotted)
    assert found is not None
    assert (keyword, text) in {(each.keyword, each.equals) for each in found.unless}
