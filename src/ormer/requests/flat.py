"""An API input laid out flat: what it holds at each path, and what its shape does not know.

One walk serves every control: condition keys and ``api:`` paths are then looked up, and
the members of interest are listed with the ones that are missing.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from ormer.facts.service import OPEN, Shape
from ormer.model.definition import Place
from ormer.model.request import Found, Member
from ormer.model.value import Expression, Opaque, made
from ormer.requests.paths import Input
from ormer.requests.resolve import is_reference

_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (str, int, float),
}


class Misfit(NamedTuple):
    """A member that the API input does not have, or has in another form."""

    place: Place
    message: str
    unknown: bool


class Node:
    """A shape at a path: what a walk needs to know there, made when first met.

    ``wanted`` are the shapes whose members are listed, ``keys`` the paths that fill condition
    keys; ``listed``: it is one or the other; ``owed``: the members that are wanted, or are
    bags that may hold one.
    """

    __slots__ = (
        ("shape", "kind", "path", "wanted", "keys", "of_interest", "is_key", "listed")
        + ("accepts", "children", "_owed", "_item", "_hidden")
    )  # fmt: skip

    def __init__(
        self, shape: Shape, path: str, wanted: frozenset[str], keys: frozenset[str]
    ) -> None:
        self.shape = shape
        self.kind = shape.kind
        self.path = path
        self.wanted = wanted
        self.keys = keys
        self.of_interest = shape.name in wanted
        self.is_key = path in keys
        self.listed = self.of_interest or self.is_key
        self.accepts = _SCALARS.get(shape.kind, ())
        self.children: dict[str, Node] = {}
        self._owed: Optional[tuple[tuple[str, Node], ...]] = None
        self._item: Optional[Node] = None
        self._hidden: Optional[tuple[str, ...]] = None

    def child(self, name: str) -> Optional[Node]:
        """The node of a member, or None where the shape has no such member."""
        node = self.children.get(name)
        if node is None and name in self.shape.members:
            path = f"{self.path}.{name}" if self.path else name
            node = self.children[name] = Node(
                self.shape.members[name], path, self.wanted, self.keys
            )
        return node

    def item(self) -> Node:
        """The node of a list's or map's elements; their path is the list's."""
        if self._item is None:
            assert self.shape.item is not None
            self._item = Node(self.shape.item, self.path, self.wanted, self.keys)
        return self._item

    def hidden(self) -> tuple[str, ...]:
        """The wanted shapes below: what a structure that cannot be known may hold."""
        if self._hidden is None:
            self._hidden = tuple(sorted(_shapes_below(self.shape, frozenset()) & self.wanted))
        return self._hidden

    def owed(self) -> tuple[tuple[str, Node], ...]:
        """What counts as missing where this structure exists."""
        if self._owed is None:
            nodes = ((name, self.child(name)) for name in self.shape.members)
            self._owed = tuple(
                (name, node)
                for name, node in nodes
                if node is not None and (node.of_interest or (node.shape.bag and node.owed()))
            )
        return self._owed


def _shapes_below(shape: Shape, above: frozenset[str]) -> frozenset[str]:
    if shape.name in above:
        return frozenset()
    inside = above | {shape.name}
    below = [*shape.members.values(), *([shape.item] if shape.item is not None else [])]
    return frozenset([shape.name]).union(*(_shapes_below(other, inside) for other in below))


