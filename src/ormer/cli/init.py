"""``ormer init``: write an environment profile and ``ormer.toml``, to start with."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NamedTuple, Optional

from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.project_file import FILE

_PLACEHOLDERS = {
    "vpc.subnets": "subnet-none",
    "vpc.security_groups": "sg-none",
    "kms.volume": "arn:{partition}:kms:{region}:{account}:key/none",
    "kms.output": "arn:{partition}:kms:{region}:{account}:key/none",
}
_REPLACE = "no definition shows one: replace it"


def add_parser(verbs: Any, summary: str) -> None:
    """Add the verb to ``ormer``'s parser."""
    parser = verbs.add_parser(
        "init",
        help=summary,
        description="Write the environment profile, and ormer.toml where there is none. The "
        "profile says what is approved: from a live SageMaker project (its domain's VPC settings, "
        "execution role and tags, and its SSM parameters), or from what your definitions use "
        "today, for review.",
    )
    add = parser.add_argument
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--project-name", metavar="NAME", help="the SageMaker project")
    source.add_argument(
        "--from",
        dest="definitions",
        nargs="+",
        metavar="DEFINITION",
        help="definition files or globs: approve what they use today",
    )
    add("--account", metavar="ID", help="with --from, where no definition shows it")
    add("--region", metavar="REGION", help="default: boto3's own, or what the definitions show")
    add(
        "--domain-id",
        metavar="ID",
        help="the project's domain, if its tag sagemaker:domain-arn does not tell",
    )
    add("--output", default="environment.yaml", metavar="FILE")
    add("--force", action="store_true", help="replace FILE if it exists")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the verb; returns 0. Raises InputError or AwsError with one line if it cannot."""
    return write_profile(args)


class _Made(NamedTuple):
    """A profile to write, and what was left out of it or has to be replaced, with the reason."""

    environment: Environment
    yaml: str
    left_out: dict[str, str]


def write_profile(args: argparse.Namespace, clients: Optional[Any] = None) -> int:
    """Find the profile, write it and ``ormer.toml``, and say what they hold.

    ``clients`` are those of the live account (default: boto3's own).
    """
    from ormer.sources.files import write_atomically

    if os.path.lexists(args.output) and not args.force:
        raise InputError(f"{args.output}: exists already; --force replaces it")
    made = _from_definitions(args) if args.definitions else _from_project(args, clients)
    write_atomically(args.output, made.yaml.encode("utf-8"))
    print(f"wrote {args.output}")
    for path, strings in made.environment.values.items():
        print(f"  {path}: {', '.join(strings)}")
    for path, reason in made.left_out.items():
        print(f"left out {path}: {reason}", file=sys.stderr)
    _write_project_file(args)
    return 0


def _from_project(args: argparse.Namespace, clients: Optional[Any]) -> _Made:
    from ormer.sources.project import explore

    if args.account is not None:
        raise InputError("--account is for --from: the project tells its account")
    found = explore(args.project_name, args.region, clients, args.domain_id)
    return _Made(found.environment, found.yaml, dict(found.left_out))


def _from_definitions(args: argparse.Namespace) -> _Made:
    from ormer.assess.observed import observed
    from ormer.read.definition import read_definition
    from ormer.read.environment import read_environment
    from ormer.run.targets import expanded
    from ormer.sources.files import read_bytes
    from ormer.sources.profile_yaml import profile_yaml

    if args.domain_id is not None:
        raise InputError("--domain-id is for --project-name")
    paths = expanded(args.definitions)
    if os.path.realpath(args.output) in {os.path.realpath(path) for path in paths}:
        raise InputError(f"--output {args.output} would replace what is read from it")
    values = observed(
        [read_definition(read_bytes(path), path) for path in paths], args.account, args.region
    )
    for field in ("account", "region"):
        if field not in values:
            raise InputError(f"no definition shows the {field}: give --{field}")
    where = Environment(values["account"][0], values["region"][0], {})
    missing = {
        field: (text.format(partition=where.partition, region=where.region, account=where.account),)
        for field, text in _PLACEHOLDERS.items()
        if field not in values
    }
    used = f"What {', '.join(paths)} used when this was written."
    comment = f"{used}\nReview it: what stands here is approved."
    text = profile_yaml({**values, **missing}, comment, dict.fromkeys(missing, _REPLACE))
    environment = read_environment(text.encode("utf-8"), args.output)
    return _Made(environment, text, dict.fromkeys(missing, _REPLACE))


def _write_project_file(args: argparse.Namespace) -> None:
    """``ormer.toml`` beside the profile, never over an existing one."""
    import json

    from ormer.sources.files import write_atomically

    folder = os.path.dirname(args.output)
    path = os.path.join(folder, FILE)
    if os.path.lexists(path):
        print(f"{path} exists already and is left as it is")
        return
    given = args.definitions or [os.path.join(folder, "build", "*.json")]
    definitions = [os.path.relpath(entry, folder or ".") for entry in given]
    lines = [
        "# What `ormer check` without arguments checks. Paths are relative to this file.",
        f"definitions = [{', '.join(json.dumps(entry) for entry in definitions)}]",
        f"environment = {json.dumps(os.path.basename(args.output))}",
        '# waivers = "waivers.yaml"',
        '# controls = "controls"',
    ]
    write_atomically(path, ("\n".join(lines) + "\n").encode("utf-8"))
    print(f"wrote {path}")
