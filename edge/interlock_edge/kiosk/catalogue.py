"""The kiosk's texts: one TOML file a language, every language with the same keys."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

LOCALES = ("en", "de", "pl")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language.

    Attributes:
        locale: BCP 47 tag.
        messages: By the key of the screen.
        choices: By the key of the choice, or its part before the first dot.
        page: Texts of the page itself.
    """

    locale: str
    messages: dict[str, str]
    choices: dict[str, str]
    page: dict[str, str]

    @classmethod
    def of(cls, locale: str) -> "Catalogue":
        """Read the texts of a language.

        Raises:
            ValueError: there are none.
        """
        if locale not in LOCALES:
            raise ValueError(f"There are no texts for {locale!r}; say one of {', '.join(LOCALES)}.")
        said = tomllib.loads((files("interlock_edge.kiosk") / "texts" / f"{locale}.toml").read_text("utf-8"))
        return cls(locale, said["messages"], said["choices"], said["page"])

    def message(self, key: str, *, compartment: str, parcels: int) -> str:
        """Return the sentence of a screen."""
        return self.messages[key].format(compartment=compartment, parcels=parcels)

    def choice(self, key: str, *, compartment: str = "") -> str:
        """Return the text on a button."""
        text = self.choices.get(key) or self.choices[key.partition(".")[0]]
        return text.format(compartment=compartment)
