"""``ormer upsert``, the gate: check a definition, upsert exactly those bytes, start and watch."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, Optional, TextIO

from ormer import __version__
from ormer.gate.outside import Outside
from ormer.model.environment import Environment
from ormer.model.errors import AwsError, InputError
from ormer.model.symbol import symbol

if TYPE_CHECKING:
    from ormer.assess.predict import Predictor
    from ormer.gate.clearance import Clearance
    from ormer.model.finding import Report

LONGEST_WAIT = 24 * 3600.0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(message)


def add_parser(verbs: Any, summary: str) -> None:
    """Add the verb to ``ormer``'s parser."""
    parser = verbs.add_parser(
        "upsert",
        help=summary,
        description="Check a pipeline definition and, if it is compliant, create or update the "
        "pipeline with exactly these bytes, tag it with their SHA-256, read it back and compare. "
        "Findings: exit code 1, nothing upserted, nothing started.",
    )
    parser.add_argument("definition", metavar="DEFINITION", help="a file, or - for standard input")
    _add_options(parser)
    parser.set_defaults(run=run)


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--pipeline-name", required=True, metavar="NAME")
    add("--role-arn", required=True, metavar="ARN", help="the role that the pipeline runs as")
    add("--environment", metavar="FILE", help="the environment profile; default: ormer.toml's")
    add("--project", metavar="FILE", help="default: ormer.toml, here or in a folder above")
    add("--profile", metavar="NAME", help="of ormer.toml, where it has several")
    add("--controls", metavar="DIR", help="a folder with more controls")
    add("--waivers", metavar="FILE", help="a file of waivers: findings accepted until a date")
    add("--access", metavar="FILE", help="an access file: upsert nothing that would be denied")
    add("--access-principal", metavar="ARN", help="with --access: who upserts, to be decided, too")
    add("--prove", action="store_true", help="with --access: prove it for whatever a caller passes")
    add("--strict", action="store_true", help="fail on controls that are not configured")
    add("--dry-run", action="store_true", help="stop after the check")
    add("--description", metavar="TEXT", help="the pipeline's description")
    add("--tags", metavar="JSON", default="{}", help="tags of the pipeline beside the gate's own")
    add("--start", action="store_true", help="start what was upserted")
    add("--parameter", action="append", default=[], metavar="NAME=VALUE", help="with --start")
    add("--wait", action="store_true", help="with --start: wait for the end")
    add("--timeout", type=_seconds, default=LONGEST_WAIT, metavar="SECONDS", help="of --wait")
    add("--region", metavar="REGION", help="must be the profile's, which is the default")
    add("--endpoint-url", metavar="URL", help="of AWS, for the embedded one")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 7 * LONGEST_WAIT:
        raise argparse.ArgumentTypeError("must be above 0 and at most a week")
    return seconds


def run(args: argparse.Namespace) -> int:
    """Run the verb; returns the exit code (0 fine, 1 findings or a failed run, 2 could not run)."""
    gc.enable()  # waiting for an execution may take a day
    return _guarded(lambda: _run_file(args))


def run_upsert(
    definition: bytes,
    source: str,
    argv: list[str],
    environment: Optional[Environment] = None,
    outside: Optional[Outside] = None,
) -> int:
    """``ormer upsert`` for a definition in memory: the options in ``argv``, without DEFINITION.

    ``source`` names it in messages; ``environment`` replaces ``--environment``.
    Returns the exit code and prints what the command prints.
    """
    parser = _Parser(prog="ormer upsert")
    _add_options(parser)

    def work() -> int:
        try:
            args = parser.parse_args(argv)
        except SystemExit as stopped:  # --help
            return int(stopped.code or 0)
        return _gate(definition, source, args, environment, outside or Outside())

    return _guarded(work)


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except (InputError, AwsError) as error:
        _say(f"ormer: error: {error}")
    except KeyboardInterrupt:
        _say("ormer: interrupted; no execution is known to have started, run the command again")
    return 2


def _run_file(args: argparse.Namespace) -> int:
    from ormer.run.targets import split
    from ormer.sources.files import read_bytes

    path = args.definition
    if split(path)[1]:
        raise InputError(f"{path}: a part of another file; upsert takes a definition's own file")
    name = "standard input" if path == "-" else path
    return _gate(read_bytes(path), name, args, None, Outside())


def _gate(
    definition: bytes,
    source: str,
    args: argparse.Namespace,
    environment: Optional[Environment],
    outside: Outside,
) -> int:
    from ormer.gate import parameters, role, tags
    from ormer.gate.clearance import clear
    from ormer.read.definition import read_definition
    from ormer.run.check import load_environment

    _refuse_others(definition, source)
    _check_usage(args)
    if environment is None:
        _settle(args)
    if args.access_principal is not None and args.access is None:
        raise InputError("--access-principal needs --access")
    given = parameters.given_parameters(args.parameter)
    own_tags = tags.given_tags(args.tags)
    environment = environment or load_environment(args.environment)
    if args.region not in (None, environment.region):
        raise InputError(f"--region {args.region}: the profile is for {environment.region}")
    report, *others = _reports(definition, source, args, environment, outside)
    for one in (report, *others):
        _print(outside.render(one, _colour(), args.strict).rstrip("\n"))
    clearance = clear(report, definition, args.strict)
    wrong_role = role.finding(args.role_arn, environment)
    if wrong_role is not None:
        _print(f"fail: {wrong_role}")
    fine = wrong_role is None and all(one.passed() for one in others)
    if clearance is None or not fine:
        _say("nothing is upserted and nothing is started")
        return 1
    if args.start:
        parameters.check_parameters(read_definition(definition, source).parameters, given)
    if args.dry_run:
        _say(f"dry run: sha256 {clearance.sha256} passed; nothing is upserted")
        return 0
    all_tags = {**own_tags, **tags.gate_tags(clearance, __version__)}
    return _upsert(clearance, args, given, all_tags, environment, outside)


