"""One order into the warehouse's folder, once, whatever is lost on the way.

begin     in the ledger: this number, this content, try n
write     NAME.n.part, whole
ready     in the ledger: from now on the rename may have been asked for
rename    NAME.n.part -> NAME, which is all at once; the warehouse may take it away the next moment
sent      in the ledger

After an unclear end, the part tells: it is renamed to NAME.n.tmp. Where that works, the order's rename was not done and
cannot be done any more; where the part is gone, it was done, wherever the file is by now.
"""

from npf.core.errors import NpfError, TryLater
from npf.files import out
from npf.files.ledger import Ledger, OrderFile
from npf.files.place import Missing, Place, Taken
from npf.warehouse.port import AlreadyThere


class Sending:
    """Order files in `folder` of a place."""

    def __init__(self, place: Place, ledger: Ledger, folder: str, form: out.Format) -> None:
        self._place = place
        self._ledger = ledger
        self._folder = folder
        self._form = form

    def path(self, number: str) -> str:
        """Where the file of an order belongs."""
        return f"{self._folder}/{out.name(number, self._form)}"

    def send(self, number: str, content: bytes) -> None:
        """Raises AlreadyThere, FixSettings, TryLater; unclear where the file may stand there."""
        digest = out.digest(content)
        file = self._ledger.begin(number, digest)
        if file.state == "ready" and not self.arrived(file):
            file = self._ledger.begin(number, digest)
        if file.state != "new":
            raise _there(number, same=file.digest == digest)
        if self._place.exists(self.path(number)):
            raise _there(number, same=self._stands(number, content))
        part = self._part(file)
        self._place.write(part, content)
        self._ledger.mark(number, "ready")
        try:
            self._place.rename(part, self.path(number))
        except Taken:
            self._ledger.mark(number, "new")
            raise _there(number, same=self._stands(number, content)) from None
        except Missing:
            self._ledger.mark(number, "new")
            raise TryLater(f"somebody removed {part} before it could be renamed") from None
        except TryLater as error:
            error.unclear = True
            raise
        except NpfError:
            self._ledger.mark(number, "new")
            raise
        self._ledger.mark(number, "sent")

    def arrived(self, file: OrderFile) -> bool:
        """Whether the warehouse has an order whose file was begun. What it has not, it will not get by that try."""
        if file.state != "ready":
            return file.state == "sent"
        part = self._part(file)
        back = part.removesuffix(".part") + ".tmp"
        try:
            self._place.rename(part, back)
        except Taken:
            # An earlier look renamed it, and what came of it was lost.
            pass
        except Missing:
            self._ledger.mark(file.number, "sent")
            return True
        self._ledger.mark(file.number, "new")
        return False

    def _part(self, file: OrderFile) -> str:
        return f"{self.path(file.number)}.{file.tries}.part"

    def _stands(self, number: str, content: bytes) -> bool:
        try:
            return self._place.read(self.path(number), len(content)) == content
        except Missing:
            return False


def _there(number: str, *, same: bool) -> AlreadyThere:
    if same:
        return AlreadyThere(f"the warehouse was given {number} already, with the same content")
    return AlreadyThere(f"the warehouse was given {number} already, with other content")
