"""Tries every mutant and writes ``docs/policy-teeth.md``; takes minutes.

    python -m docs.policy_teeth

Writes nothing where a survivor has no reason, or a reason no survivors.
"""

from __future__ import annotations

import sys

from docs.plain_documents import ROOT
from docs.policy_teeth.outcomes import outcomes, survivors
from docs.policy_teeth.page import policy_teeth_page
from docs.policy_teeth.reasons import wrong_with

PAGE = ROOT / "docs" / "policy-teeth.md"


def main() -> int:
    """Exit code 1 where the table of reasons and the survivors differ."""
    tried = outcomes()
    wrong = list(wrong_with(survivors(tried)))
    if wrong:
        print("\n".join(wrong))
        return 1
    PAGE.write_text(policy_teeth_page(tried), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
