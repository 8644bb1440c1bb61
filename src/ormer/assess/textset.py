"""Sets of texts, as the values of a Condition block write them."""

from __future__ import annotations

from ormer.assess.globs import (
    ANY,
    includes,
    intersects,
    is_glob,
    literal,
    matches,
    prefix,
    unescaped,
)


class TextSet:
    """A union of texts and patterns. ``member`` tells of a literal, the others of a pattern.

    ``heads`` are texts such that whatever starts with one is in the set.
    """

    def __init__(self, texts: tuple[str, ...], globs: bool, ignore_case: bool = False) -> None:
        self.ignore_case = ignore_case
        folded = [text.lower() if ignore_case else text for text in texts]
        if globs:
            folded = [unescaped(text) for text in folded]
        self.exact = frozenset(literal(t) for t in folded if not (globs and is_glob(t)))
        self.patterns = tuple(t for t in folded if globs and is_glob(t))
        self.heads = tuple(prefix(p) for p in self.patterns if p == prefix(p) + ANY)

    def fold(self, text: str) -> str:
        """A fixed text as the set holds it."""
        return literal(text.lower() if self.ignore_case else text)

    def member(self, text: str) -> bool:
        """Whether the text is in the set."""
        text = self.fold(text)
        if text in self.exact or (self.heads and text.startswith(self.heads)):
            return True
        return any(matches(pattern, text) for pattern in self.patterns)

    def meets(self, glob: str) -> bool:
        """Whether some text of the pattern is in the set."""
        glob = glob.lower() if self.ignore_case else glob
        if any(intersects(glob, pattern) for pattern in self.patterns):
            return True
        return any(intersects(glob, text) for text in self.exact)

    def holds(self, glob: str) -> bool:
        """Whether every text of the pattern is in the set."""
        glob = glob.lower() if self.ignore_case else glob
        return bool(self.patterns) and includes((*self.patterns, *self.exact), glob)


class ArnSet(TextSet):
    """Patterns of ARNs: no wildcard crosses a colon in the first five segments.

    Source: "IAM JSON policy elements: Condition operators", ARN condition operators.
    """

    def __init__(self, arns: tuple[str, ...]) -> None:
        super().__init__(arns, globs=True)
        self._segments = [pattern.split(":", 5) for pattern in (*self.exact, *self.patterns)]

    def member(self, text: str) -> bool:
        """Whether some pattern matches segment by segment."""
        given = literal(text).split(":", 5)
        return any(
            len(pattern) == len(given)
            and all(matches(p, g) for p, g in zip(pattern, given, strict=True))
            for pattern in self._segments
        )

    def holds(self, glob: str) -> bool:
        """Never said of a pattern that is open where the segments are."""
        return ANY not in ":".join(glob.split(":", 5)[:5]) and super().holds(glob)
