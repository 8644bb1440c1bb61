"""``ormer compare``: what a change of policies allows that was not allowed before."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import Any, Optional

from ormer.cli.check import add_template_options
from ormer.cli.seconds import seconds
from ormer.model.environment import Environment
from ormer.model.errors import InputError


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "compare",
        help=summary,
        description="Two sets of policies: is there any request that NEW allows and OLD does not? "
        "Every action, every resource, every condition key, decided by a solver and each request "
        "that it finds by `ormer decide`'s evaluator in both sets (docs/compare.md). With "
        "--redundant and one access file: which Deny statements can go and nothing more is "
        "allowed. Exit code 0: nothing new; 1: something new is allowed, or it could not be "
        "decided; 2: it could not run.",
    )
    parser.add_argument(
        "old",
        metavar="OLD",
        help="an access file, a JSON policy, or a role or policy in a CloudFormation template or "
        "Terraform plan (FILE#LogicalId, FILE#address)",
    )
    parser.add_argument("new", nargs="?", metavar="NEW", help="the same after the change")
    parser.add_argument(
        "--redundant",
        action="store_true",
        help="of one access file: is each Deny needed, or do others keep what it keeps?",
    )
    add_options(parser)
    parser.add_argument(
        "--principal",
        action="append",
        default=[],
        metavar="ARN",
        help="this principal of the access files only (repeatable); of a single policy: who has it",
    )
    parser.add_argument(
        "--environment", metavar="FILE", help="a profile: the values that examples are made of"
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What ``ormer reach`` has, too."""
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=300.0,
        metavar="SECONDS",
        help="what is not decided by then is unknown; default: 300",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    add_template_options(parser)


def run(options: argparse.Namespace) -> int:
    """Compare, or find redundant Denies; 1 if there is something to look at."""
    from ormer.proofs.installed import need_solver

    need_solver()
    gc.enable()
    if options.redundant:
        return _redundant(options)
    if options.new is None:
        raise InputError("give OLD and NEW")
    return _compare(options)


def _compare(options: argparse.Namespace) -> int:
    from ormer.proofs.difference.compare import Comparison
    from ormer.report.difference import compare_json, compare_text
    from ormer.report.difference.compared import Compared
    from ormer.run.given import given_values
    from ormer.run.policy_sets import load_sets

    environment = environment_of(options.environment)
    given = given_values(options.template_parameters, options.template_parameter)
    wanted = tuple(options.principal)
    old, new = load_sets(options.old, options.new, wanted, environment, given)
    only = wanted if wanted and old.is_file else None
    there = Comparison(old.access, new.access, environment, options.timeout, only)
    back = there.reversed()
    made = Compared(
        old.target,
        new.target,
        tuple(there.changes(progress("new"))),
        tuple(back.changes(progress("no longer"))),
        there.added,
        back.added,
        there.asked + back.asked,
        new.note,
    )
    render = compare_json.render if options.format == "json" else compare_text.render
    write(render(made))
    return 1 if made.new else 0


def _redundant(options: argparse.Namespace) -> int:
    from ormer.proofs.difference.redundant import Denies
    from ormer.report.difference import redundant as redundant_text
    from ormer.run.access import load_access
    from ormer.run.given import given_values

    if options.new is not None:
        raise InputError("--redundant is about one access file")
    given = given_values(options.template_parameters, options.template_parameter)
    environment = environment_of(options.environment)
    access = load_access(options.old, given, environment)
    missing = [arn for arn in options.principal if arn not in access.holders]
    if missing:
        raise InputError(f"--principal {missing[0]}: {options.old} does not have it")
    denies = Denies(access, environment, options.timeout, options.principal or None)
    found = tuple(denies.judged(progress("Deny")))
    render = redundant_text.as_json if options.format == "json" else redundant_text.render
    write(render(options.old, found))
    return 1 if any(not one.is_needed for one in found) else 0


def environment_of(path: Optional[str]) -> Optional[Environment]:
    """The profile that is named, if one is."""
    if path is None:
        return None
    from ormer.run.check import load_environment

    return load_environment(path)


def progress(what: str) -> Any:
    """Says on a terminal how far it is."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def say(name: str, done: int, count: int) -> None:
        sys.stderr.write(f"\r\033[K{what}: {name}: {done} of {count}")
        sys.stderr.write("\r\033[K" if done + 1 >= count else "")
        sys.stderr.flush()

    return say


def write(text: str) -> None:
    """Print a report. Raises InputError where standard output is closed."""
    if sys.stdout is None:
        raise InputError("standard output is closed")
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
