"""``python -m ormer``."""

from ormer.cli.main import entry

entry()
