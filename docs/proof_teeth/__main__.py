"""Tries every mutant and writes ``docs/proof-teeth.md``; takes minutes.

    python -m docs.proof_teeth

Writes nothing where one that leaves every proof as it is has no reason, or a reason none such.
"""

from __future__ import annotations

import sys

from docs.plain_documents import ROOT
from docs.proof_teeth.outcomes import outcomes
from docs.proof_teeth.page import proof_teeth_page
from docs.proof_teeth.reasons import wrong_with

PAGE = ROOT / "docs" / "proof-teeth.md"


def main() -> int:
    """Exit code 1 where the table of reasons and what is left differ."""
    tried = outcomes()
    wrong = list(wrong_with(tried))
    if wrong:
        print("\n".join(wrong))
        return 1
    PAGE.write_text(proof_teeth_page(tried), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
