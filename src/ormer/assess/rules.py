"""All rules that are no controls: about definitions, their calls, and waivers."""

from __future__ import annotations

from ormer.assess.access_rules import ACCESS_RULES
from ormer.assess.document_rules import DOCUMENT_RULES
from ormer.assess.waiver_rules import WAIVER_RULES

RULES = (*DOCUMENT_RULES, *ACCESS_RULES, *WAIVER_RULES)
