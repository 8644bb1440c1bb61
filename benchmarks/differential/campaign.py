"""Both evaluators on random cases: every difference is explained, or the campaign fails.

python -m benchmarks.differential.campaign --peer FOLDER [--cases N] [--seed N]

FOLDER holds node_modules with @cloud-copilot/iam-simulate; ``tox -e differential`` makes one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Optional

from benchmarks.differential.cases import Case, cases
from benchmarks.differential.explained import explanations, exposed
from benchmarks.differential.peer import decisions, why_absent
from ormer.evaluate.decide import decide
from ormer.model.authorization import Decision
from ormer.read.policies.decide_line import check_line, read_policies, read_request


class Difference(NamedTuple):
    """A case that the two decide differently."""

    case: Case
    ours: str
    theirs: str
    explanations: list[str]


class Result(NamedTuple):
    """What a campaign found."""

    outcomes: Counter[str]
    differences: list[Difference]
    touched: int

    @property
    def unexplained(self) -> list[Difference]:
        """The differences that no explanation covers."""
        return [each for each in self.differences if not each.explanations]


def ours(case: Case) -> Decision:
    """Ormer's decision of a case."""
    line = check_line(case, "case")
    return decide(read_policies(line, "case"), read_request(line, "case"))


def compare(folder: Path, asked: Iterable[Case]) -> Result:
    """Decide every case twice."""
    outcomes: Counter[str] = Counter()
    differences: list[Difference] = []
    touched = 0
    for case, theirs in decisions(folder, asked):
        decided = ours(case).outcome.value
        outcomes[decided] += 1
        touched += bool(exposed(case))
        if decided != theirs:
            covering = explanations(case, decided, theirs)
            differences.append(Difference(case, decided, theirs, covering))
    return Result(outcomes, differences, touched)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run a campaign and print what it found; 1 if a difference is unexplained."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--peer", metavar="FOLDER", type=Path, required=True)
    parser.add_argument("--cases", metavar="N", type=int, default=100_000)
    parser.add_argument("--seed", metavar="N", type=int, default=1)
    options = parser.parse_args(argv)
    absent = why_absent(options.peer)
    if absent is not None:
        sys.exit(f"{options.peer}: {absent}")
    found = compare(options.peer, cases(options.seed, options.cases))
    total = sum(found.outcomes.values())
    print(f"{total} cases, seed {options.seed}: {dict(found.outcomes)}")
    print(f"{total - found.touched} cases that no explanation touches")
    print(f"{len(found.differences)} differences, {len(found.unexplained)} unexplained")
    names = Counter(name for each in found.differences for name in each.explanations)
    alone = Counter(e.explanations[0] for e in found.differences if len(e.explanations) == 1)
    for name, number in names.most_common():
        print(f"  {number:6} {name} ({alone[name]} where it is the only one)")
    for each in found.unexplained[:5]:
        print(f"ours {each.ours}, theirs {each.theirs}: {json.dumps(each.case)}")
    return 1 if found.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
