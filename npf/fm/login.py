"""FM's login."""

import msgspec


class Login(msgspec.Struct, frozen=True):
    """The credentials that stand inside every document. The password shows in no representation."""

    Username: str
    Password: str
    ClientCode: str

    def __repr__(self) -> str:
        return f"Login(Username={self.Username!r}, Password='***', ClientCode={self.ClientCode!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("Username", self.Username), ("Password", "***"), ("ClientCode", self.ClientCode)]
