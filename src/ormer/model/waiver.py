"""A waiver: a finding that somebody answers for, until a date."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ormer.model.definition import Place


class Waiver(NamedTuple):
    """One accepted finding, or several of one control.

    ``pipeline`` and ``subject`` are patterns (``*``, ``?``) of the pipeline's name and of the
    step's path by name, ``profile`` one of the profile's name in ``ormer.toml``; ``finding``, if it
    is not empty, the id of the only finding meant, and ``evidence`` what was wrong then.
    It applies from ``created`` through ``expires`` (UTC).
    """

    id: str
    control: str
    pipeline: str
    subject: str
    finding: str
    reason: str
    owner: str
    approver: str
    ticket: str
    created: date
    expires: date
    place: Place = ()
    profile: str = ""
    evidence: str = ""


class Malformed(NamedTuple):
    """An entry that is no waiver: its id (or its number), its place, and what is wrong."""

    id: str
    place: Place
    message: str


class WaiverFile(NamedTuple):
    """A file of waivers: where it was read, the SHA-256 of its bytes, and what it holds."""

    path: str
    sha256: str
    waivers: tuple[Waiver, ...]
    malformed: tuple[Malformed, ...]
