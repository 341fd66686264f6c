"""`python -m npf` is the npf command."""

from npf.cli import main

main()
