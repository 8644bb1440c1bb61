"""S3 calls of a job: listing and reading what it is given, writing what it makes.

Sources: "How to use SageMaker AI execution roles" (which actions, on which of the request's
locations), "Run training and inference containers in internet-free mode" (with network
isolation SageMaker itself reads and writes with the job's role, through the job's VPC where it
has one) and "Give SageMaker AI training jobs access to resources in your Amazon VPC" in the
SageMaker AI Developer Guide; "S3DataSource" and "OutputDataConfig" in the API Reference;
"Actions, resources, and condition keys for Amazon S3" in the Service Authorization Reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.model.call import Call, Setting
from ormer.model.symbol import readable
from ormer.requests.calls.job import Job, Read, Write
from ormer.requests.calls.kms_calls import READING, WRITING, by_s3
from ormer.requests.calls.maker import Maker, by_network
from ormer.requests.calls.s3_location import (
    Location,
    below,
    bucket_arn,
    inside,
    location,
    open_location,
)
from ormer.requests.calls.texts import texts, why_not

ALGORITHM = "s3:x-amz-server-side-encryption"
KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"


def s3_calls(maker: Maker, job: Job) -> Iterator[Call]:
    """Every S3 call of the job, and the KMS calls that they bring."""
    for read in job.reads:
        yield from _reading(maker, job, read)
    for write in job.writes:
        yield from _writing(maker, job, write)


def _reading(maker: Maker, job: Job, read: Read) -> Iterator[Call]:
    why = f"input {_named(read.place)}"
    for place, reason in places(read.uri):
        if place is None or reason:
            settings = by_network(job.in_vpc, {})
            yield somewhere(maker, "s3:GetObject", why, place, reason, settings)
            continue
        partition = maker.environment.partition
        if job.lists:
            context = {"s3:prefix": place.key} if place.key else {}
            settings = by_network(job.in_vpc, context)
            yield maker.call("s3:ListBucket", bucket_arn(partition, place.bucket), why, settings)
        resource = below(partition, place, "*" if read.prefix else "")
        yield maker.call("s3:GetObject", resource, why, by_network(job.in_vpc, {}))
        if read.manifest:
            reason = "which objects the manifest lists is not known"
            yield maker.undecided("s3:GetObject", why, reason)
        yield from keys_of(maker, place, why)


def keys_of(maker: Maker, place: Location, why: str) -> Iterator[Call]:
    """The decryption of objects in a bucket of the profile, whose keys are ``kms.output``."""
    environment = maker.environment
    own = {name.partition("/")[0] for name in environment.lookup("buckets.*") or ()}
    keys = [key for key in environment.lookup("kms.output") or () if ":key/" in key]
    if place.bucket not in own:
        return
    doubt = "the objects may be encrypted with another key of kms.output" if keys[1:] else ""
    for key in keys:
        for call in by_s3(maker, READING, key, place, why):
            yield call._replace(doubt=doubt)


def _writing(maker: Maker, job: Job, write: Write) -> Iterator[Call]:
    why = f"output {_named(write.place)}"
    for place, reason in places(write.uri):
        settings = _written(job, write.key)
        doubt = "the container decides whether it writes there" if write.maybe else ""
        if place is None or reason:
            call = somewhere(maker, "s3:PutObject", why, place, reason, settings)
            yield call._replace(doubt=doubt)
            continue
        resource = inside(maker.environment.partition, place)
        if settings:
            yield maker.call("s3:PutObject", resource, why, settings, doubt=doubt)
        else:
            reason = f"which KMS key is not known: {why_not(write.key)}"
            yield maker.undecided("s3:PutObject", why, reason)
        if write.key is not None:
            yield from by_s3(maker, WRITING, write.key, place, why)


def _written(job: Job, key: Any) -> tuple[Setting, ...]:
    """The headers that S3 sees: with a key it and ``aws:kms``; without one AWS does not say.

    "OutputDataConfig" says that without a key SageMaker uses the role's account's default key
    for Amazon S3, not whether it sends a header for it.
    """
    if key is None:
        plain = by_network(job.in_vpc, {})
        named = by_network(job.in_vpc, {ALGORITHM: "aws:kms"})
        return (
            *(_in(one, "SageMaker sends no encryption header") for one in plain),
            *(_in(one, "SageMaker sends aws:kms without a key") for one in named),
        )
    arns = texts(key) or ()
    return tuple(
        _of_key(setting, f"the key is {readable(arn)}" if len(arns) > 1 else "")
        for arn in arns
        for setting in by_network(job.in_vpc, {ALGORITHM: "aws:kms", KEY_ID: arn})
    )


def _in(setting: Setting, world: str) -> Setting:
    return setting._replace(world=", ".join(name for name in (setting.world, world) if name))


def _of_key(setting: Setting, chosen: str) -> Setting:
    return _in(setting, chosen)._replace(chosen=chosen)


def places(uri: Any) -> Iterator[tuple[Location | None, str]]:
    """Every location that a URI may be, with the reason where its bucket is not known; None where
    nothing is."""
    found = texts(uri)
    if found is None:
        yield None, f"where it is is not known: {why_not(uri)}"
    for text in found or ():
        place = location(text)
        if place:
            yield place, ""
        else:
            yield open_location(text), "which bucket it is in is not known"


def somewhere(
    maker: Maker,
    action: str,
    why: str,
    place: Location | None,
    reason: str,
    settings: tuple[Setting, ...] = (),
) -> Call:
    """A call that cannot be decided, on as much of its resource as is known."""
    call = maker.undecided(action, why, reason)
    if place is None:
        return call
    resource = inside(maker.environment.partition, place)
    return call._replace(resource=resource, settings=settings or call.settings)


def _named(place: tuple[Any, ...]) -> str:
    """A place in short: from the first member of the job's input on, without list indices."""
    after = place[max((i for i, part in enumerate(place) if part == "Arguments"), default=-1) + 1 :]
    return ".".join(f"{part}" for part in after)
