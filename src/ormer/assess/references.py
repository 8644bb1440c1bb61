"""The references of a definition: which lead nowhere, and which lead in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ormer.facts.step_types import STEP_TYPES
from ormer.model.definition import Definition, Place, Step
from ormer.model.value import Opaque, made
from ormer.requests.paths import EACH, raw_nodes
from ormer.requests.resolve import REFERENCE_FORMS, Resolver, is_reference

_DEPENDS = "DependsOn"
_OUTSIDE = ("PipelineExperimentConfig", "MlflowConfig")


class Reference(NamedTuple):
    """A reference in a step: the node, or the bare name of a step, and its target.

    ``target`` is the step it names, or empty; ``named_at`` is the place of a bare name below
    the step.
    """

    step: Step
    node: Any
    target: str
    named_at: Place = ()


def step_references(
    definition: Definition, laid_out: Mapping[str, Sequence[Any]]
) -> list[Reference]:
    """Every reference of every step; those of nested steps belong to the nested step.

    ``laid_out`` are the references met already in the Arguments of a step, by its name.
    """
    found: list[Reference] = []
    for step in (_document(definition), *definition.steps):
        found += _references(step, _own_nodes(step, laid_out))
        depends = step.body.get(_DEPENDS)
        for index, entry in enumerate(depends if isinstance(depends, list) else ()):
            found.append(Reference(step, entry, _dependency(entry), (_DEPENDS, index)))
        if step.type == "Cleanup":
            found += _cleaned(step)
    return found


def _document(definition: Definition) -> Step:
    """What stands outside of all steps, as if it were one."""
    body = {name: definition.body[name] for name in _OUTSIDE if name in definition.body}
    return Step("", "", body, (), "", "")


def _own_nodes(step: Step, laid_out: Mapping[str, Sequence[Any]]) -> list[Any]:
    """The parts of a step's body that may hold references and are no nested steps."""
    step_type = STEP_TYPES.get(step.type)
    branches = step_type.branches if step_type else ()
    nodes: list[Any] = []
    for name, value in step.body.items():
        if name == "Arguments" and step.name in laid_out:
            nodes += laid_out[step.name]
        elif name == "Arguments" and branches and isinstance(value, dict):
            nodes += [below for member, below in value.items() if member not in branches]
        elif name != _DEPENDS and type(value) in _CONTAINERS:
            nodes.append(value)
    return nodes


def _cleaned(step: Step) -> Iterator[Reference]:
    """The steps whose outputs a Cleanup step deletes (SDK v3: ``S3CleanupSource``)."""
    path = ("Resources", "S3", EACH, "StepName")
    for name, place in raw_nodes(step.arguments, ("Arguments",), path):
        yield Reference(step, name, name if isinstance(name, str) else "", place)


def _dependency(entry: Any) -> str:
    """The step an entry of DependsOn names: a name, or a structure with Step (SDK v3)."""
    name = entry.get("Step") if isinstance(entry, dict) else entry
    return name if isinstance(name, str) else ""


def _references(step: Step, nodes: list[Any]) -> Iterator[Reference]:
    """The references at and below the nodes, in their order."""
    todo = nodes[::-1]
    while todo:
        node = todo.pop()
        if type(node) is dict:
            if len(node) == 1:
                ((form, argument),) = node.items()
                if form == "Get":
                    target = _target(argument) if type(argument) is str else ""
                    yield made(Reference, (step, node, target, ()))
                    continue
                if form == "Std:Join" and _is_join(argument):
                    todo += [below for below in argument.values() if type(below) in _CONTAINERS]
                    continue
                elif form.startswith("Std:"):
                    yield Reference(step, node, "")
            todo += [below for below in node.values() if type(below) in _CONTAINERS]
        elif type(node) is list:
            todo += [below for below in node if type(below) in _CONTAINERS]


def _is_join(argument: Any) -> bool:
    return (
        isinstance(argument, dict)
        and (isinstance(argument.get("On", ""), str) or is_reference(argument["On"]))
        and isinstance(argument.get("Values"), list)
    )


_CONTAINERS = (dict, list)


