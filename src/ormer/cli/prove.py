"""``ormer prove``: is there any request at all that policies allow and a control forbids?"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ormer.cli.check import terminal_with_colour
from ormer.cli.proof_options import add_proof_options, asked_of
from ormer.cli.report_file import write_report
from ormer.report.proofs import json as proofs_json
from ormer.report.proofs import text as proofs_text
from ormer.run.prove import prove


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "prove",
        help=summary,
        description="Do the policies of an access file together allow any request that a control "
        "forbids? For each control and principal the answer is proved, violated with a request "
        "that shows it and the smallest Deny that closes it, unknown with the reason, or detected: "
        "no condition key shows it, the check of the definition finds it. Exit code 0: nothing "
        "violated or unknown; 1: something is, or nothing was asked; 2: it could not run.",
    )
    add = parser.add_argument
    add_proof_options(parser)
    add("--format", choices=["text", "json"], default="text", help="default: text")
    add("--output", metavar="FILE", help="write the report to FILE")
    add(
        "--strict",
        action="store_true",
        help="also fail where something is only detected, where nothing of it is allowed at all, "
        "and where a control is not configured",
    )


def run(options: argparse.Namespace) -> int:
    """Prove, and tell; 1 if anything is violated or unknown."""
    asked = asked_of(options)
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
