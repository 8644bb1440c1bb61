"""An account's authorization details -> an access file, read back before it is put in place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Optional

from ormer.model.errors import InputError
from ormer.read.access_file import read_access_file
from ormer.read.policies.authorization_details import Detail, read_authorization_details
from ormer.read.text.suggestion import suggestion
from ormer.run.access import access_of
from ormer.run.targets import name_of
from ormer.sources.access_yaml import access_yaml
from ormer.sources.files import read_bytes, write_atomically


def write_access(
    source: str, principals: Optional[Sequence[str]], output: str, force: bool
) -> Iterator[str]:
    """Write the file and say what it holds, line by line.

    Raises InputError for details that cannot be read, a principal that they do not have, a
    document that is no policy, and for an ``output`` that exists, unless ``force`` is given.
    """
    if not output:
        raise InputError("--output is empty")
    if os.path.lexists(output) and not force:
        raise InputError(f"{output}: exists already; --force replaces it")
    if source != "-" and os.path.realpath(source) == os.path.realpath(output):
        raise InputError(f"--output {output} would replace what is read from it")
    name = name_of(source)
    details = _chosen(read_authorization_details(read_bytes(source), name), principals, name)
    text = access_yaml(details).encode("utf-8")
    access = access_of(read_access_file(text, output))
    write_atomically(output, text)
    yield f"wrote {output}"
    for arn, holder in access.holders.items():
        count = len(holder.identity)
        policies = f"{count} identity {'policy' if count == 1 else 'policies'}"
        yield f"  {arn}: {policies}{', a boundary' if holder.boundary is not None else ''}"


def _chosen(
    details: tuple[Detail, ...], principals: Optional[Sequence[str]], name: str
) -> list[Detail]:
    by_arn = {one.arn: one for one in details}
    if principals is None:
        if not by_arn:
            raise InputError(f"{name}: has neither a role nor a user")
        return list(by_arn.values())
    for arn in principals:
        if arn not in by_arn:
            near = suggestion(arn, by_arn)
            hint = near if "did you mean" in near else ""
            raise InputError(f"{name}: no role or user {arn!r}{hint}")
    return [by_arn[arn] for arn in dict.fromkeys(principals)]
