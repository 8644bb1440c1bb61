"""Text as SARIF's message strings want it."""

from __future__ import annotations

from ormer.model.value import printable


def message_string(text: str) -> str:
    """The text as a plain text message on one line.

    SARIF 2.1.0 section 3.11.5 wants braces doubled, for single ones are placeholders, and in
    section 3.11.6 ``[text](uri)`` is a link: no value of a definition may become one.
    """
    line = printable(" ".join(text.split()))
    return line.replace("{", "{{").replace("}", "}}").replace("](", "]\\(")
