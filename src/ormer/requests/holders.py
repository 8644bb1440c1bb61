"""Members of an API input by their name, wherever in the input they stand."""

from __future__ import annotations

from functools import cache

from ormer.facts.service import Shape


@cache
def paths_to(
    shape: Shape, names: frozenset[str], inside: tuple[Shape, ...] = ()
) -> tuple[tuple[str, ...], ...]:
    """The paths, as tokens, that lead from a shape to the members of these names."""
    if shape in inside:
        return ()
    below = (*inside, shape)
    if shape.item is not None:
        each = "[]" if shape.kind == "list" else "{}"
        return tuple((each, *path) for path in paths_to(shape.item, names, below))
    paths: list[tuple[str, ...]] = []
    for name, member in shape.members.items():
        if name in names:
            paths.append((name,))
        else:
            paths += [(name, *path) for path in paths_to(member, names, below)]
    return tuple(paths)
