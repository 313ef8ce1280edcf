"""Which findings are shown: by code, certainty and file."""

from __future__ import annotations

import msgspec

from blocklint.model import Certainty, Finding
from blocklint.project.globs import Globs
from blocklint.rules.codes import BY_CODE
from blocklint.settings import Overrides, Settings, UsageError, nearest


class UnknownCode(UsageError):
    """A prefix that matches no code: which, in which setting, and the tail of a message that helps."""

    def __init__(self, prefix: str, setting: str) -> None:
        super().__init__(prefix, setting)
        self.prefix = prefix
        self.setting = setting

    def __str__(self) -> str:
        hint = nearest(self.prefix.upper().replace("O", "0"), list(BY_CODE))
        return f'unknown code "{self.prefix}" in "{self.setting}"{hint}'


def combine(settings: Settings, overrides: Overrides) -> Settings:
    """The settings as one run wants them: what it replaces is replaced, what it extends is extended."""
    return msgspec.structs.replace(
        settings,
        select=settings.select if overrides.select is None else overrides.select,
        ignore=settings.ignore if overrides.ignore is None else overrides.ignore,
        extend_select=settings.extend_select + overrides.extend_select,
        extend_ignore=settings.extend_ignore + overrides.extend_ignore,
        certainty=settings.certainty if overrides.certainty is None else overrides.certainty,
        report_tests=settings.report_tests or overrides.report_tests,
        cache_dir=settings.cache_dir if overrides.cache_dir is None else overrides.cache_dir,
    )


def check_codes(settings: Settings | Overrides) -> None:
    """Raise UnknownCode for the first prefix of a select, ignore or per-file-ignores that means nothing."""
    given = {
        "select": settings.select or (),
        "ignore": settings.ignore or (),
        "extend-select": settings.extend_select,
        "extend-ignore": settings.extend_ignore,
    }
    if isinstance(settings, Settings):
        given["per-file-ignores"] = tuple(p for codes in settings.per_file_ignores.values() for p in codes)
    for setting, prefixes in given.items():
        for prefix in prefixes:
            if not prefix or not any(code.startswith(prefix) for code in BY_CODE):
                raise UnknownCode(prefix, setting)


class Selection:
    """The filter that settings describe; it is applied to one finding after the other."""

    def __init__(self, settings: Settings) -> None:
        self._certainty = settings.certainty
        self._on = {code for code in BY_CODE if _is_on(code, settings)}
        self._per_file = [(Globs([glob]), codes) for glob, codes in settings.per_file_ignores.items()]

    def selects(self, code: str) -> bool:
        """Whether a code is reported at all."""
        return code in self._on

    def shows(self, finding: Finding) -> bool:
        """Whether a finding is shown, as far as code, certainty and the ignores for its file tell."""
        if finding.code not in self._on or finding.certainty < self._certainty:
            return False
        if self._certainty == Certainty.LIKELY and finding.certainty < BY_CODE[finding.code].shown_from:
            return False
        return not any(
            finding.code.startswith(codes) and globs.matches(finding.site.file)
            for globs, codes in self._per_file
        )


def _is_on(code: str, settings: Settings) -> bool:
    """Flake8's decision: the longest prefix wins, at equal length the ignored one."""
    selected = _longest(code, (*(settings.select or ()), *settings.extend_select))
    ignored = _longest(code, (*settings.ignore, *settings.extend_ignore))
    if selected or ignored:
        return selected > ignored
    return settings.select is None and BY_CODE[code].on


def _longest(code: str, prefixes: tuple[str, ...]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=0)
