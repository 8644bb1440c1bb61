"""``ormer matrix``: which layer of the policies prevents what, alone and all together."""

from __future__ import annotations

import argparse
import gc
import sys
from typing import Any

from ormer.cli.check import add_template_options
from ormer.cli.report_file import write_report
from ormer.cli.seconds import seconds
from ormer.model.errors import InputError
from ormer.report import matrix_json, matrix_markdown, matrix_text

_OBJECTS_A_LOOK = 50_000

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
        "condition key shows to be forbidden; 1: they do, or it could not be decided; 2: it could "
        "not run.",
    )
    parser.add_argument(
        "--access", metavar="FILE", required=True, help="the access file: who may call what"
    )
    parser.add_argument(
        "--environment", metavar="FILE", required=True, help="the environment profile (YAML)"
    )
    parser.add_argument(
        "--control",
        action="append",
        default=[],
        metavar="ID",
        help="only this control or access property (repeatable)",
    )
    parser.add_argument(
        "--controls",
        metavar="DIR",
        help="a folder of your own controls, which add to or replace ours",
    )
    parser.add_argument(
        "--principal", action="append", default=[], metavar="ARN", help="only this one (repeatable)"
    )
    parser.add_argument(
        "--each-principal",
        action="store_true",
        help="a row a principal; default: one for all that may call the action, the worst of each "
        "layer",
    )
    add_template_options(parser)
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=60.0,
        metavar="SECONDS",
        help="for each control and principal; what is not decided by then is unknown (default: 60)",
    )
    parser.add_argument("--format", choices=list(_FORMATS), default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the matrix to FILE")


def run(options: argparse.Namespace) -> int:
    """Make, write and tell."""
    if sys.stdout is None and options.output is None:
        raise InputError("standard output is closed")
    gc.enable()  # many formulas are made
    gc.set_threshold(_OBJECTS_A_LOOK)
    from ormer.run.matrix import make_matrix  # late: it brings all that proves
    from ormer.run.prove import Asked

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
    made, files = make_matrix(asked, options.each_principal)
    write_report(_FORMATS[options.format](made), options.output, files)
    return 0 if made.is_kept else 1
