"""The rules that a waiver has to meet."""

from __future__ import annotations

from ormer.assess.document_rules import DocumentRule
from ormer.model.finding import Severity

FORM = DocumentRule(
    "WVR-01",
    "Waivers are complete and bounded",
    Severity.MEDIUM,
    "A waiver without an owner, an approver or an end, or one that waives everything, takes a "
    "control away without anybody answering for it. It does not apply.",
    "Give the waiver every field that docs/waivers.md names, an existing control and a narrower "
    "pattern, and let it expire within the profile's max_waiver_days.",
)
IN_FORCE = DocumentRule(
    "WVR-02",
    "Waivers are in force",
    Severity.MEDIUM,
    "A waiver that has expired no longer applies: what it waived was accepted until that day only.",
    "Remove the waiver once the finding is gone, or have it approved again with new dates.",
)
USED = DocumentRule(
    "WVR-03",
    "Waivers are used",
    Severity.LOW,
    "A waiver that waives nothing is left over from a finding that is gone, or has a pattern that "
    "does not say what was meant.",
    "Remove the waiver, or correct its pattern.",
)
WAIVER_RULES = (FORM, IN_FORCE, USED)
