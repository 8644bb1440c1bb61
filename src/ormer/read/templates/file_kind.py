"""What kind of file a target is, told from what is in it."""

from __future__ import annotations

import re

from ormer.model.errors import InputError
from ormer.read.text.json_text import read_json

TEMPLATE, PLAN = "template", "plan"
"""The kinds of file that hold definitions."""

_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*\{")
_HINTS = (b'"Resources"', b'"format_version"')
_YAML = re.compile(rb"""(?m)^["']?(?:Resources|AWSTemplateFormatVersion)["']?[ \t]*:""")


def kind_of(data: bytes) -> str:
    """A template (it has Resources), a plan (format_version), or empty for anything else.

    A definition has Steps. Nothing is read where no word of a template or plan is in the text.
    """
    if not _OBJECT.match(data):
        return TEMPLATE if _YAML.search(data) else ""
    if not any(hint in data for hint in _HINTS):
        return ""
    try:
        body = read_json(data.removeprefix(b"\xef\xbb\xbf"), "")
    except InputError:
        return "" if b'"Steps"' in data else TEMPLATE  # their readers say what is wrong
    if "Steps" in body:
        return ""
    if "format_version" in body:
        return PLAN
    return TEMPLATE if "Resources" in body else ""
