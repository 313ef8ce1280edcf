"""The modules of one root: names of modules, resolution of imports, scopes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from blocklint.facts import records as r
from blocklint.memo import Memo
from blocklint.model import FunctionKey
from blocklint.project.attribute_names import attribute_names
from blocklint.project.definitions import Definition, definitions_of
from blocklint.project.paths import shared
from blocklint.project.scopes import Bindings, bindings, scope_statements
from blocklint.project.stores import stores, storing_methods
from blocklint.project.uses import Uses, last_name


class Project:
    """The facts of all modules of a root, by path relative to it ("/"-separated).

    ``source_roots`` are the folders where absolute imports start, "" for the root itself.
    Read-only after construction; everything derived is computed when first asked for.
    """

    def __init__(self, modules: Mapping[str, r.ModuleFacts], source_roots: Sequence[str]) -> None:
        self.modules = dict(sorted(modules.items()))
        roots = {root.strip("/") for root in source_roots} | {""}
        self.source_roots = sorted(roots, key=lambda root: (-len(root), root))
        self._folders = {
            "/".join(parts[:length])
            for parts in (path.split("/") for path in self.modules)
            for length in range(1, len(parts))
        }
        self._found: dict[tuple[str, str], str | None] = {}
        self._shown: dict[FunctionKey, str] = {}
        self.bindings = Memo(self._bindings_of)
        """The bindings of a module's body, by file."""
        self.leaves_alone = Memo(self._leaves_alone)
        """By file and name: whether a module's body cannot bind the name, so that it is a builtin's."""
        self.class_bindings: Memo[r.Class, Bindings] = Memo(lambda found: bindings(found.body))
        """The bindings of a class body."""
        self.function_bindings: Memo[r.Function, Bindings] = Memo(
            lambda found: bindings(found.body, rebinding=False)
        )
        """The bindings of a function's body."""
        self.attribute_names = Memo(attribute_names)
        """The parameters of a function that it hands to ``getattr`` as the name."""
        self.definitions = Memo(self._definitions_in)
        """Every function of a module at any depth (lambdas excepted), in source order, by file."""
        self.overloads = Memo(self._overloads_in)
        """The stubs of a module decorated with ``@overload``, by file and qualified name."""
        self.global_writers = Memo(self._global_writers_in)
        """The functions of a module that declare its names ``global``, by file and name."""
        self.stores = Memo(stores)
        """The attributes that a body (of a function or module) sets: object and value, by name."""
        self.storing_methods = Memo(storing_methods)
        """The methods of a class that set attributes, by class and attribute."""

    # ------------------------------------------------------------ modules

    def source_root(self, file: str) -> str:
        """The innermost source root that holds a file."""
        for root in self.source_roots:
            if not root or file.startswith(root + "/"):
                return root
        return ""

    def module_name(self, file: str) -> str:
        """The dotted name of a module: ``app.repo`` for ``src/app/repo.py``."""
        root = self.source_root(file)
        inner = file[len(root) + 1 :] if root else file
        inner = inner.removesuffix(".py").removesuffix("/__init__").rstrip("/")
        return inner.replace("/", ".")

    def find_module(self, dotted: str, importer: str) -> str | None:
        """The file of an absolute module name, from the source root nearest to the importer.

        A folder without ``__init__.py`` that holds modules gives its path with a final "/".
        """
        key = (dotted, self.source_root(importer))
        if key not in self._found:
            self._found[key] = self._find_module(dotted, importer)
        return self._found[key]

    def _find_module(self, dotted: str, importer: str) -> str | None:
        inner = dotted.replace(".", "/")
        for root in sorted(self.source_roots, key=lambda root: -shared(root, importer)):
            found = self.at(f"{root}/{inner}" if root else inner)
            if found is not None:
                return found
        return None

    def at(self, path: str) -> str | None:
        """The module at a path without suffix: a file, a package, or a namespace folder."""
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate in self.modules:
                return candidate
        return f"{path}/" if path in self._folders else None

    def submodule(self, file: str, name: str) -> str | None:
        """The module ``name`` inside the package whose ``__init__.py`` or folder ``file`` is."""
        if file.endswith("/__init__.py"):
            return self.at(f"{file.removesuffix('__init__.py')}{name}")
        if file == "__init__.py":
            return self.at(name)
        return self.at(f"{file}{name}") if file.endswith("/") else None

    def import_base(self, file: str, level: int, module: str) -> str | None:
        """The file that ``from ..module import`` in ``file`` names, None if it is not ours."""
        if not level:
            return self.find_module(module, file)
        folder = file.rpartition("/")[0].split("/") if "/" in file else []
        kept = folder[: len(folder) - (level - 1)] if level > 1 else folder
        parts = [*kept, *(module.split(".") if module else [])]
        if parts:
            return self.at("/".join(parts))
        return "__init__.py" if "__init__.py" in self.modules else None

    # ------------------------------------------------------------- scopes

    def _bindings_of(self, file: str) -> Bindings:
        facts = self.modules.get(file)
        return bindings(facts.body.body) if facts else {}

    def _leaves_alone(self, place: tuple[str, str]) -> bool:
        file, name = place
        found = self.bindings[file]
        return name not in found and "*" not in found and name not in self.global_writers[file]

    def _definitions_in(self, file: str) -> tuple[Definition, ...]:
        facts = self.modules.get(file)
        return tuple(definitions_of(file, facts)) if facts else ()

    @functools.cached_property
    def classes(self) -> tuple[tuple[str, r.Class], ...]:
        """Every class that is not local to a function, with its file."""
        return tuple(
            (file, statement.definition)
            for file, facts in self.modules.items()
            for statement in scope_statements(facts.body.body)
            if type(statement) is r.DefineClass
        )

    def writers(self, attribute: str) -> list[tuple[str, r.Function]]:
        """The functions (module bodies among them) that set an attribute of this name."""
        return self._writers.get(attribute, [])

    @functools.cached_property
    def _writers(self) -> dict[str, list[tuple[str, r.Function]]]:
        found: dict[str, list[tuple[str, r.Function]]] = {}
        for file, facts in self.modules.items():
            for function in (facts.body, *(d.function for d in self.definitions[file])):
                for attribute in function.stored:
                    found.setdefault(attribute, []).append((file, function))
        return found

    def _overloads_in(self, file: str) -> dict[str, list[r.Function]]:
        found: dict[str, list[r.Function]] = {}
        for definition in self.definitions[file]:
            function = definition.function
            if any(getattr(d, "name", "") == "overload" for d in function.decorators):
                found.setdefault(function.name, []).append(function)
        return found

    @functools.cached_property
    def classes_by_method(self) -> dict[str, list[tuple[str, r.Class]]]:
        """The classes that define a method of a name themselves."""
        found: dict[str, list[tuple[str, r.Class]]] = {}
        for file, definition in self.classes:
            for statement in definition.body:
                if isinstance(statement, r.DefineFunction):
                    name = statement.function.name.rpartition(".")[2]
                    found.setdefault(name, []).append((file, definition))
        return found

    @functools.cached_property
    def special_methods(self) -> frozenset[str]:
        """The names with double underscores that some class of the project defines."""
        return frozenset(
            name
            for file in self.modules
            for definition in self.definitions[file]
            if definition.function.owner
            and (name := definition.function.name.rpartition(".")[2]).startswith("__")
        )

    @functools.cached_property
    def truth_methods(self) -> tuple[str, ...]:
        """Those among ``__bool__`` and ``__len__``, in the order of Python, that some class defines."""
        return tuple(name for name in ("__bool__", "__len__") if name in self.special_methods)

    @functools.cached_property
    def metaclasses(self) -> frozenset[str]:
        """The names by which classes of the project are metaclasses of others."""
        named = {
            last_name(keyword.value)
            for _, definition in self.classes
            if definition.keywords
            for keyword in definition.keywords
            if keyword.name == "metaclass"
        }
        own = {definition.name.rpartition(".")[2] for _, definition in self.classes} if named else ()
        return frozenset(named.intersection(own))

    @functools.cached_property
    def class_replacers(self) -> frozenset[str]:
        """The names of functions that decorate classes and define some themselves."""
        decorators, found = self.uses.class_decorators, set[str]()
        for file in self.modules:
            for definition in self.definitions[file]:
                if definition.function.has_definitions:
                    names = decorators.intersection(definition.function.name.split("."))
                    if names and _defines_class(definition.function):
                        found |= names
        return frozenset(found)

    @functools.cached_property
    def uses(self) -> Uses:
        """Who calls, decorates with and fills what, by name."""
        places = [
            (file, function)
            for file, facts in self.modules.items()
            for function in (facts.body, *(d.function for d in self.definitions[file]))
        ]
        return Uses(self.modules, places)

    def imports(self, dotted: str) -> bool:
        """Whether some module imports a name from another one, both given as one dotted name."""
        module, _, name = dotted.rpartition(".")
        return any(module in facts.imported and name in facts.body.bound for facts in self.modules.values())

    def called(self) -> frozenset[str]:
        """The last parts of the names of everything that is called anywhere.

        Of what is imported by another name than its own, both.
        """
        bodies = [facts.body.called for facts in self.modules.values()]
        inside = [d.function.called for file in self.modules for d in self.definitions[file]]
        found = frozenset[str]().union(*bodies, *inside)
        lines = [line for facts in self.modules.values() for line in facts.body.body]
        names = [alias for line in lines if type(line) is r.Import for alias in line.names]
        renamed = [alias.name for alias in names if alias.bound in found]
        return found.union(renamed)

    def _global_writers_in(self, file: str) -> dict[str, list[Definition]]:
        found: dict[str, list[Definition]] = {}
        for definition in self.definitions[file]:
            for name in definition.function.declared_global:
                found.setdefault(name, []).append(definition)
        return found

    def exported(self, file: str) -> frozenset[str] | None:
        """The names in ``__all__``, None if the module does not define it in a readable way."""
        found = self.bindings[file].get("__all__")
        if not found:
            return None
        names: set[str] = set()
        for binding in found:
            match binding.value:
                case r.Collection(items=items):
                    names.update(
                        item.value
                        for item in items
                        if isinstance(item, r.Constant) and isinstance(item.value, str)
                    )
                case _:
                    return None
        return frozenset(names)

    # -------------------------------------------------------------- names

    @functools.cached_property
    def _ambiguous(self) -> frozenset[str]:
        seen, twice = set[str](), set[str]()
        for file in self.modules:
            name = self.module_name(file)
            (twice if name in seen else seen).add(name)
        return frozenset(twice)

    def show(self, key: FunctionKey) -> str:
        """A function's name as shown to people: ``app.repo:Repo.find``, ``…#2`` for a second one.

        The source root stands in front (``backend::app.repo:f``) where module names collide.
        """
        if key not in self._shown:
            module = self.module_name(key.file)
            ordinal = f"#{key.ordinal}" if key.ordinal > 1 else ""
            prefix = f"{self.source_root(key.file)}::" if module in self._ambiguous else ""
            self._shown[key] = f"{prefix}{module}:{key.name}{ordinal}"
        return self._shown[key]


def _defines_class(function: r.Function) -> bool:
    return any(type(statement) is r.DefineClass for statement in scope_statements(function.body))
