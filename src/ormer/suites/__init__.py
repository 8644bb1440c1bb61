"""Compliance suites for pytest: ``pytest --pyargs ormer.suites --definition FILE``."""
