"""Which files changed since a revision, asked of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from ormer.model.errors import InputError

IsChanged = Callable[[str], bool]


def changed_since(revision: str, folder: str) -> IsChanged:
    """Whether a file differs from what it was at ``revision``.

    A file that git does not track counts as changed: nothing tells what it was. Raises
    InputError where ``folder`` is in no repository, and for a revision that does not exist.
    """
    top = _git(folder, "rev-parse", "--show-toplevel").rstrip("\n")
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    ).strip()
    tracked = _files(top, "ls-files", "-z")
    changed = _files(top, "diff", "--name-only", "--no-renames", "-z", commit, "--")

    def is_changed(path: str) -> bool:
        real = os.path.realpath(path)
        return real not in tracked or real in changed

    return is_changed


def _files(top: str, *arguments: str) -> frozenset[str]:
    listed = _git(top, *arguments)
    root = os.path.realpath(top)
    return frozenset(os.path.join(root, name) for name in listed.split("\0") if name)


def _git(folder: str, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", folder or ".", *arguments], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputError(f"--changed-since: git cannot be run: {error}") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = (
            said[-1] if said else f"{arguments[-1].removesuffix('^{commit}')}: no such revision"
        )
        raise InputError(f"--changed-since: {reason}")
    return done.stdout.decode("utf-8", "surrogateescape")
