"""The tests of NPF Connect."""
