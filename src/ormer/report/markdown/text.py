"""Text in GitHub Flavored Markdown that is shown as it is, and does nothing else.

Numeric character references stand for themselves and never for Markdown or HTML ("GitHub
Flavored Markdown Spec", section 6.2), so they can neither end a table's cell nor begin a tag.
"""

from __future__ import annotations

import re

from ormer.model.value import printable

_MARKUP = r"[&<>\\`*\[\]{}|~$]|(?<![^\W_])_|_(?![^\W_])"
"""What may be markup; one underscore between letters or digits never is."""
_LINKS = r"[@#]|:(?=//)|(?<=www)\."
"""What may begin a link by itself: a mention, a reference, an address."""
_REFERENCE = r"([@#])(?=\w)"
_NO_WIDTH = "\u200b"


def plain(text: str) -> str:
    """Text of a control's or a profile's author as prose, on one line.

    A space of no width keeps @name and #1 from mentioning and referring to anything.
    """
    line = printable(" ".join(text.split()))
    return _escaped(re.sub(_REFERENCE, rf"\1{_NO_WIDTH}", line), f"{_MARKUP}|{_NO_WIDTH}")


def code(text: str, longest: int) -> str:
    """A value of the document as code, on one line, cut after ``longest`` characters.

    Nothing is looked for in code on GitHub and GitLab: no mention, no reference, no emoji.
    A fence of backticks would do in prose, but not in a table, where a pipe ends the cell.
    """
    line = printable(text)
    if len(line) > longest:
        line = line[: longest - 3] + "..."
    return f"<code>{_escaped(line, f'{_MARKUP}|{_LINKS}')}</code>" if line else ""


def _escaped(line: str, special: str) -> str:
    return re.sub(special, lambda found: f"&#{ord(found[0])};", line, flags=re.IGNORECASE)
