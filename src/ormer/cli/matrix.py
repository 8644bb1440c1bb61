"""``ormer matrix``: which layer of the policies prevents what, alone and all together."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ormer.cli.proof_options import add_proof_options, asked_of
from ormer.cli.report_file import write_report
from ormer.model.errors import InputError
from ormer.report.matrix import json as matrix_json
from ormer.report.matrix import markdown as matrix_markdown
from ormer.report.matrix import text as matrix_text

_FORMATS = {
    "text": matrix_text.render,
    "json": matrix_json.render,
    "markdown": matrix_markdown.render,
}


def add_parser(verbs: Any, summary: str) -> None:
    """The verb's options."""
    parser = verbs.add_parser(
        "matrix",
        help=summary,
        description="Show for each control and each action that somebody may call which layer of "
        "the policies prevents what the control or access property forbids: the principal's own "
        "policies, its boundary, SCPs, RCPs, the resource's policy, the endpoint's, the session's, "
        "each alone, and all of them together. Exit code 0: together they let in nothing that a "
        "condition key shows to be forbidden; 1: they do, it could not be decided, or nothing was "
        "asked; 2: it could not run.",
    )
    add_proof_options(parser)
    parser.add_argument(
        "--each-principal",
        action="store_true",
        help="a row a principal; default: one for all that may call the action, the worst of each "
        "layer",
    )
    parser.add_argument("--format", choices=list(_FORMATS), default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the matrix to FILE")


def run(options: argparse.Namespace) -> int:
    """Make, write and tell."""
    if sys.stdout is None and options.output is None:
        raise InputError("standard output is closed")
    from ormer.run.matrix import make_matrix  # late: it brings all that proves

    made, files = make_matrix(asked_of(options), options.each_principal)
    write_report(_FORMATS[options.format](made), options.output, files)
    return 0 if made.is_kept else 1
