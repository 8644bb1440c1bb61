"""Pipeline steps -> the API requests they will make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ormer.facts.service import ActionFacts, Service
from ormer.facts.step_types import STEP_TYPES, StepType
from ormer.model.definition import Definition, Place, Step
from ormer.model.environment import Environment
from ormer.model.request import Facet, Found, Member, Request
from ormer.model.value import Opaque
from ormer.requests.called_resource import called_resource
from ormer.requests.facet import StepFacet
from ormer.requests.flat import Flat, Misfit, Node
from ormer.requests.job_document import DOCUMENT, doubt, opened
from ormer.requests.kms import KeyIds
from ormer.requests.paths import Input, gather, path_tokens
from ormer.requests.resolve import Resolver, is_reference
from ormer.requests.roles import passed_roles

KMS_SHAPES = frozenset(["KmsKeyId", "CustomerKmsKeyArn"])
ROLE_SHAPE = "RoleArn"
CREATE_PIPELINE = "sagemaker:CreatePipeline"
MLFLOW, MLFLOW_SERVER, MLFLOW_SHAPE = "MlflowConfig", "MlflowResourceArn", "MlFlowResourceArn"


class Requests(NamedTuple):
    """All requests of a definition, in document order, and what fits no API input.

    ``references`` are those in the Arguments of a step, by the step's name, where the whole
    of them was laid out; ``resolver`` resolves what stands in the definition.
    """

    requests: tuple[Request, ...]
    misfits: tuple[tuple[Step, Misfit], ...]
    references: Mapping[str, Sequence[Any]]
    resolver: Resolver


class RequestBuilder:
    """Makes the requests of definitions, for one profile and one set of shapes of interest.

    Members are listed for the botocore shapes in ``shapes``, and for roles.
    """

    def __init__(self, service: Service, environment: Environment, shapes: frozenset[str]) -> None:
        self.service = service
        self.environment = environment
        self.keys = KeyIds(environment)
        self.shapes = shapes | {ROLE_SHAPE}
        where = f"{environment.region}:{environment.account}"
        self._home = f"arn:{environment.partition}:sagemaker:{where}:"
        self._nodes: dict[tuple[str, str], Node] = {}

    def build(self, definition: Definition) -> Requests:
        """Every request of every step."""
        resolver = Resolver(definition, self._home)
        misfits: list[tuple[Step, Misfit]] = []
        references: dict[str, Sequence[Any]] = {}
        requests: list[Request] = []
        requests += self._of_pipeline(definition, resolver)
        for step in definition.steps:
            for made, whole in self._of_step(step, resolver):
                requests += made
                if whole is not None and whole.misfits:
                    misfits += [(step, misfit) for misfit in whole.misfits]
                elif whole is not None and whole.source.node is step.arguments:
                    references[step.name] = whole.references
        return Requests(tuple(requests), tuple(misfits), references, resolver)

    def _of_pipeline(self, definition: Definition, resolver: Resolver) -> Iterator[Request]:
        """The request that makes the pipeline, where it names a server for all of its runs."""
        config = definition.body.get(MLFLOW)
        if config is None:
            return
        pipeline = Step("", "Pipeline", definition.body, (), "", "")
        source = Input({MLFLOW: config}, (), pipeline, resolver)
        members = tuple(
            Member(f"{MLFLOW}.{MLFLOW_SERVER}", MLFLOW_SHAPE, *found, "")
            for found in gather(source, (MLFLOW, MLFLOW_SERVER))[0]
        )
        facet = StepFacet(None, source, source, None, None, self.keys)
        yield Request(CREATE_PIPELINE, None, "", "Pipeline", (MLFLOW,), (facet,), members)

    def _of_step(
        self, step: Step, resolver: Resolver
    ) -> Iterator[tuple[Iterator[Request], Optional[Flat]]]:
        step_type = STEP_TYPES.get(step.type)
        if step_type is None:
            return
        for action, node, place in _inputs(step_type, step):
            plain = node if isinstance(node, dict) and not is_reference(node) else {}
            source = Input(plain, place, step, resolver)
            facts = self.service.actions.get(action)
            whole = None
            if action == "sagemaker:CreateJob":
                document = opened(plain.get(DOCUMENT))
                source = source._replace(node={**plain, DOCUMENT: document})
            elif facts is not None:
                whole = Flat(Input(node, place, step, resolver), self._node(facts, ""))
            yield self._of_input(source, action, facts, whole), whole

    def _of_input(
        self, source: Input, action: str, facts: Optional[ActionFacts], whole: Optional[Flat]
    ) -> Iterator[Request]:
        found = self._open_members(source) if whole is None else whole.members
        members = self._finished(found, _keyed_paths(facts))
        facets = tuple(self._facets(source, facts, whole))
        resource = called_resource(source, action, self.environment)
        yield Request(
            action, resource, source.step.path, source.step.type, source.place, facets, members
        )
        yield from passed_roles(source, action, members, facets)

    def _open_members(self, source: Input) -> Iterator[Member]:
        """What is there, and what a text that may go on where it seems to end can hold as well."""
        from ormer.requests.open_members import open_members  # late: few pipelines need it

        yield from open_members(source)
        doubt = self._doubt(source)
        if doubt is not None:
            yield from open_members(source._replace(node={DOCUMENT: doubt.value}))

    def _facets(
        self, source: Input, facts: Optional[ActionFacts], whole: Optional[Flat]
    ) -> Iterator[Facet]:
        found = False
        for path in facts.job_definitions if facts else ():
            for definition in _structures(source, path):
                found = True
                flat = Flat(definition, self._node(facts, path))
                yield StepFacet(facts, source, definition, flat, whole, self.keys)
        if not found:
            doubts = self._doubt(source) if whole is None else None
            yield StepFacet(facts, source, source, whole, whole, self.keys, doubts)

    def _doubt(self, source: Input) -> Optional[Found]:
        """What makes everything in the text of a Job step uncertain, if anything does."""
        place = (*source.place, DOCUMENT)
        written = source.step.arguments.get(DOCUMENT)
        reason = doubt(written, lambda node: source.resolver.resolve(node, source.step))
        return Found(Opaque(reason), place) if reason else None

    def _node(self, facts: Optional[ActionFacts], path: str) -> Node:
        """The input's shape, or that of the job definition at ``path``, to lay inputs out."""
        assert facts is not None
        node = self._nodes.get((facts.name, path))
        if node is None:
            shape = facts.input
            if path:
                shape = shape.members[path_tokens(path)[0]]
                shape = shape.item if shape.item is not None else shape
            keys = frozenset(p for key in facts.keys.values() for p in key.flat)
            node = self._nodes[facts.name, path] = Node(shape, "", self.shapes, keys)
        return node

    def _finished(self, members: Any, keyed: dict[str, str]) -> tuple[Member, ...]:
        return tuple(
            [
                self._normalised(member, keyed.get(member.path, ""))
                if member.shape in KMS_SHAPES
                else member
                for member in members
            ]
        )

    def _normalised(self, member: Member, key: str) -> Member:
        path, shape, value, place, _ = member
        value = None if value is None else self.keys.normalise(value)
        return Member(path, shape, value, place, key)


