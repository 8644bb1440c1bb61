"""Wait for an execution, and say how its steps went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Optional

from ormer.sources import sagemaker_pipeline as calls

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
GROWTH = 1.5


class Clock(NamedTuple):
    """Seconds that only go forward, and a pause; both can be replaced in tests."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


class Outcome(NamedTuple):
    """How an execution stood when the waiting ended: over, or out of time."""

    state: calls.State
    steps: list[calls.Step]

    @property
    def succeeded(self) -> bool:
        return self.state.status == "Succeeded"


def watch(
    sagemaker: Any, arn: str, timeout: float, clock: Clock, say: Callable[[str], None]
) -> Outcome:
    """Poll until the execution is over or ``timeout`` seconds have passed.

    Says each change of a step's status once. Pauses grow from 1 s to 30 s and
    never pass the timeout.
    """
    began, pause = clock.now(), FIRST_PAUSE
    seen: dict[str, str] = {}
    while True:
        state = calls.state(sagemaker, arn)
        steps = calls.steps(sagemaker, arn)
        for step in steps:
            if seen.get(step.name) != step.status:
                seen[step.name] = step.status
                say(f"{clock.now() - began:6.0f} s  {step.name}: {step.status}")
        left = timeout - (clock.now() - began)
        if not state.running or left <= 0:
            return Outcome(state, steps)
        clock.sleep(min(pause, left))
        pause = min(pause * GROWTH, LONGEST_PAUSE)


def table(steps: list[calls.Step]) -> list[str]:
    """A line for each step: name, status, duration, failure reason."""
    width = max((len(step.name) for step in steps), default=0)
    return [
        f"  {step.name:<{width}}  {step.status:<9}  {_duration(step):>8}  {step.reason}".rstrip()
        for step in steps
    ]


def failure(outcome: Outcome) -> str:
    """One line: how the execution ended, with the step that is to blame if there is one."""
    failed = [step for step in outcome.steps if step.status in ("Failed", "Stopped")]
    line = f"the execution ended as {outcome.state.status}"
    if failed:
        line += f" at step {failed[0].name}"
    reason = (failed[0].reason if failed else "") or outcome.state.reason
    return f"{line}: {' '.join(reason.split())}" if reason else line


def _duration(step: calls.Step) -> str:
    seconds = _seconds(step.started, step.ended)
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _seconds(started: Optional[datetime], ended: Optional[datetime]) -> Optional[float]:
    return None if started is None or ended is None else (ended - started).total_seconds()
