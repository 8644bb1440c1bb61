"""The peer's answers: iam-simulate in a node process of its own, fed line by line."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Optional

from benchmarks.differential.cases import Case

DRIVER = Path(__file__).with_name("peer.mjs")
PACKAGE = Path("node_modules") / "@cloud-copilot" / "iam-simulate"


def why_absent(folder: Path) -> Optional[str]:
    """Why the peer cannot be asked, or None if it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (folder / PACKAGE).is_dir():
        return f"{PACKAGE.relative_to('node_modules')} is not installed: tox -e differential"
    return None


def decisions(folder: Path, cases: Iterable[Case]) -> Iterator[tuple[Case, str]]:
    """Each case with the peer's decision, in order."""
    command = ["node", str(DRIVER), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        sent: list[Case] = []
        ready = threading.Semaphore(0)
        writer = threading.Thread(
            target=_write, args=(process.stdin, cases, sent, ready), daemon=True
        )
        writer.start()
        for line in process.stdout:
            ready.acquire()
            answer = json.loads(line)
            asked = sent.pop(0)
            if answer["id"] != asked["id"]:
                raise RuntimeError(f"the peer answered {answer['id']} to {asked['id']}")
            yield asked, answer["decision"]
        writer.join()
        if sent or process.wait() != 0:
            raise RuntimeError("the peer ended before it had answered every case")


def _write(pipe: Any, cases: Iterable[Case], sent: list[Case], ready: threading.Semaphore) -> None:
    with pipe:
        for case in cases:
            sent.append(case)
            ready.release()
            pipe.write(json.dumps(case).encode() + b"\n")


def rate(folder: Path, cases: list[Case], least: int) -> float:
    """Decisions a second of its engine, policies loaded before: the best of three rounds."""
    done = subprocess.run(
        ["node", str(DRIVER), str(folder), "--bench", str(least)],
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout)["perSecond"])
