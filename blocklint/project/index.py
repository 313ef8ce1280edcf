"""What is derived from the modules of one root: scopes, definitions, and indexes by name."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from blocklint.facts import records as r
from blocklint.memo import Memo
from blocklint.project.attribute_names import attribute_names
from blocklint.project.definitions import Definition, definitions_of
from blocklint.project.installed import Installed
from blocklint.project.modules import Modules
from blocklint.project.scopes import Bindings, bindings, scope_statements
from blocklint.project.stores import stores, storing_methods
from blocklint.project.uses import Uses, last_name


class Project(Modules):
    """The modules of a root with all that is derived from them, each when it is first asked for.

    Indexes by name are over the project's own modules. What is installed is read module by module, in an
    order that must not matter: so there each module has indexes of its own (``near``).
    """

    def __init__(
        self,
        modules: Mapping[str, r.ModuleFacts],
        source_roots: Sequence[str],
        installed: Installed | None = None,
    ) -> None:
        super().__init__(modules, source_roots, installed)
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
        self.definition_of = Memo(self._by_function)
        """The same by file and function."""
        self.overloads = Memo(self._overloads_in)
        """The stubs of a module decorated with ``@overload``, by file and qualified name."""
        self.global_writers = Memo(self._global_writers_in)
        """The functions of a module that declare its names ``global``, by file and name."""
        self.stores = Memo(stores)
        """The attributes that a body (of a function or module) sets: object and value, by name."""
        self.storing_methods = Memo(storing_methods)
        """The methods of a class that set attributes, by class and attribute."""
        self._alone = Memo(self._alone_with)

    # ------------------------------------------------------------- scopes

    def _bindings_of(self, file: str) -> Bindings:
        facts = self.facts(file)
        return bindings(facts.body.body) if facts else {}

    def _leaves_alone(self, place: tuple[str, str]) -> bool:
        file, name = place
        found = self.bindings[file]
        return name not in found and "*" not in found and name not in self.global_writers[file]

    def _definitions_in(self, file: str) -> tuple[Definition, ...]:
        facts = self.facts(file)
        return tuple(definitions_of(file, facts)) if facts else ()

    def _by_function(self, file: str) -> dict[r.Function, Definition]:
        return {definition.function: definition for definition in self.definitions[file]}

    @functools.cached_property
    def classes(self) -> tuple[tuple[str, r.Class], ...]:
        """Every class that is not local to a function, with its file."""
        return tuple(
            (file, statement.definition)
            for file, facts in self.modules.items()
            for statement in scope_statements(facts.body.body)
            if type(statement) is r.DefineClass
        )

    def near(self, file: str) -> Project:
        """The project whose indexes by name count in a module: this one, for an installed module it alone."""
        return self if self.is_own(file) else self._alone[file]

    def _alone_with(self, file: str) -> Project:
        facts = self.facts(file)
        return Project({} if facts is None else {file: facts}, ())

    def writers(self, attribute: str, file: str = "") -> list[tuple[str, r.Function]]:
        """The functions (module bodies among them) that set an attribute of this name.

        Those of an installed module count for what is defined in that ``file``.
        """
        own = self._writers.get(attribute, [])
        return own if self.is_own(file) else [*own, *self._alone[file].writers(attribute)]

    def may_be_set(self, attribute: str) -> bool:
        """Whether something may set an attribute of this name: what is installed may set any."""
        return self.installed is not None or attribute in self._writers

    @functools.cached_property
    def _writers(self) -> dict[str, list[tuple[str, r.Function]]]:
        found: dict[str, list[tuple[str, r.Function]]] = {}
        for file, facts in self.modules.items():
            for function in (facts.body, *(d.function for d in self.definitions[file])):
                for attribute in function.stored:
                    found.setdefault(attribute, []).append((file, function))
        return found

    def may_be_filled(self, name: str) -> bool:
        """Whether something may be put into a container of this name (".name": attribute)."""
        return self.installed is not None or name in self.uses.filled

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
        """The names with double underscores that some class may define: what is installed may define any."""
        own = frozenset(
            name
            for file in self.modules
            for definition in self.definitions[file]
            if definition.function.owner
            and (name := definition.function.name.rpartition(".")[2]).startswith("__")
        )
        if self.installed is None:
            return own
        from blocklint.project.special_names import SPECIAL_METHODS

        return own | SPECIAL_METHODS

    @functools.cached_property
    def truth_methods(self) -> tuple[str, ...]:
        """Those among ``__bool__`` and ``__len__``, in the order of Python, that some class defines."""
        return tuple(name for name in ("__bool__", "__len__") if name in self.special_methods)

    @functools.cached_property
    def has_metaclasses(self) -> bool:
        """Whether a class may have another class as its metaclass: what is installed may."""
        if self.installed is not None:
            return True
        named = {
            last_name(keyword.value)
            for _, definition in self.classes
            if definition.keywords
            for keyword in definition.keywords
            if keyword.name == "metaclass"
        }
        return any(definition.name.rpartition(".")[2] in named for _, definition in self.classes if named)

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


def _defines_class(function: r.Function) -> bool:
    return any(type(statement) is r.DefineClass for statement in scope_statements(function.body))