class Places:
    """Where references stand; a step's nodes are placed when the first of them is asked for."""

    def __init__(self) -> None:
        self._of_step: dict[str, dict[int, Place]] = {}

    def of(self, reference: Reference) -> Place:
        """The place of the very node, not of an equal one."""
        step = reference.step
        if reference.named_at:
            return (*step.place, *reference.named_at)
        places = self._of_step.get(step.path)
        if places is None:
            places = self._of_step[step.path] = _places(step)
        return places.get(id(reference.node), step.place)


def _places(step: Step) -> dict[int, Place]:
    places: dict[int, Place] = {}
    todo: list[tuple[Any, Place]] = [(step.body, step.place)]
    while todo:
        current, place = todo.pop()
        places[id(current)] = place
        if isinstance(current, dict):
            todo += [(below, (*place, name)) for name, below in current.items()]
        elif isinstance(current, list):
            todo += [(below, (*place, index)) for index, below in enumerate(current)]
    return places


def _target(path: str) -> str:
    if not path.startswith("Steps."):
        return ""
    return path[len("Steps.") :].partition(".")[0].partition("[")[0]


def dangling(
    definition: Definition, references: Sequence[Reference], resolver: Resolver
) -> Iterator[tuple[Reference, str]]:
    """The references that lead nowhere, each with the reason."""
    sound: set[str] = set()  # paths that lead somewhere, whichever step they stand in
    for reference in references:
        path = reference.node.get("Get") if type(reference.node) is dict else None
        if type(path) is str and path in sound:
            continue
        reason = _reason(definition, reference, resolver)
        if reason:
            yield reference, reason
        elif type(path) is str and not path.startswith("ForEach"):
            sound.add(path)


def _reason(definition: Definition, reference: Reference, resolver: Resolver) -> str:
    """Why a reference leads nowhere, or nothing."""
    if reference.named_at:
        known = reference.target in definition.by_name
        member = next(part for part in reversed(reference.named_at) if isinstance(part, str))
        return "" if known else f"{member} names {reference.target!r}, which does not exist"
    path = reference.node.get("Get")
    if not isinstance(path, str):
        form = next(iter(reference.node))
        if form == "Std:JsonGet":
            return ""
        if form in REFERENCE_FORMS:
            return f"{form} of a form that is not known"
        return f"{form} is not a form of reference that is known"
    if reference.target in definition.by_name:
        return _property_file(definition, path) if ".PropertyFiles." in path else ""
    value = resolver.resolve(reference.node, reference.step)
    return value.reason if isinstance(value, Opaque) else ""


def _property_file(definition: Definition, path: str) -> str:
    """Why a path to a step's property file leads nowhere, or nothing."""
    name, _, wanted = path[len("Steps.") :].partition(".PropertyFiles.")
    files = definition.by_name[name].body.get("PropertyFiles") if name in definition.by_name else ()
    entries = files if isinstance(files, list) else ()
    declared = [f.get("PropertyFileName") for f in entries if isinstance(f, dict)]
    return "" if wanted in declared else f"step {name!r} declares no property file {wanted!r}"


def cycle(definition: Definition, references: Sequence[Reference]) -> list[Step]:
    """The steps of one circle of dependencies, or nothing.

    A nested step waits for the step around it; that step's own references count, too.
    """
    after: dict[str, set[str]] = {step.name: set() for step in definition.steps}
    for step in definition.steps:
        if step.parent:
            after[step.name].add(step.parent)
    for reference in references:
        if reference.target in after and reference.step.name in after:
            after[reference.step.name].add(reference.target)
    return [definition.by_name[name] for name in _circle(after)]


def _circle(after: dict[str, set[str]]) -> list[str]:
    """Depth first, without recursion: the names on the path when it meets itself."""
    done: set[str] = set()
    for start in after:
        path: list[str] = []
        on_path: set[str] = set()
        todo: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            todo.append((start, iter(sorted(after[start]))))
            path, on_path = [start], {start}
        while todo:
            name, waiting = todo[-1]
            for target in waiting:
                if target in on_path:
                    return path[path.index(target) :]
                if target not in done:
                    todo.append((target, iter(sorted(after[target]))))
                    path.append(target)
                    on_path.add(target)
                    break
            else:
                todo.pop()
                path.pop()
                on_path.discard(name)
                done.add(name)
    return []
