"""A waiver in words: who accepted a finding, until when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ormer.model.waiver import Waiver


def accepted(waiver: Waiver) -> str:
    """One line, as every format but JSON shows it."""
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    by = f"by {waiver.id} until {waiver.expires}, owner {waiver.owner}"
    return f"{by}, approved by {waiver.approver}{ticket}: {waiver.reason}"
