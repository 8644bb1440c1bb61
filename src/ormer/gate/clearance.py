"""The right to upsert a definition: only a passed report about exactly its bytes gives it."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, Optional

from ormer.model.errors import InputError
from ormer.model.finding import Report


class Clearance(NamedTuple):
    """A definition that passed the check; ``clear`` is the only thing that makes one.

    ``waived`` counts its findings that somebody accepted, in the file of that SHA-256.
    """

    definition: bytes
    sha256: str
    controls_digest: str
    waivers_sha256: str = ""
    waived: int = 0


def clear(report: Report, definition: bytes, strict: bool) -> Optional[Clearance]:
    """The clearance of ``definition`` by ``report``, or None if the report did not pass.

    Raises InputError if the report is about other bytes than these.
    """
    sha256 = digest(definition)
    if report.input.sha256 != sha256:
        raise InputError(
            f"the report is about sha256 {report.input.sha256}, "
            f"the definition to upsert is {sha256}; nothing is upserted"
        )
    if not report.passed(strict):
        return None
    return Clearance(definition, sha256, report.controls_digest, report.waivers[1], report.waived)


def digest(definition: bytes) -> str:
    """The SHA-256 of a definition's bytes, as hexadecimal text."""
    return hashlib.sha256(definition).hexdigest()
