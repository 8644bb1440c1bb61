"""The tags of a pipeline that came through the gate, beside the caller's own."""

from __future__ import annotations

import json
from typing import Any

from ormer.gate.clearance import Clearance
from ormer.model.errors import InputError

DEFINITION = "ormer:definition-sha256"
GATE = "ormer:gate"
VERSION = "ormer:version"
CONTROLS = "ormer:controls-digest"
WAIVERS = "ormer:waivers-sha256"
OWN = (DEFINITION, GATE, VERSION, CONTROLS, WAIVERS)

MOST_TAGS = 50  # AWS API reference, SageMaker "AddTags"


def gate_tags(clearance: Clearance, ormer_version: str) -> dict[str, str]:
    """What the gate says about the definition that it let through."""
    said = {
        DEFINITION: clearance.sha256,
        GATE: f"passed with {clearance.waived} waived" if clearance.waived else "passed",
        VERSION: ormer_version,
        CONTROLS: clearance.controls_digest,
    }
    return {**said, WAIVERS: clearance.waivers_sha256} if clearance.waivers_sha256 else said


def given_tags(text: str) -> dict[str, str]:
    """``--tags``: a JSON object, or AWS's list of ``{"Key": ..., "Value": ...}``.

    Raises InputError for anything else, for the gate's own and AWS's reserved
    prefixes, and for more tags than AWS takes.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InputError(f"--tags is not JSON: {error}") from None
    tags: dict[str, str] = {}
    for key, value in _pairs(document):
        if not isinstance(key, str) or not isinstance(value, str) or not key:
            raise InputError(f"--tags: {key!r}: {value!r} is not text for text")
        if key.lower().startswith(("ormer:", "aws:")):
            raise InputError(f"--tags: {key!r}: the prefix is reserved")
        if key in tags:
            raise InputError(f"--tags: {key!r} is given twice")
        tags[key] = value
    if len(tags) > MOST_TAGS - len(OWN):
        raise InputError(
            f"--tags: {len(tags)} tags; the gate adds {len(OWN)} and AWS takes {MOST_TAGS}"
        )
    return tags


def _pairs(document: Any) -> list[tuple[Any, Any]]:
    if isinstance(document, dict):
        return list(document.items())
    if isinstance(document, list) and all(
        isinstance(entry, dict) and set(entry) == {"Key", "Value"} for entry in document
    ):
        return [(entry["Key"], entry["Value"]) for entry in document]
    raise InputError('--tags is neither {"key": "value"} nor [{"Key": "key", "Value": "value"}]')
