"""Decisions a second beside an independent evaluator's, on the same cases in the same run.

    tox -e differential,bench

In process, one core: policies are compiled (the peer's: loaded) before the clock starts, so
that only deciding is measured. Then what reading and writing the JSON lines costs, for lines
that share their policies and for lines whose policies are all their own. Then the evaluator that
takes requests and policies with unknown parts: what the calls of the abalone pipeline ask of
``pipelines/access.yaml``. Nothing passes or fails here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Optional

from benchmarks.differential.cases import Case, cases
from benchmarks.differential.peer import rate, why_absent
from ormer.assess.caller_keys import call_context
from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.evaluate.decide import Evaluator
from ormer.evaluate.open.verdict import AccessEvaluator
from ormer.model.access import Access, Endpoint
from ormer.model.authorization import AuthorizationRequest
from ormer.model.call import Way
from ormer.read.definition import read_definition
from ormer.read.policies.decide_line import read_policies, read_request
from ormer.requests.calls.build import calls
from ormer.run.access import load_access
from ormer.run.check import load_environment
from ormer.run.decide import answers, as_json

ROUNDS = 3
HERE = Path(__file__).parent
DEFINITION = HERE / "abalone.json"
PROFILE = HERE.parent / "pipelines" / "environment.yaml"
ACCESS = HERE.parent / "pipelines" / "access.yaml"

Asked = tuple[AuthorizationRequest, Optional[Endpoint]]


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Run all parts and print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--peer", metavar="FOLDER", type=Path, help="holds node_modules")
    parser.add_argument("--cases", metavar="N", type=int, default=2000, help="default: 2000")
    options = parser.parse_args(argv)
    made = list(cases(1, options.cases))
    ours = in_process(made)
    beside_peer(options.peer, made, ours)
    unknown_parts(ours)
    json_lines(made, ours)
    memory(made)


def in_process(made: list[Case]) -> float:
    """Decisions a second with everything compiled and read before."""
    ready = [(Evaluator(read_policies(each, "case")), read_request(each, "case")) for each in made]
    outcomes = Counter(evaluator.decide(asked).outcome.value for evaluator, asked in ready)

    def work() -> None:
        for _ in range(10):
            for evaluator, asked in ready:
                evaluator.decide(asked)

    found = len(made) * 10 / best(work)
    print(f"in process, one core, {len(made)} multi-layer cases {dict(outcomes)}:")
    print(f"  ormer         {found:9.0f} decisions a second")
    return found


def beside_peer(folder: Optional[Path], made: list[Case], ours: float) -> None:
    """The peer's engine on the same cases, in its own process."""
    absent = "no --peer" if folder is None else why_absent(folder)
    if folder is None or absent is not None:
        print(f"  the peer is not there to compare with ({absent}): tox -e differential")
        return
    theirs = rate(folder, made, len(made) * 10)
    print(f"  iam-simulate  {theirs:9.0f} decisions a second of its core engine")
    print(f"  ormer decides {ours / theirs:9.1f} x as many")


def unknown_parts(ours: float) -> None:
    """Decisions a second by an access file, with everything compiled and read before."""
    access, asked = access_requests()
    evaluator = AccessEvaluator(access)
    outcomes = Counter(evaluator.decide(*each).outcome.value for each in asked)

    def work() -> None:
        for _ in range(10):
            for each in asked:
                evaluator.decide(*each)

    found = len(asked) * 10 / best(work)
    print(f"by an access file, one core, {len(asked)} requests of a run {dict(outcomes)}:")
    print(f"  ormer         {found:9.0f} decisions a second")
    print(f"  one takes     {ours / found:9.1f} x one of the multi-layer cases above")


def access_requests() -> tuple[Access, list[Asked]]:
    """Who may call what, and every call of the abalone pipeline as it meets that."""
    environment, access = load_environment(str(PROFILE)), load_access(str(ACCESS))
    definition = read_definition(DEFINITION.read_bytes(), DEFINITION.name)
    built = Checker(environment, load_catalogue()).builder.build(definition)
    (pipeline,) = environment.lookup("roles.pipeline") or ("",)
    asked: list[Asked] = []
    for call in calls(definition, built, environment):
        for setting, role in product(call.settings, call.roles):
            endpoint = access.endpoint_of(call.action) if setting.way is Way.VPC else None
            holder = access.holders[role or pipeline]
            account = call.account or environment.account
            context = call_context(call, setting, holder, endpoint, environment, access)
            request = AuthorizationRequest(
                holder.principal,
                call.action,
                call.resource or pipeline,
                account,
                context,
                setting.uncertain,
            )
            asked.append((request, endpoint))
    return access, asked


def json_lines(made: list[Case], ours: float) -> None:
    """From bytes to bytes: parsing, reading, compiling, deciding and writing."""
    own = [json.dumps(each).encode() for each in made]
    shared = [json.dumps({**made[0], "request": each["request"]}).encode() for each in made]
    print("JSON lines, bytes in, bytes out:")
    for name, lines in (("each line its own policies", own), ("one set of policies", shared)):
        taken = best(lambda lines=lines: [as_json(each) for each in answers(lines, "lines")])  # type: ignore[misc]  # mypy does not type a bound default
        parse = best(lambda lines=lines: [json.loads(line) for line in lines])  # type: ignore[misc]  # mypy does not type a bound default
        each = taken / len(lines)
        print(
            f"  {1 / each:9.0f} lines a second, {name}: {each * 1e6:.0f} us a line, "
            f"{taken / parse:.1f} x parsing it alone, {each * ours:.0f} x deciding it in process"
        )


def memory(made: list[Case]) -> None:
    """Peak memory of the whole command for ever more lines, each with policies of its own."""
    print("peak memory of ormer decide:")
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'ormer', 'decide', sys.argv[1]], check=True, "
        "stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, 10):
            path = Path(folder) / "lines.jsonl"
            with path.open("w", encoding="utf-8") as file:
                for number in range(times):
                    for each in made:
                        file.write(json.dumps({**each, "managementAccount": f"{number:012}"}))
                        file.write("\n")
            done = subprocess.run(
                [sys.executable, "-c", code, str(path)],
                capture_output=True,
                text=True,
                check=True,
                env=dict(os.environ),
            )
            print(f"  {times * len(made):7} lines: {int(done.stdout) / 1024:.1f} MB")


def best(work: Callable[[], Any]) -> float:
    """The seconds of the fastest of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


if __name__ == "__main__":
    main()
