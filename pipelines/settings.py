"""Where a pipeline's settings come from, and what of them a pipeline needs.

One environment profile settles everything about security: the one that the gate
checks against. It is read from a file, handed over, or found from the live project.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, Optional, Union

from ormer.model.environment import Environment
from ormer.model.errors import InputError

EnvironmentSource = Union[str, Path, Environment, None]

COMMON_INSTANCE_TYPES = (
    "ml.m5.large",
    "ml.m5.xlarge",
    "ml.m5.2xlarge",
    "ml.m5.4xlarge",
    "ml.c5.xlarge",
    "ml.c5.2xlarge",
)
"""What a caller may choose from where the profile names no instance type itself."""

DEFAULT_RUNTIME_SECONDS = 3600


class Settings(NamedTuple):
    """What a pipeline takes from a profile; where the profile lists several, the first counts.

    ``data`` and ``models`` are S3 URIs without a slash at the end. ``instance_types``
    are whole names, never patterns. ``max_instance_count`` is None without a limit.
    """

    environment: Environment
    region: str
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]
    volume_key: str
    output_key: str
    data: str
    models: str
    execution_role: str
    registries: tuple[str, ...]
    instance_types: tuple[str, ...]
    max_runtime_seconds: int
    max_instance_count: Optional[int]
    tags: dict[str, str]


def find_environment(
    source: EnvironmentSource, region: Optional[str], project_name: Optional[str]
) -> Environment:
    """The profile that ``source`` is, or names, or, where it is None, of the live project.

    Raises InputError for a file that cannot be read, for no source and no project
    name, and for a profile of another region; AwsError where the project is asked in vain.
    """
    environment = _find(source, region, project_name)
    if region is not None and environment.region != region:
        raise InputError(
            f"{environment.path or 'the environment profile'}: is for region "
            f"{environment.region}, the pipeline is built for {region}"
        )
    return environment


def _find(
    source: EnvironmentSource, region: Optional[str], project_name: Optional[str]
) -> Environment:
    if isinstance(source, Environment):
        return source
    if source is None:
        if not project_name or not region:
            raise InputError(
                "no settings: name an environment profile, "
                "or the live project by region and project_name"
            )
        from ormer.sources.project import discover

        return discover(project_name, region)
    from ormer.read.environment import read_environment

    try:
        text = Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source}: {error.strerror or error}") from None
    return read_environment(text, str(source))


def settings_of(environment: Environment) -> Settings:
    """Read a pipeline's settings out of a profile; raises InputError naming a missing field."""
    runtime = environment.lookup("max_runtime_seconds")
    count = environment.lookup("max_instance_count")
    return Settings(
        environment=environment,
        region=environment.region,
        subnets=_all(environment, "vpc.subnets"),
        security_groups=_all(environment, "vpc.security_groups"),
        volume_key=_first(environment, "kms.volume"),
        output_key=_first(environment, "kms.output"),
        data="s3://" + _first(environment, "buckets.data").rstrip("/"),
        models="s3://" + _first(environment, "buckets.models").rstrip("/"),
        execution_role=_first(environment, "roles.execution"),
        registries=environment.lookup("image_registries") or (),
        instance_types=_instance_types(environment),
        max_runtime_seconds=int(runtime[0]) if runtime else DEFAULT_RUNTIME_SECONDS,
        max_instance_count=int(count[0]) if count else None,
        tags={key: values[0] for key, values in environment.mapping("tags").items()},
    )


def _all(environment: Environment, path: str) -> tuple[str, ...]:
    found = environment.lookup(path)
    if not found:
        name = environment.path or "the environment profile"
        raise InputError(f"{name}: missing field {path!r}, which building a pipeline needs")
    return found


def _first(environment: Environment, path: str) -> str:
    return _all(environment, path)[0]


def _instance_types(environment: Environment) -> tuple[str, ...]:
    approved = environment.lookup("instance_types")
    if not approved:
        return COMMON_INSTANCE_TYPES
    named = [name for name in approved if "*" not in name and "?" not in name]
    patterns = [name for name in approved if name not in named]
    matched = [
        common
        for common in COMMON_INSTANCE_TYPES
        if any(fnmatchcase(common, pattern) for pattern in patterns)
    ]
    found = tuple(dict.fromkeys([*named, *matched]))
    if not found:
        name = environment.path or "the environment profile"
        raise InputError(
            f"{name}: 'instance_types' holds only patterns ({', '.join(approved)}); "
            "name at least one type in full, so that a caller can choose it"
        )
    return found
