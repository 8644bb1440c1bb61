"""ECR calls: pulling the images of a job with the job's role.

Source: "How to use SageMaker AI execution roles" in the SageMaker AI Developer Guide (the four
actions); "Actions, resources, and condition keys for Amazon ECR" in the Service Authorization
Reference (GetAuthorizationToken has no resource). AWS does not say whether SageMaker pulls an
image through the job's VPC, so both are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.model.call import Call
from ormer.model.request import Found
from ormer.model.symbol import readable
from ormer.requests.calls.job import Job
from ormer.requests.calls.maker import Maker, by_platform
from ormer.requests.calls.texts import texts, why_not

TOKEN = "ecr:GetAuthorizationToken"
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
_IMAGE = r"(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)(?:[:@].*)?"


class Repository(NamedTuple):
    """An ECR repository."""

    account: str
    region: str
    name: str


def repository(image: str) -> Optional[Repository]:
    """The repository of an image's address, or None where it is in no ECR registry."""
    match = re.fullmatch(_IMAGE, image, re.DOTALL)
    return Repository(*match.groups()) if match else None


def image_calls(maker: Maker, job: Job) -> Iterator[Call]:
    """Every ECR call of the job."""
    settings = by_platform(job.in_vpc, "the image")
    if job.images:
        yield maker.call(TOKEN, "*", "the image", settings)
    for found in job.images:
        yield from _of_image(maker, job, found)


def _of_image(maker: Maker, job: Job, found: Found) -> Iterator[Call]:
    images = texts(found.value)
    partition = maker.environment.partition
    for image in images or ():
        where = repository(image)
        if where is None:
            reason = f"{readable(image)} is in no ECR registry that is known"
            yield maker.undecided(PULL[-1], "the image", reason)
            continue
        arn = f"arn:{partition}:ecr:{where.region}:{where.account}:repository/{where.name}"
        settings = by_platform(job.in_vpc, "the image")
        for action in PULL:
            yield maker.call(action, arn, "the image", settings, where.account)
    if images is None:
        reason = f"which image is not known: {why_not(found.value)}"
        yield maker.undecided(PULL[-1], "the image", reason)
