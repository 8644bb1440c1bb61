"""A request that starts a job -> the job: its role, its network, what it reads and writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

from ormer.model.definition import Place
from ormer.model.request import Found, Request
from ormer.model.value import Expression, Opaque
from ormer.requests.calls.elements import elements, member
from ormer.requests.calls.job_facts import JOBS, JobFacts, ReadAt, WriteAt
from ormer.requests.facet import CODE, StepFacet
from ormer.requests.kms import KeyIds
from ormer.requests.paths import Input, gather, path_tokens

_MODEL = "Model."
_TYPES_WITH_A_LIST = ("ManifestFile", "AugmentedManifestFile")


class Read(NamedTuple):
    """An S3 URI that is read. ``prefix``: every object whose name begins so."""

    uri: Any
    place: Place
    prefix: bool = True
    manifest: bool = False


class Write(NamedTuple):
    """An S3 URI below which objects are written; ``key`` is a KMS key's ARN, None for none.

    ``maybe``: the container decides whether anything is.
    """

    uri: Any
    place: Place
    key: Any = None
    maybe: bool = False


class Job(NamedTuple):
    """A job. ``role`` is None where it runs as the pipeline's own role.

    ``in_vpc`` is None where that is not known. ``lists``: it lists the buckets that it reads.
    ``log_group`` is empty for what writes no log.
    """

    subject: str
    place: Place
    role: Optional[Found]
    in_vpc: Optional[bool]
    subnets: tuple[Found, ...]
    groups: tuple[Found, ...]
    images: tuple[Found, ...]
    reads: tuple[Read, ...]
    writes: tuple[Write, ...]
    volumes: tuple[Found, ...]
    log_group: str
    lists: bool
    makes: tuple[tuple[str, str], ...]


def jobs(request: Request, keys: KeyIds) -> Iterator[Job]:
    """The jobs that a request starts: one for each of its job definitions."""
    facts = JOBS.get(request.action)
    for facet in request.facets if facts is not None else ():
        if facts is not None and isinstance(facet, StepFacet):
            yield _job(request, facet, facts, keys)


def _job(request: Request, facet: StepFacet, facts: JobFacts, keys: KeyIds) -> Job:
    source = facet.definition
    subnets = _found(facet, facts.subnets)
    roles = _found(facet, facts.role)
    if not roles and facts.role.startswith(_MODEL):
        roles = (Found(Opaque("the model has no role"), source.place),)
    return Job(
        subject=request.subject,
        place=source.place,
        role=roles[0] if roles else None,
        in_vpc=_in_vpc(subnets),
        subnets=subnets,
        groups=_found(facet, facts.subnets.replace("Subnets[]", "SecurityGroupIds[]")),
        images=tuple(found for path in facts.images for found in _found(facet, path)),
        reads=(
            *(read for at in facts.reads for read in _reads(source, at)),
            *_code(facet),
        ),
        writes=tuple(write for at in facts.writes for write in _writes(source, at, keys)),
        volumes=tuple(
            Found(keys.normalise(found.value), found.place)
            for path in facts.volumes
            for found in _found(facet, path)
        ),
        log_group=facts.log_group,
        lists=facts.lists,
        makes=facts.makes,
    )


def _found(facet: StepFacet, path: str) -> tuple[Found, ...]:
    """What is at a path of the job definition, or of the model that the job uses."""
    if path.startswith(_MODEL):
        return facet.operand(f"api:{path}").found
    return tuple(gather(facet.definition, path_tokens(path))[0])


def _in_vpc(subnets: tuple[Found, ...]) -> Optional[bool]:
    """Whether the job is in the VPC: a subnet in the list is enough, whichever it is.

    A list that is one parameter may be empty, so nothing is known then.
    """
    if not subnets:
        return False
    in_list = any(isinstance(found.place[-1], int) for found in subnets if found.place)
    return True if in_list else None


def _reads(source: Input, at: ReadAt) -> Iterator[Read]:
    for one in elements(source, at.holder):
        uri = member(one, at.member)
        if uri is None:
            continue
        kind = None if at.one_object else member(one, "S3DataType")
        place = one.place if isinstance(one.node, Opaque) else (*one.place, at.member)
        manifest = kind in _TYPES_WITH_A_LIST or isinstance(kind, (Expression, Opaque))
        prefix = not at.one_object and kind != "S3Object"
        yield Read(uri, place, prefix and not manifest, manifest)


def _code(facet: StepFacet) -> Iterator[Read]:
    """The code that a framework container downloads: with the job's role, through its network."""
    for found in facet.operand(CODE).found:
        value = found.value
        if isinstance(value, str):
            value = value.strip('"')  # a hyperparameter is JSON in SDK v2
        if not isinstance(value, str) or "://" in value:
            yield Read(value, found.place, prefix=False)


def _writes(source: Input, at: WriteAt, keys: KeyIds) -> Iterator[Write]:
    for one in elements(source, at.holder):
        uri = member(one, at.member)
        if uri is None:
            continue
        place = one.place if isinstance(one.node, Opaque) else (*one.place, at.member)
        yield Write(uri, place, _key(source, one, at.key, keys), at.maybe)


def _key(source: Input, one: Input, path: str, keys: KeyIds) -> Any:
    if not path:
        return None
    if path.startswith("/"):
        found = gather(source, path_tokens(path[1:]))[0]
        value = found[0].value if found else None
    else:
        value = member(one, path)
    return None if value is None else keys.normalise(value)
