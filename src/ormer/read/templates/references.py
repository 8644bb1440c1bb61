"""What Ref and Fn::GetAtt of a template's own names are, and which resource refers to which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Optional

from ormer.model.definition import Place
from ormer.read.templates.names import Names
from ormer.read.templates.resource_names import NAMED, Named


class References:
    """The references in one template; ``value`` resolves a value at a place.

    ``uses`` collects which resource refers to which, where that is certain.
    """

    def __init__(self, names: Names, value: Callable[[Any, Place], Any]) -> None:
        self.names = names
        self.text = names.text
        self.value = value
        self.uses: dict[str, set[str]] = {}
        self._users: list[str] = []
        self._busy: list[tuple[str, str]] = []
        self._undecided = 0
        self._texts: dict[tuple[str, str], Optional[str]] = {}

    @contextmanager
    def of(self, resource: str) -> Iterator[None]:
        """What is resolved in here belongs to a resource."""
        self._users.append(resource)
        yield
        self._users.pop()

    @contextmanager
    def undecided(self) -> Iterator[None]:
        """What is resolved in here may not be there."""
        self._undecided += 1
        yield
        self._undecided -= 1

    def ref(self, name: str, place: Place, what: str = "Ref to") -> Any:
        """What a name refers to: a parameter's value, or what Ref returns for a resource.

        Raises InputError for a name that the template does not have.
        """
        fixed = self.names.fixed(name)
        if fixed is not None:
            return fixed
        if name not in self.names.resources:
            return self.names.missing(name, place, what)
        known = self._known(name)
        return self._made(name, name, known.ref if known else None)

    def attribute(self, resource: str, name: str, place: Place, what: str) -> Any:
        """An attribute of a resource. Raises InputError as ``ref`` does."""
        if resource not in self.names.resources:
            return self.names.missing(resource, place, what)
        known = self._known(resource)
        return self._made(f"{resource}.{name}", resource, known and known.attributes.get(name))

    def _made(self, name: str, resource: str, form: Optional[str]) -> Any:
        """What is given for the reference, or made of the resource's name, or its symbol."""
        if self._users and not self._undecided:
            self.uses.setdefault(self._users[-1], set()).add(resource)
        known = self._known(resource)
        if name in self.names.given or form is None or known is None:
            return self.names.open(name)
        called = self._property(resource, known.property)
        if called is None:
            if known.ref != "{name}" or name == resource:
                return self.names.open(name)
            called = self.names.open(resource)
        if not isinstance(called, str):
            return self.names.open(name)
        return form.format(
            name=called,
            path=self._property(resource, "Path") or "/",
            partition=self.names.open("AWS::Partition"),
            account=self.names.open("AWS::AccountId"),
            region=self.names.open("AWS::Region"),
            suffix=self.names.open("AWS::URLSuffix"),
        )

    def _known(self, resource: str) -> Optional[Named]:
        entry = self.names.resources[resource]
        return NAMED.get(str(entry.get("Type"))) if isinstance(entry, dict) else None

    def _property(self, resource: str, name: str) -> Optional[str]:
        """A property that is a text, or None. Raises InputError where it depends on itself."""
        key = (resource, name)
        if key not in self._texts:
            if key in self._busy:
                around = [one for one, _ in self._busy[self._busy.index(key) :]]
                circle = " -> ".join([*around, resource])
                self.text.refuse(("Resources", resource), f"a circle of references: {circle}")
            self._busy.append(key)
            self._texts[key] = self._resolved(resource, name)
            self._busy.pop()
        return self._texts[key]

    def _resolved(self, resource: str, name: str) -> Optional[str]:
        properties = self.names.resources[resource].get("Properties")
        node = properties.get(name) if isinstance(properties, dict) else None
        if node is None:
            return None
        with self.of(resource):
            found = self.value(node, ("Resources", resource, "Properties", name))
        return found if isinstance(found, str) and found else None
