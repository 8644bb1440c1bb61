"""A SARIF log: the document around the runs (SARIF 2.1.0, section 3.13)."""

from __future__ import annotations

import json
from typing import Any

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def log(run: dict[str, Any]) -> str:
    """The log of one run, as text that ends in a line break."""
    found = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(found, indent=2, ensure_ascii=True) + "\n"