class Flat:
    """An input laid out flat.

    ``values`` maps the path of a condition key (``VpcConfig.Subnets``) to what is there;
    ``opaque`` the path of a structure that cannot be known to the reason; ``members`` lists
    the members of interest; ``misfits`` what the shape does not know; ``references`` the
    references met.
    """

    __slots__ = ("source", "values", "opaque", "members", "misfits", "references")

    def __init__(self, source: Input, root: Node) -> None:
        self.source = source
        self.values: dict[str, list[Found]] = {}
        self.opaque: dict[str, Found] = {}
        self.members: list[Member] = []
        self.misfits: list[Misfit] = []
        self.references: list[Any] = []
        self._visit(source.node, root, source.place)

    def _structure(self, node: Any, at: Node, place: Place) -> None:
        children = at.children
        for name, below in node.items():
            child = children.get(name) or at.child(name)
            if child is None:
                message = f"{name} is no member of {at.shape.name}"
                self.misfits.append(Misfit((*place, name), message, True))
            elif type(below) in child.accepts:
                if child.listed and below != "":
                    self._put(below, child, (*place, name))
            elif below is not None:
                self._visit(below, child, (*place, name))
        for name, child in at._owed if at._owed is not None else at.owed():
            if node.get(name) in (None, ""):
                self._missing(child, (*place, name))

    def _elements(self, elements: Any, item: Node, place: Place) -> None:
        for index, element in elements:
            if element is None or element == "":
                self._put("", item, (*place, index))  # an element, though an empty one
            elif type(element) not in item.accepts:
                self._visit(element, item, (*place, index))
            elif item.listed:
                self._put(element, item, (*place, index))

    def _visit(self, node: Any, at: Node, place: Place) -> None:
        if type(node) is dict and len(node) == 1 and is_reference(node):
            self.references.append(node)
            if at.kind in _SCALARS and not at.listed:
                return
            node = self.source.resolver.resolve(node, self.source.step)
        kind = at.kind
        if type(node) is dict and kind == "structure":
            self._structure(node, at, place)
        elif type(node) is list and kind == "list":
            self._elements(enumerate(node), at.item(), place)
        elif type(node) is dict and kind == "map":
            self._elements(node.items(), at.item(), place)
        elif isinstance(node, (Opaque, Expression)):
            self._unfixed(node, at, place)
        elif kind in _SCALARS:
            self._scalar(node, at, place)
        elif kind != OPEN:
            self._misfit(node, at, place, kind)

    def _scalar(self, node: Any, at: Node, place: Place) -> None:
        if isinstance(node, (dict, list)):
            self._misfit(node, at, place, at.kind)
            return
        if not isinstance(node, at.accepts) or (type(node) is bool and bool not in at.accepts):
            message = f"{_kind(node)} where a {at.kind} belongs"
            self.misfits.append(Misfit(place, message, False))
        if node != "":
            self._put(node, at, place)

    def _unfixed(self, value: Any, at: Node, place: Place) -> None:
        if at.kind in _SCALARS:
            self._put(value, at, place)
        else:
            reason = value.reason if isinstance(value, Opaque) else f"it is {value.text()}"
            self._hide(Opaque(reason), at, place)

    def _put(self, value: Any, at: Node, place: Place) -> None:
        if at.is_key:
            self.values.setdefault(at.path, []).append(made(Found, (value, place)))
        if at.of_interest:
            known = None if value == "" else value
            self.members.append(made(Member, (at.path, at.shape.name, known, place, "")))

    def _missing(self, at: Node, place: Place) -> None:
        if at.shape.bag:
            for name, child in at.owed():
                self._missing(child, (*place, name))
        else:
            self.members.append(Member(at.path, at.shape.name, None, place, ""))

    def _misfit(self, node: Any, at: Node, place: Place, belongs: str) -> None:
        message = f"{_kind(node)} where a {belongs} belongs"
        self.misfits.append(Misfit(place, message, False))
        self._hide(Opaque(message), at, place)

    def _hide(self, value: Opaque, at: Node, place: Place) -> None:
        """A structure that cannot be known, and every member of interest it may hold."""
        self.opaque[at.path] = Found(value, place)
        for shape in at.hidden():
            self.members.append(Member(at.path, shape, value, place, ""))

    def unknown(self, path: str) -> Optional[Found]:
        """The structure on the way to ``path`` that cannot be known, if there is one."""
        for prefix, found in self.opaque.items():
            if not prefix or path == prefix or path.startswith(prefix + "."):
                return found
        return None


def _kind(node: Any) -> str:
    names = {dict: "a structure", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(node), "a number")
