"""``ormer init``: write the environment profile of a SageMaker project in a live account."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, Optional

from ormer.model.errors import InputError


def add_parser(verbs: Any, summary: str) -> None:
    """Add the verb to ``ormer``'s parser."""
    parser = verbs.add_parser(
        "init",
        help=summary,
        description="Write the environment profile that the live account says: the project's "
        "domain (VPC, subnets, groups, execution role, tags) and its SSM parameters.",
    )
    add = parser.add_argument
    add("--project-name", required=True, metavar="NAME", help="the SageMaker project")
    add("--region", metavar="REGION", help="default: boto3's own")
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


def write_profile(args: argparse.Namespace, clients: Optional[Any] = None) -> int:
    """Find the profile with ``clients`` (default: boto3's own), write it, and say what it holds."""
    from ormer.sources.files import write_atomically
    from ormer.sources.project import explore

    if os.path.lexists(args.output) and not args.force:
        raise InputError(f"{args.output}: exists already; --force replaces it")
    found = explore(args.project_name, args.region, clients, args.domain_id)
    write_atomically(args.output, found.yaml.encode("utf-8"))
    print(f"wrote {args.output}")
    for path, strings in found.environment.values.items():
        print(f"  {path}: {', '.join(strings)}")
    for path, reason in found.left_out.items():
        print(f"left out {path}: {reason}", file=sys.stderr)
    return 0
