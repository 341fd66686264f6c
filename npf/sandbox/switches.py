"""A switch: one thing in which a sandbox can be set to behave otherwise. Pages, side doors and docs are made of them.

@dataclass
class Switches:
    over_shipping: str = switch("strict", "whether more than was ordered may be shipped", "strict", "lax")

SWITCHES = switches_of(Switches)                 # {"over_shipping": Switch(…)}
SWITCHES["over_shipping"].read("lax")            # the value, or ValueError that names the switch
"""

from dataclasses import dataclass, field, fields
from typing import Any

Value = bool | int | float | str | tuple[str, ...]
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
_MOST = 1e9


@dataclass(frozen=True, slots=True)
class Switch:
    """`name`, what it means, and what it may be.

    `choices` of words; else by the kind of the default: yes and no, a number from 0 to `most`, a text, several texts.
    """

    name: str
    meaning: str
    default: Value
    choices: tuple[str, ...] = ()
    most: float = _MOST

    def read(self, value: Any) -> Value:
        """`value` as the switch keeps it; it may come as text (several with commas). ValueError names the switch."""
        if self.choices:
            if value not in self.choices:
                raise ValueError(f"{self.name} is {' or '.join(self.choices)}, not {value!r}")
            return str(value)
        if isinstance(self.default, bool):
            return self._yes_or_no(value)
        if isinstance(self.default, int | float):
            return self._number(value)
        if isinstance(self.default, tuple):
            texts = value.split(",") if isinstance(value, str) else value
            if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
                raise ValueError(f"{self.name} is texts with commas between, not {value!r}")
            return tuple(text.strip() for text in texts if text.strip())
        if not isinstance(value, str):
            raise ValueError(f"{self.name} is a text, not {value!r}")
        return value.strip()

    def show(self, value: Value) -> str:
        """The value as `read` takes it from a person."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ", ".join(value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _yes_or_no(self, value: Any) -> bool:
        word = str(value).strip().lower()
        if word not in _YES + _NO:
            raise ValueError(f"{self.name} is yes or no, not {value!r}")
        return word in _YES

    def _number(self, value: Any) -> float | int:
        whole = isinstance(self.default, int)
        try:
            number = float(str(value).strip())
        except ValueError:
            number = -1.0
        # Also refuses NaN, which is neither.
        if not 0 <= number <= self.most or (whole and number != int(number)):
            kind = "a whole number" if whole else "a number"
            upto = "" if self.most == _MOST else f" to {self.most:g}"
            raise ValueError(f"{self.name} is {kind} from 0{upto}, not {value!r}")
        return int(number) if whole else number


def switch(default: Value, meaning: str, *choices: str, most: float = _MOST) -> Any:
    """A field of a dataclass that is a switch."""
    return field(default=default, metadata={"switch": (meaning, default, choices, most)})


def switches_of(kind: Any) -> dict[str, Switch]:
    """The switches of a dataclass, by name, in their order."""
    return {one.name: Switch(one.name, *one.metadata["switch"]) for one in fields(kind)}
