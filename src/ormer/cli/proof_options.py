"""What the verbs that prove are asked with: policies, a profile, controls, principals, a time."""

from __future__ import annotations

import argparse
import gc

from ormer.cli.check import add_template_options
from ormer.cli.seconds import seconds
from ormer.run.prove import Asked

_OBJECTS_A_LOOK = 50_000


def add_proof_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
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
    add(
        "--timeout",
        type=seconds,
        default=60.0,
        metavar="SECONDS",
        help="the time for each control and principal; what is not decided by then is unknown; "
        "default: 60",
    )


def asked_of(options: argparse.Namespace) -> Asked:
    """What the options say. The collector looks less often from now on: many formulas are made."""
    gc.enable()
    gc.set_threshold(_OBJECTS_A_LOOK)
    return Asked(
        options.access,
        options.environment,
        options.control,
        options.principal,
        options.controls,
        options.template_parameters,
        options.template_parameter,
        options.timeout,
    )
