"""All rules that are no controls: about definitions, and about waivers."""

from __future__ import annotations

from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.assess.waiver_rules import WAIVER_RULES

RULES = (*DOCUMENT_RULES, *WAIVER_RULES)
