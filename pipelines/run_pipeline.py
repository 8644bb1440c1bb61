"""Build a pipeline and hand its definition to the gate, which checks, upserts and starts it.

    python -m pipelines.run_pipeline -n pipelines.abalone.pipeline \\
        -kwargs '{"region": "eu-west-1"}' --environment pipelines/environment.yaml

The definition is serialised once; what the gate checks is, byte for byte, what it upserts.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Optional, Sequence

from ormer.model.environment import Environment
from ormer.model.errors import InputError
from pipelines import _utils
from pipelines.settings import find_environment

PROGRAM = "run_pipeline"

_HANDED_ON = ("waivers", "controls", "access", "access_principal")
"""The options that are the gate's own."""


def main(argv: Optional[Sequence[str]] = None) -> int:
    """The command; returns the gate's exit code, or 2 if nothing could be handed to it."""
    arguments = _parser().parse_args(argv)
    return _utils.run(PROGRAM, lambda: _run(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = _utils.OneLineParser(PROGRAM, "Check, upsert and start a pipeline.")
    _utils.add_pipeline_arguments(parser)
    parser.add_argument(
        "--environment",
        metavar="FILE",
        help="the environment profile; without one, the settings of the live project",
    )
    parser.add_argument("--start", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--wait", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument(
        "--parameter",
        metavar="K=V",
        action="append",
        default=[],
        help="a pipeline parameter for the started execution; may be repeated",
    )
    parser.add_argument("--waivers", metavar="FILE", help="findings accepted until a date")
    parser.add_argument("--controls", metavar="DIR", help="a folder with more controls")
    parser.add_argument("--access", metavar="FILE", help="who may call what: predict denied calls")
    parser.add_argument("--access-principal", metavar="ARN", help="who runs this, by that file")
    parser.add_argument("--dry-run", action="store_true", help="check only; change nothing")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    module_name = arguments.module_name
    kwargs = _utils.read_kwargs(arguments.kwargs)
    tags = _utils.read_tags(arguments.tags)
    with _utils.quietly():
        function = _utils.load_get_pipeline(module_name)
        environment = _environment(arguments.environment, kwargs)
        if _utils.accepts(function, "environment"):
            kwargs.setdefault("environment", environment)
        pipeline = _utils.call_get_pipeline(module_name, function, kwargs)
        definition = _utils.serialised(module_name, pipeline)
    flags = _gate_flags(arguments, str(pipeline.name), environment, tags)

    from ormer.cli.upsert import run_upsert

    return run_upsert(definition, module_name, flags, environment)


def _environment(file_name: Optional[str], kwargs: dict[str, Any]) -> Environment:
    """The profile that the gate checks against; get_pipeline gets it too if it takes one."""
    in_kwargs = kwargs.get("environment")
    if in_kwargs is not None and not isinstance(in_kwargs, str):
        raise InputError(f"--kwargs: environment is a profile's path, not {in_kwargs!r}")
    if None not in (file_name, in_kwargs) and file_name != in_kwargs:
        raise InputError(f"--environment is {file_name!r}, --kwargs has {in_kwargs!r}")
    return find_environment(
        file_name or in_kwargs, kwargs.get("region"), kwargs.get("project_name")
    )


def _gate_flags(
    arguments: argparse.Namespace,
    pipeline_name: str,
    environment: Environment,
    tags: list[dict[str, str]],
) -> list[str]:
    """The flags of ``ormer upsert``."""
    flags = ["--pipeline-name", pipeline_name, "--role-arn", _role(arguments.role_arn, environment)]
    for parameter in arguments.parameter:
        flags += ["--parameter", parameter]
    if tags:
        flags += ["--tags", json.dumps(tags)]
    if arguments.description:
        flags += ["--description", arguments.description]
    if arguments.start:
        flags += ["--start", "--wait"] if arguments.wait else ["--start"]
    for option in _HANDED_ON:
        value = getattr(arguments, option)
        if value is not None:
            flags += [f"--{option.replace('_', '-')}", value]
    if arguments.dry_run:
        flags.append("--dry-run")
    return flags


def _role(given: Optional[str], environment: Environment) -> str:
    """The pipeline's role: the one given, or the profile's first."""
    if given is not None:
        return given
    approved = environment.lookup("roles.pipeline")
    if not approved:
        raise InputError("--role-arn is missing, and the profile names no roles.pipeline")
    return approved[0]


if __name__ == "__main__":
    sys.exit(main())
