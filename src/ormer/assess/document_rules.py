"""Rules about the document itself: what the reader can read but not vouch for.

These are no controls: they forbid no request. They say where a definition holds something
that no control could judge, so that it is never taken for compliant.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from ormer.assess.references import Places, cycle, dangling, step_references
from ormer.facts.step_types import COMMON_MEMBERS, STEP_TYPES
from ormer.model.definition import Definition, Place, Step
from ormer.model.finding import Finding, Severity, Verdict
from ormer.requests.build import Requests


class DocumentRule(NamedTuple):
    """A rule's id and text, as a control has them."""

    id: str
    title: str
    severity: Severity
    why: str
    fix: str


STEP_TYPE = DocumentRule(
    "DOC-01",
    "Step types are known",
    Severity.HIGH,
    "A step of a type that is not known makes requests that are not known: none was checked.",
    "Use a step type that this version knows, or a newer version of Ormer.",
)
MEMBER = DocumentRule(
    "DOC-02",
    "Members are those of the API",
    Severity.MEDIUM,
    "A member that the API input does not have is refused by the service, or is a setting under a "
    "wrong name: subnets in `vpcConfig` protect nothing. It may also be newer than the facts here.",
    "Correct the name (they are case-sensitive), or use a newer version of Ormer.",
)
FORM = DocumentRule(
    "DOC-03",
    "Members have the form that the API asks for",
    Severity.MEDIUM,
    "A list where a structure belongs, or text where a number belongs, cannot be judged: the "
    "service refuses it, or reads it in its own way.",
    "Write the member as the API Reference of the step's action describes it.",
)
REFERENCE = DocumentRule(
    "DOC-04",
    "References lead to something",
    Severity.HIGH,
    "A reference to a step or parameter that does not exist stands for a value nobody knows.",
    "Correct the name in the reference or in DependsOn, or define what it names.",
)
CYCLE = DocumentRule(
    "DOC-05",
    "Steps do not wait for each other in a circle",
    Severity.MEDIUM,
    "A pipeline whose steps wait for each other is refused or never ends, and values that lead "
    "back to themselves cannot be resolved.",
    "Break the circle: remove a DependsOn or a property reference.",
)
NAMES = DocumentRule(
    "DOC-06",
    "Inputs, outputs and channels have names of their own",
    Severity.LOW,
    "Two outputs of one name make every reference by that name ambiguous: what was checked may not "
    "be what a later step reads.",
    "Give each input, output and channel of a step its own name.",
)

DOCUMENT_RULES = (STEP_TYPE, MEMBER, FORM, REFERENCE, CYCLE, NAMES)

_TOP_LEVEL = frozenset(
    ["Version", "Metadata", "Parameters", "PipelineExperimentConfig", "MlflowConfig", "Steps"]
)
_NAMED_LISTS = (
    (("ProcessingInputs",), "InputName"),
    (("ProcessingOutputConfig", "Outputs"), "OutputName"),
    (("InputDataConfig",), "ChannelName"),
)


def document_findings(definition: Definition, built: Requests) -> Iterator[Finding]:
    """Everything in the document that nobody can vouch for; nothing when all is well."""
    for name in _beyond(definition.body, _TOP_LEVEL):
        yield _unknown(MEMBER, "", (name,), f"{name} is no member of a pipeline definition")
    for step in definition.steps:
        yield from _of_step(step)
    for step, misfit in built.misfits:
        rule = MEMBER if misfit.unknown else FORM
        yield _unknown(rule, step.path, misfit.place, misfit.message)
    references = step_references(definition, built.references)
    places = Places()
    for reference, reason in dangling(definition, references, built.resolver):
        place = places.of(reference)
        yield _failed(REFERENCE, reference.step.path, place, reason)
    circle = cycle(definition, references)
    if circle:
        path = " -> ".join([step.name for step in circle] + [circle[0].name])
        yield _failed(CYCLE, circle[0].path, circle[0].place, f"a circle: {path}")


def _of_step(step: Step) -> Iterator[Finding]:
    step_type = STEP_TYPES.get(step.type)
    if step_type is None:
        text = f"{step.type!r} is no step type that is known: nothing of this step was checked"
        yield _unknown(STEP_TYPE, step.path, (*step.place, "Type"), text)
        return
    for name in _beyond(step.body, COMMON_MEMBERS):
        if name not in step_type.step_members:
            text = f"{name} is no member of a {step.type} step"
            yield _unknown(MEMBER, step.path, (*step.place, name), text)
    if step_type.arguments:
        for name in _beyond(step.arguments, step_type.arguments):
            text = f"{name} is no argument of a {step.type} step"
            yield _unknown(MEMBER, step.path, (*step.place, "Arguments", name), text)
    for name, _ in step_type.batches:
        entries = step.arguments.get(name)
        if entries is not None and not isinstance(entries, list):
            text = f"{name} is not a list"
            yield _unknown(FORM, step.path, (*step.place, "Arguments", name), text)
    if not isinstance(step.body.get("DependsOn", []), (list, type(None))):
        text = "DependsOn is not a list"
        yield _unknown(FORM, step.path, (*step.place, "DependsOn"), text)
    for node, place in _inputs_of(step):
        for path, member in _NAMED_LISTS:
            if isinstance(node, dict) and path[0] in node:
                yield from _duplicates(step, node, place, path, member)


def _beyond(body: Mapping[str, Any], known: Container[str]) -> list[str]:
    return [name for name in body if name not in known]


def _inputs_of(step: Step) -> Iterator[tuple[Any, Place]]:
    """The step's Arguments, and each job definition in them."""
    place = (*step.place, "Arguments")
    yield step.arguments, place
    if step.type == "Tuning":
        one, many = (
            step.arguments.get(n) for n in ("TrainingJobDefinition", "TrainingJobDefinitions")
        )
        yield one, (*place, "TrainingJobDefinition")
        for index, definition in enumerate(many if isinstance(many, list) else ()):
            yield definition, (*place, "TrainingJobDefinitions", index)


def _duplicates(
    step: Step, node: Any, place: Place, path: tuple[str, ...], member: str
) -> Iterator[Finding]:
    for below in path:
        node = node.get(below) if isinstance(node, dict) else None
    seen: set[str] = set()
    for index, element in enumerate(node if isinstance(node, list) else ()):
        name = element.get(member) if isinstance(element, dict) else None
        if isinstance(name, str):
            if name in seen:
                at = (*place, *path, index, member)
                yield _failed(NAMES, step.path, at, f"a second {member} {name!r}")
            seen.add(name)


def _failed(rule: DocumentRule, subject: str, place: Place, text: str) -> Finding:
    return _finding(rule, Verdict.FAIL, subject, place, text)


def _unknown(rule: DocumentRule, subject: str, place: Place, text: str) -> Finding:
    return _finding(rule, Verdict.UNKNOWN, subject, place, text)


def _finding(
    rule: DocumentRule, verdict: Verdict, subject: str, place: Place, text: str
) -> Finding:
    return Finding(
        rule.id, rule.title, verdict, rule.severity, subject, place, text, "", None, rule.fix
    )
