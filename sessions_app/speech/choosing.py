"""Which engine recognises which language, as a setting says it. Pure: knows no engine, only names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """Names of engines: for single languages, and for all others in the order in which they are tried."""

    of_language: tuple[tuple[str, str], ...]
    of_others: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "Choice":
        """Read a setting such as `whisper,deepgram,ko=soniox`."""
        entries = [entry.strip() for entry in text.split(",") if entry.strip()]
        pairs = [entry.partition("=") for entry in entries if "=" in entry]
        return cls(
            tuple((language.strip().lower(), name.strip()) for language, _, name in pairs),
            tuple(entry for entry in entries if "=" not in entry),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Every engine that may be asked, each once, the default first."""
        return tuple(dict.fromkeys([*self.of_others, *(name for _, name in self.of_language)]))

    def for_setting(self, setting: str) -> tuple[str, ...]:
        """Return the engines to try for a language setting: the most exact choice first."""
        wanted = setting.lower()
        chosen = dict(self.of_language)
        exact = [chosen[key] for key in (wanted, wanted.partition("-")[0]) if key in chosen]
        return tuple(dict.fromkeys([*exact, *self.of_others]))