def _predictor(args: argparse.Namespace, environment: Environment) -> tuple[Predictor, ...]:
    """What predicts the calls of the pipeline as ``--role-arn``, where an access file is given."""
    if args.access is None:
        return ()
    from ormer.gate import tags
    from ormer.requests.calls.upsert_calls import Upsert
    from ormer.run.prediction import make_predictor

    upsert = None
    if args.access_principal is not None:
        given = {**tags.given_tags(args.tags), **dict.fromkeys(tags.OWN, symbol("the gate's tag"))}
        upsert = Upsert(args.access_principal, args.pipeline_name, given, args.start)
    return (make_predictor(args.access, environment, args.role_arn, upsert, args.prove),)


def _reports(
    definition: bytes,
    source: str,
    args: argparse.Namespace,
    environment: Environment,
    outside: Outside,
) -> list[Report]:
    """The report on the definition and, where there are waivers, one on their file."""
    report = outside.check(
        definition, source, environment, args.controls, *_predictor(args, environment)
    )
    report = report._replace(input=report.input._replace(pipeline=args.pipeline_name))
    if args.waivers is None:
        return [report]
    from ormer.run.waivers import waived_report

    return waived_report(report, args.waivers, environment, args.controls)


def _upsert(
    clearance: Clearance,
    args: argparse.Namespace,
    given: dict[str, str],
    all_tags: dict[str, str],
    environment: Environment,
    outside: Outside,
) -> int:
    from ormer.gate import deploy

    def connect(service: str) -> Any:
        return outside.connect(service, environment.region, args.endpoint_url)

    store = deploy.definition_store(environment)
    order = deploy.Order(
        clearance, args.pipeline_name, args.role_arn, args.description, all_tags, store
    )
    sagemaker = connect("sagemaker")
    deployment = deploy.deploy(sagemaker, lambda: connect("s3"), order, _say)
    if not args.start:
        return 0
    execution = deploy.start(sagemaker, deployment, given)
    _print(f"started {execution}")
    return _watch(sagemaker, execution, args.timeout, outside) if args.wait else 0


def _watch(sagemaker: Any, execution: str, timeout: float, outside: Outside) -> int:
    from ormer.gate.watch import Clock, failure, table, watch

    goes_on = f"the execution goes on: {execution}"
    try:
        outcome = watch(sagemaker, execution, timeout, Clock(outside.now, outside.sleep), _say)
    except KeyboardInterrupt:
        _say(f"ormer: stopped waiting; {goes_on}")
        return 2
    except AwsError as error:
        raise AwsError(f"{error}; {goes_on}") from error
    for line in table(outcome.steps):
        _print(line)
    if outcome.state.running:
        raise AwsError(f"still {outcome.state.status} after {timeout:g} s; {goes_on}")
    if not outcome.succeeded:
        _print(failure(outcome))
        return 1
    _print("the execution succeeded")
    return 0


def _refuse_others(definition: bytes, source: str) -> None:
    """What deploys a template or a plan is not the gate: it has no bytes to upsert."""
    from ormer.read.templates.file_kind import PLAN, kind_of

    kind = kind_of(definition)
    if kind:
        what = "a Terraform plan" if kind == PLAN else "a CloudFormation template"
        raise InputError(
            f"{source}: {what}, not a pipeline definition: check it (ormer check), then deploy it"
        )


def _check_usage(args: argparse.Namespace) -> None:
    for option, value in (("--parameter", args.parameter), ("--wait", args.wait)):
        if value and not args.start:
            raise InputError(f"{option} needs --start")
    for option, value in (("--access", args.access), ("--access-principal", args.access_principal)):
        if value == "":
            raise InputError(f"{option} is empty")


def _settle(args: argparse.Namespace) -> None:
    """Take from ``ormer.toml`` what the command line does not give."""
    from ormer.run.batches import NO_ACCESS, profile_of

    profile = profile_of(args.environment, args.project, args.profile)
    args.environment = profile.environment
    args.waivers = args.waivers or profile.waivers
    args.controls = args.controls or profile.controls
    args.access = args.access or profile.access
    args.prove = args.prove or profile.prove
    if args.prove and args.access is None:
        raise InputError(NO_ACCESS)


def _colour() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _print(line: str) -> None:
    """The output: the report, the execution's ARN and its steps."""
    _write(line, sys.stdout)


def _say(line: str) -> None:
    """Progress and errors."""
    _write(line, sys.stderr)


def _write(line: str, stream: Optional[TextIO]) -> None:
    if stream is None:  # it is closed
        return
    encoding = stream.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
