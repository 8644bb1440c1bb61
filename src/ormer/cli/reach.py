"""``ormer reach``: who can do something, and under which conditions."""

from __future__ import annotations

import argparse
import gc
from typing import Any

from ormer.cli.compare import add_options, environment_of, write
from ormer.model.errors import InputError


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "reach",
        help=summary,
        description="Every principal of an access file, and others where a resource's policy lets "
        "them: can they do ACTION on RESOURCE? Yes, always; yes, under conditions, which every "
        "allowed request has to meet; or no, and what prevents it (docs/compare.md). Exit code "
        "0: answered; 1: something could not be decided; 2: it could not run.",
    )
    parser.add_argument("action", metavar="ACTION", help="such as s3:GetObject, or a pattern")
    parser.add_argument(
        "resource", metavar="RESOURCE", help="an ARN, a pattern of ARNs (in quotes), or '*'"
    )
    parser.add_argument("--access", required=True, metavar="FILE", help="an access file")
    parser.add_argument(
        "--principal",
        action="append",
        default=[],
        metavar="ARN",
        help="this principal of the access file only (repeatable)",
    )
    add_options(parser)
    parser.add_argument(
        "--environment", metavar="FILE", help="a profile: the values that examples are made of"
    )


def run(options: argparse.Namespace) -> int:
    """Ask of everybody; 1 if something is not known."""
    from ormer.proofs.installed import need_solver

    need_solver()
    gc.enable()
    from ormer.proofs.difference.reach import Can, Reach
    from ormer.report.difference import reach as reach_text
    from ormer.run.access import load_access
    from ormer.run.given import given_values

    given = given_values(options.template_parameters, options.template_parameter)
    environment = environment_of(options.environment)
    access = load_access(options.access, given, environment)
    missing = [arn for arn in options.principal if arn not in access.holders]
    if missing:
        raise InputError(f"--principal {missing[0]}: {options.access} does not have it")
    if options.resource != "*" and not options.resource.startswith("arn:"):
        raise InputError(f"{options.resource!r} is neither an ARN, nor a pattern of ARNs, nor *")
    reach = Reach(access, environment, options.timeout, options.principal or None)
    if not reach.actions(options.action):
        raise InputError(f"{options.action!r}: no service has such an action")
    found = tuple(reach.reached(options.action, options.resource))
    render = reach_text.as_json if options.format == "json" else reach_text.render
    write(render(options.action, options.resource, found))
    return 1 if any(one.can is Can.UNKNOWN or one.why for one in found) else 0
