"""A catalogue and a profile -> guardrails: the Deny statements that keep the controls.

made = generate(Kind.IAM, catalogue, environment)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ormer.controls.load import Catalogue
from ormer.controls.resolve import NotConfigured
from ormer.facts.carriers import load_carriers
from ormer.facts.service import load_service
from ormer.guardrails.actions import compressed
from ormer.guardrails.boundary import allow_statement, allows
from ormer.guardrails.limits import LIMITS
from ormer.guardrails.pack import Document, fits, packed
from ormer.guardrails.project import Projector
from ormer.guardrails.projection import Form, Kind, Projection
from ormer.guardrails.statements import Deny, statements
from ormer.model.control import Control
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import SEVERITY_ORDER
from ormer.model.world import NEITHER, assumed


class Guardrails(NamedTuple):
    """Guardrails of one kind for one profile.

    ``statements`` hold whole names of actions; in ``documents`` they are shortened where
    ``has_wildcards``. ``projections`` are by control. ``left_out`` says of each other control why
    it is not here; ``no_room`` names those of them that would be, if they fitted.
    """

    kind: Kind
    controls: tuple[Control, ...]
    documents: tuple[Document, ...]
    statements: tuple[Deny, ...]
    projections: Mapping[str, tuple[Projection, ...]]
    left_out: Mapping[str, str]
    no_room: tuple[str, ...]
    has_wildcards: bool
    assumed: Mapping[str, str]


def generate(
    kind: Kind, catalogue: Catalogue, environment: Environment, wildcards: bool = False
) -> Guardrails:
    """The guardrails of a kind. Names of actions are shortened only where they have to be.

    Where not all fit, the most severe controls come first, and ``no_room`` names the others.
    Raises InputError where nothing is left to deny, or a statement fits into no document.
    """
    projections, left_out = _projected(kind, catalogue, environment)
    kept = projections
    made, documents, is_short = _packed(kind, kept, wildcards)
    if not fits(kind, documents):
        kept = _fitting(kind, catalogue, projections)
        made, documents, is_short = _packed(kind, kept, wildcards)
    if not made:
        raise InputError(f"no control is left to make a guardrail of ({kind.value})")
    no_room = tuple(name for name in projections if name not in kept)
    left_out.update(dict.fromkeys(no_room, f"no room: {_room(kind)}"))
    return Guardrails(
        kind,
        catalogue.controls,
        documents,
        made,
        kept,
        left_out,
        no_room,
        is_short,
        assumed(environment),
    )


_Projected = dict[str, tuple[Projection, ...]]


def _fitting(kind: Kind, catalogue: Catalogue, projections: _Projected) -> _Projected:
    """Those of the controls that fit together, taken from the most severe on."""
    kept: set[str] = set()
    for control in sorted(catalogue.controls, key=lambda one: SEVERITY_ORDER[one.severity]):
        if control.id in projections:
            tried = {name: projections[name] for name in projections if name in {*kept, control.id}}
            if fits(kind, _packed(kind, tried, False)[1]):
                kept.add(control.id)
    return {name: projections[name] for name in projections if name in kept}


def _packed(
    kind: Kind, projections: _Projected, wildcards: bool
) -> tuple[tuple[Deny, ...], tuple[Document, ...], bool]:
    made = statements(one for name in projections for one in projections[name])
    return made, *_documents(kind, made, wildcards)


def _documents(
    kind: Kind, made: tuple[Deny, ...], wildcards: bool
) -> tuple[tuple[Document, ...], bool]:
    first: list[dict[str, Any]] = [allow_statement()] if kind is Kind.BOUNDARY else []
    documents = packed(kind, made, first)
    if fits(kind, documents) and not wildcards:
        return documents, False
    known = _known(kind)
    short = [one._replace(actions=compressed(one.actions, known)) for one in made]
    return packed(kind, short, first), True


def _known(kind: Kind) -> list[str]:
    """The actions that a wildcard must not match unless it is meant to.

    What a boundary does not allow, now or ever, its denials may match as they like.
    """
    actions = load_carriers().actions
    return [one for one in actions if kind is not Kind.BOUNDARY or allows(one)]


def _room(kind: Kind) -> str:
    size, documents = LIMITS[kind]
    return (
        f"{documents} of {size} characters can be attached"
        if documents > 1
        else (f"a role has one boundary of at most {size} characters")
    )


def _projected(
    kind: Kind, catalogue: Catalogue, environment: Environment
) -> tuple[dict[str, tuple[Projection, ...]], dict[str, str]]:
    projector = Projector(load_carriers(), load_service(), environment)
    disabled = environment.mapping("disabled_controls")
    found: dict[str, tuple[Projection, ...]] = {}
    left_out: dict[str, str] = {}
    for control in catalogue.controls:
        why = _why_not(control, kind, disabled)
        if not why:
            try:
                projections = _within(kind, projector.project(control))
            except NotConfigured as missing:
                why = f"not configured: the profile has no {missing}"
            else:
                found[control.id] = projections
                if any(projection.denials for projection in projections):
                    continue
                del found[control.id]
                why = _nothing(environment)
        left_out[control.id] = why
    return found, left_out


def _why_not(control: Control, kind: Kind, disabled: Mapping[str, tuple[str, ...]]) -> str:
    guardrail = control.raw.get("guardrail", {})
    if control.id in disabled:
        return f"disabled by the profile: {disabled[control.id][0]}"
    if guardrail.get("form", Form.NONE.value) == Form.NONE.value:
        return f"cannot be prevented: {guardrail.get('reason', 'it does not say how')}"
    if kind.attached_to not in guardrail.get("attach", ()):
        kinds = [one.value for one in Kind if one.attached_to in guardrail.get("attach", ())]
        return f"not for this: made with {' or '.join(f'--as {one}' for one in kinds) or 'nothing'}"
    return ""


def _nothing(environment: Environment) -> str:
    if assumed(environment).get("kms_key_names") == NEITHER:
        return "the profile assumes that the service fills neither name of its key"
    return "no action shows what it forbids"


def _within(kind: Kind, projections: Iterable[Projection]) -> tuple[Projection, ...]:
    """A boundary allows some actions only: it has nothing to deny of the others."""
    if kind is not Kind.BOUNDARY:
        return tuple(projections)
    return tuple(one for one in projections if allows(one.action))
