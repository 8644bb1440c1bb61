"""The version of the pipelines in this repository."""

__version__ = "1.0.0"
