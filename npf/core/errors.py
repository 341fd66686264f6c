"""The four kinds of error, each named by what the caller does next.

TryLater     the outer system could not answer now: try again after `delay` seconds
GiveUp       trying again will not help: hold the thing and let a person decide
FixSettings  the store's settings are wrong: pause the store and tell once
Skip         nothing is wrong and nothing is to be done
"""


class NpfError(Exception):
    """The root of the four kinds. `str(error)` is a sentence that an operator can read; it bears no secret."""


class TryLater(NpfError):
    """Try again after `delay` seconds (None: the caller's own schedule).

    `unclear` says that a write was asked for and its answer lost: it may have been done, so the caller must
    look before it writes again.
    """

    def __init__(self, message: str, *, delay: float | None = None, unclear: bool = False) -> None:
        super().__init__(message)
        self.delay = delay
        self.unclear = unclear


class GiveUp(NpfError):
    """Hold it. `field` names what is wrong, `repair` is a proposal a person can take, `code` is stable text."""

    def __init__(self, message: str, *, code: str, field: str = "", repair: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.repair = repair


class FixSettings(NpfError):
    """A setting is wrong. `parameter` is its key in the store file (DESIGN section 3), `cure` says what to do."""

    def __init__(self, message: str, *, parameter: str, cure: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.cure = cure


class Skip(NpfError):
    """Nothing to do; the message says why."""
