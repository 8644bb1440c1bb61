"""``ormer prove``: is there any request at all that policies allow and a control forbids?"""

from __future__ import annotations

import argparse
import gc
import sys
from typing import Any

from ormer.cli.check import add_template_options, terminal_with_colour
from ormer.cli.report_file import write_report
from ormer.cli.seconds import seconds
from ormer.report import proofs_json, proofs_text
from ormer.run.prove import Asked, prove

_SECONDS = 60.0
_OBJECTS_A_LOOK = 50_000


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "prove",
        help=summary,
        description="Do the policies of an access file together allow any request that a control "
        "forbids? For each control and principal the answer is proved, violated with a request "
        "that shows it and the smallest Deny that closes it, unknown with the reason, or detected: "
        "no condition key shows it, the check of the definition finds it. Exit code 0: nothing "
        "violated or unknown; 1: something is; 2: it could not run.",
    )
    add = parser.add_argument
    add("--access", metavar="FILE", required=True, help="who may call what (docs/access.md)")
    add("--environment", metavar="FILE", required=True, help="the environment profile (YAML)")
    add(
        "--control",
        action="append",
        default=[],
        metavar="ID",
        help="ask of this control or access property only (repeatable)",
    )
    add(
        "--principal",
        action="append",
        default=[],
        metavar="ARN",
        help="ask of this principal only (repeatable)",
    )
    add(
        "--controls",
        metavar="DIR",
        help="a folder of your own controls, which add to or replace ours",
    )
    add_template_options(parser)
    add("--format", choices=["text", "json"], default="text", help="default: text")
    add("--output", metavar="FILE", help="write the report to FILE")
    add(
        "--timeout",
        type=seconds,
        default=_SECONDS,
        metavar="SECONDS",
        help="the time for each control and principal; what is not decided by then is unknown; "
        "default: 60",
    )
    add(
        "--strict",
        action="store_true",
        help="also fail where something is only detected, where nothing of it is allowed at all, "
        "and where a control is not configured",
    )


def run(options: argparse.Namespace) -> int:
    """Prove, and tell; 1 if anything is violated or unknown."""
    gc.enable()  # a solver a principal, action and world
    gc.set_threshold(_OBJECTS_A_LOOK)
    asked = Asked(
        options.access,
        options.environment,
        options.control,
        options.principal,
        options.controls,
        options.template_parameters,
        options.template_parameter,
        options.timeout,
    )
    try:
        proving = prove(asked, _tell_progress)
    finally:
        _end_progress()
    if options.format == "json":
        text = proofs_json.render(proving)
    else:
        colour = options.output is None and terminal_with_colour()
        text = proofs_text.render(proving, colour, options.strict)
    write_report(text, options.output, [each.path for each in proving.inputs] + asked.files())
    return 0 if proving.passed(options.strict) else 1


def _tell_progress(done: int, of: int) -> None:
    """A line on a terminal that says how far it is; nothing where nobody looks."""
    if _is_watched():
        sys.stderr.write(f"\r{done} of {of} proofs")
        sys.stderr.flush()


def _end_progress() -> None:
    """Take the line away."""
    if _is_watched():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
