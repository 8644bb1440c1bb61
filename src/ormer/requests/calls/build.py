"""A definition's requests -> every call that is predicted, in the order of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.model.call import Call, Kind
from ormer.model.definition import Definition
from ormer.model.environment import Environment
from ormer.model.request import Found, Request
from ormer.requests.build import CREATE_PIPELINE, Requests
from ormer.requests.calls.file_calls import file_calls
from ormer.requests.calls.image_calls import image_calls
from ormer.requests.calls.job import Job, jobs
from ormer.requests.calls.job_facts import UNREAD
from ormer.requests.calls.kms_calls import for_volume
from ormer.requests.calls.maker import Maker
from ormer.requests.calls.platform_calls import platform_calls
from ormer.requests.calls.s3_calls import s3_calls
from ormer.requests.calls.step_calls import step_calls
from ormer.requests.calls.texts import texts, why_not
from ormer.requests.kms import KeyIds


def calls(definition: Definition, built: Requests, environment: Environment) -> tuple[Call, ...]:
    """Every call of a run: by the pipeline's role, whose name is left empty, and by the jobs'."""
    return tuple(_calls(definition, built, environment))


def _calls(definition: Definition, built: Requests, environment: Environment) -> Iterator[Call]:
    keys = KeyIds(environment)
    by_step: dict[str, Job] = {}
    names = {step.path: step.name for step in definition.steps}
    for request in built.requests:
        if request.action == CREATE_PIPELINE:
            continue  # the build makes that call, not the pipeline
        yield from step_calls(request, environment)
        yield from unread_calls(request, environment)
        for job in jobs(request, keys):
            by_step.setdefault(names.get(job.subject, job.subject), job)
            yield from job_calls(job, environment)
    yield from file_calls(definition, built.resolver, by_step, environment)


def unread_calls(request: Request, environment: Environment) -> Iterator[Call]:
    """What work elsewhere will do is not predicted, so it is not said to be allowed."""
    if request.action in UNREAD:
        maker = Maker(environment, Kind.DATA, (), request.subject, request.place)
        yield maker.undecided(request.action, "the work", f"{UNREAD[request.action]} is not read")


def job_calls(job: Job, environment: Environment) -> Iterator[Call]:
    """Every call of a running job, by its role."""
    for roles, unknown in _roles(job.role):
        maker = Maker(environment, Kind.DATA, roles, job.subject, job.place, unknown)
        yield from s3_calls(maker, job)
        for volume in job.volumes:
            yield from for_volume(maker, volume.value)
        yield from image_calls(maker, job)
        yield from platform_calls(maker, job)


def _roles(role: Optional[Found]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The job's role, one after another where an enum leaves several; the pipeline's for none."""
    if role is None:
        yield ("",), ""
        return
    found = texts(role.value)
    if found is None:
        yield (), f"which role the job has is not known: {why_not(role.value)}"
    for text in found or ():
        yield (text,), ""
