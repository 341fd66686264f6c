"""A warehouse of files to play with: it takes order files from a folder, and writes despatch and stock files into it.

warehouse   takes orders, ships, holds, cancels, counts         files   its reading (strict) and its writing
run         `npf sandbox files`

warehouse = FileWarehouse(folder)       # out, in, done and bad are made in it
warehouse.step()                        # take what is there, ship what is due
"""

from .files import Refused
from .run import run
from .warehouse import FileWarehouse, Order

__all__ = ["FileWarehouse", "Order", "Refused", "run"]
