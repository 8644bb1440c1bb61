"""What the command line gives for the parameters of templates."""

from __future__ import annotations

from collections.abc import Iterable

from ormer.read.templates.parameters import Values, given_parameters, read_template_parameters
from ormer.sources.files import read_bytes


def given_values(files: Iterable[str], pairs: Iterable[str]) -> Values:
    """Of several values for a name the last one counts, and NAME=VALUE comes after the files.

    Raises InputError for what cannot be read.
    """
    values: Values = {}
    for path in files:
        values.update(read_template_parameters(read_bytes(path), path))
    values.update(given_parameters(pairs))
    return values
