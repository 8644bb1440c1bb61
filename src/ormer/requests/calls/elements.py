"""The structures at a path of an input, each by itself with its references resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.model.value import Expression, Opaque
from ormer.requests.paths import EACH, EACH_VALUE, Input, path_tokens


def elements(source: Input, path: str) -> Iterator[Input]:
    """Every structure at ``path`` (``A.B[].C``); its ``node`` is Opaque where it is not known."""
    tokens = path_tokens(path) if path else ()
    yield from _below(source._replace(node=_resolved(source, source.node)), tokens)


def member(source: Input, name: str) -> Any:
    """The value of a structure's member, None where it is missing or empty."""
    if isinstance(source.node, Opaque):
        return source.node
    found = _resolved(source, source.node.get(name))
    return None if found in ("", [], {}) else found


def _below(source: Input, tokens: tuple[str, ...]) -> Iterator[Input]:
    node, place = source.node, source.place
    if node is None or node in ("", [], {}):
        return
    if isinstance(node, Expression):
        node = Opaque(f"it is {node.text()}")
    if isinstance(node, Opaque):
        yield source._replace(node=node)
    elif not tokens:
        shown = node if isinstance(node, dict) else Opaque("it is no structure")
        yield source._replace(node=shown)
    elif tokens[0] in (EACH, EACH_VALUE):
        for name, below in _items(node):
            one = source._replace(node=_resolved(source, below), place=(*place, name))
            yield from _below(one, tokens[1:])
    elif isinstance(node, dict):
        below = _resolved(source, node.get(tokens[0]))
        yield from _below(source._replace(node=below, place=(*place, tokens[0])), tokens[1:])
    else:
        yield source._replace(node=Opaque("it is no structure"))


def _items(node: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(node, list):
        yield from enumerate(node)
    elif isinstance(node, dict):
        yield from node.items()


def _resolved(source: Input, node: Any) -> Any:
    return source.resolver.resolve(node, source.step)
