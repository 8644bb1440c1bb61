"""Speed, as ratios against something measured in the same run; nothing here passes or fails.

    tox -e checkov,bench
    tox -e compiled

Cold: the whole process of ``ormer check`` on the abalone definition, beside a bare interpreter
and beside checkov on one template. Warm: definitions a second in one process on one core,
beside merely parsing the same bytes. Growth: seconds a step up to 10,000 steps.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Optional

HERE = Path(__file__).parent
DEFINITION = HERE / "abalone.json"
PROFILE = HERE.parent / "pipelines" / "environment.yaml"
TEMPLATE = HERE / "template.yaml"

Command = list[str]


def main(argv: Optional[Sequence[str]] = None) -> None:
    """Run all parts and print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--checkov", metavar="FILE", help="checkov's command, to compare with")
    parser.add_argument("--runs", type=int, default=15, help="runs of each process (default: 15)")
    options = parser.parse_args(argv)
    cold(options.checkov, options.runs)
    warm()
    growth()


def cold(checkov: Optional[str], runs: int) -> None:
    """Whole processes, one after the other in turn."""
    command = str(Path(sys.executable).with_name("ormer"))
    check = [command, "check", "--environment", str(PROFILE), str(DEFINITION)]
    bare = [sys.executable, "-c", "pass"]
    print(f"cold, whole process, median of {runs}:")
    ours, base = in_turn([check, bare], runs)
    print(f"  ormer check    {ours * 1e3:8.1f} ms   {ours / base:5.1f} x a bare interpreter")
    print(f"  interpreter    {base * 1e3:8.1f} ms")
    print(f"  peak memory    {peak_memory(check):8.1f} MB")
    if checkov is None or not Path(checkov).exists():
        print("  checkov is not there to compare with: tox -e checkov")
        return
    arguments = ["-f", str(TEMPLATE), "--skip-download", "--quiet", "--compact"]
    (peer,) = in_turn([[checkov, *arguments]], 3)
    print(f"  checkov        {peer * 1e3:8.1f} ms   {peer / ours:5.1f} x ormer check")


def in_turn(commands: list[Command], runs: int) -> list[float]:
    """The median seconds of each command, run A B A B after one run that does not count."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    seconds: list[list[float]] = [[] for _ in commands]
    for run in range(runs + 1):
        for command, taken in zip(commands, seconds, strict=True):
            started = time.perf_counter()
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
            if run:
                taken.append(time.perf_counter() - started)
    return [statistics.median(taken) for taken in seconds]


def peak_memory(command: Command) -> float:
    """The largest resident set of a process that does nothing but run the command, in MB."""
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def warm() -> None:
    """Definitions a second, each with names of its own so that nothing is met twice."""
    check = checker()
    source = DEFINITION.read_text(encoding="utf-8")
    count = 500
    texts = [
        source.replace("AbalonePipeline", f"Pipeline{n}").replace("abalone", f"data{n}").encode()
        for n in range(count)
    ]
    parse = min(seconds(lambda: each(json.loads, texts)) for _ in range(3))
    checked = min(seconds(lambda: each(check, texts)) for _ in range(3))
    kind = "compiled" if is_compiled() else "pure Python"
    print(f"warm, {kind}, one process, one core, {len(texts[0])} bytes each, best of 3:")
    print(f"  {count / checked:8.0f} definitions a second, all controls")
    print(f"  {checked / parse:8.1f} x merely parsing the same bytes")


def is_compiled() -> bool:
    """Whether the modules that take most of the time are mypyc's (tox -e compiled)."""
    from ormer.assess import judge

    return not judge.__file__.endswith(".py")


def each(work: Callable[[bytes], Any], texts: list[bytes]) -> None:
    """Do it for each text; a result is dropped before the next, as a gate drops its reports."""
    for text in texts:
        work(text)


def growth() -> None:
    """Seconds for ever more steps; linear means the same microseconds a step."""
    check = checker()
    print("growth, training steps added to the definition:")
    base: Optional[float] = None
    for count in (100, 1_000, 10_000):
        text = with_steps(count)
        taken = seconds(lambda text=text: check(text))  # type: ignore[misc]
        base = base or taken / count
        print(
            f"  {count:6} steps, {len(text) / 1e6:5.1f} MB: {taken:6.2f} s, "
            f"{taken / count * 1e6:5.0f} us a step ({taken / count / base:.2f} x the first)"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of this process {peak:.0f} MB")


def checker() -> Callable[[bytes], Any]:
    """A check of one definition's bytes against all controls."""
    from ormer.run.check import make_checker

    made = make_checker(str(PROFILE), None)
    return lambda text: made.check(text, "benchmark")


def with_steps(count: int) -> bytes:
    """The definition with copies of its training step."""
    definition = json.loads(DEFINITION.read_bytes())
    training = next(s for s in definition["Steps"] if s["Type"] == "Training")
    definition["Steps"] += [{**training, "Name": f"Train{n}"} for n in range(count)]
    return json.dumps(definition).encode()


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
