"""``ormer access``: write an access file from an account's details, or say what one holds."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(verbs: Any, summary: str) -> None:
    """Add the verb to ``ormer``'s parser."""
    parser = verbs.add_parser(
        "access",
        help=summary,
        description="An access file says who may call what (docs/access.md). Write one from the "
        "output of aws iam get-account-authorization-details, for editing, or read one with every "
        "policy that it names and print what it holds and what is not known.",
    )
    add = parser.add_argument
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--from", dest="details", metavar="FILE", help="the account's details, -: standard input"
    )
    source.add_argument("--check", metavar="FILE", help="an access file to read")
    add(
        "--principal",
        action="append",
        metavar="ARN",
        help="with --from: this role or user only; may be repeated",
    )
    add("--output", metavar="FILE", help="with --from; default: access.yaml")
    add("--force", action="store_true", help="with --from: replace FILE if it exists")
    add(
        "--template-parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="with --check: for the templates that it names; may be repeated",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the verb; returns 0. Raises InputError with one line if it cannot."""
    from ormer.model.errors import InputError

    if args.check is not None:
        given = (args.principal, args.output, args.force or None)
        names = ("--principal", "--output", "--force")
        for name, value in zip(names, given, strict=True):
            if value is not None:
                raise InputError(f"{name} is for --from")
        return _check(args)
    if args.template_parameter:
        raise InputError("--template-parameter is for --check")
    from ormer.run.write_access import write_access

    path = "access.yaml" if args.output is None else args.output
    for line in write_access(args.details, args.principal, path, args.force):
        print(line)
    return 0


def _check(args: argparse.Namespace) -> int:
    from ormer.read.templates.parameters import given_parameters
    from ormer.report.access import access_text
    from ormer.run.access import load_access

    access = load_access(args.check, given_parameters(args.template_parameter))
    print("\n".join(access_text(access)))
    return 0
