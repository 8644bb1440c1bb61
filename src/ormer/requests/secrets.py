"""Secrets in what a container is given: the finds behind ``api:SecretFindings``."""

from __future__ import annotations

from typing import Optional

from ormer.facts.service import Shape
from ormer.model.definition import Place
from ormer.model.request import Found
from ormer.model.value import Opaque
from ormer.requests.paths import Input
from ormer.requests.secret_budget import budget_of
from ormer.requests.secret_kinds import SHORT, effort_of, effort_of_short, kind_of
from ormer.requests.secret_texts import held_texts

_TOO_MUCH = Opaque("the definition holds more text than is searched for secrets")


def secrets_in(source: Input, shape: Optional[Shape]) -> tuple[Found, ...]:
    """What looks like a secret in the input, each place once; empty when nothing does.

    ``shape`` is the input's, or None where no service model describes it. The value of a
    find names the kind of secret and never the secret itself. It is Opaque where a text
    cannot be searched: it is too long, all of them are too much, or the library is missing.
    """
    found: dict[Place, Found] = {}
    for name, text, place in held_texts(source, shape):
        if type(text) is not str:
            kind = text
        elif len(text) + len(name) <= SHORT and not effort_of_short(name, text):
            continue  # by far the most, and remembered
        else:
            effort = effort_of(name, text)
            kind = budget_of(source.resolver).search(name, text, effort, _TOO_MUCH)
        if kind is None:
            continue
        place = _without_secrets(place)
        known = found.get(place)
        if known is None or isinstance(known.value, Opaque):
            found[place] = Found(kind, place)
    return tuple(found.values())


def _without_secrets(place: Place) -> Place:
    """The place up to the first member whose name is a secret, because a report tells places."""
    for at, member in enumerate(place):
        if isinstance(member, str) and isinstance(kind_of("", member), str):
            return place[:at]
    return place