def _inputs(step_type: StepType, step: Step) -> Iterator[tuple[str, Any, Place]]:
    """(action, input, its place) of each request a step makes."""
    place = (*step.place, "Arguments")
    arguments = step.arguments
    if step_type.action:
        member, alternative = step_type.alternative
        action = alternative if member and member in arguments else step_type.action
        yield action, arguments, place
    for batch, action in step_type.batches:
        entries = arguments.get(batch)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            yield action, entry, (*place, batch, index)


def _structures(source: Input, path: str) -> Iterator[Input]:
    """The structures at a job definition's path (``A`` or ``A[]``) that are there."""
    tokens = path_tokens(path)
    node = source.resolver.resolve(source.node.get(tokens[0]), source.step)
    place = (*source.place, tokens[0])
    if tokens[1:] and isinstance(node, list):
        for index, element in enumerate(node):
            yield source._replace(node=element, place=(*place, index))
    elif node is not None:
        yield source._replace(node=node, place=place)


_KEYED: dict[str, dict[str, str]] = {}


def _keyed_paths(facts: Optional[ActionFacts]) -> dict[str, str]:
    """Member path without indices -> the condition key it fills."""
    if facts is None:
        return {}
    found = _KEYED.get(facts.name)
    if found is None:
        roots = [path.removesuffix("[]") + "." for path in facts.job_definitions] or [""]
        found = _KEYED[facts.name] = {
            root + path: key
            for key, entry in facts.keys.items()
            for path in entry.flat
            for root in roots
        }
    return found
