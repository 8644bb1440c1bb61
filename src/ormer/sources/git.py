"""Which files changed since a revision, asked of git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.model.errors import InputError


class Changes(NamedTuple):
    """The files that git tracks, and those that differ from a revision, by their real paths."""

    tracked: frozenset[str]
    changed: frozenset[str]

    def of_file(self, path: str) -> bool:
        """Whether a file, or a link on the way to it, is not what it was.

        One that git does not track counts as changed: nothing tells what it was.
        """
        return any(self._is_other(step) for step in _way_to(path))

    def of_folder(self, folder: str) -> bool:
        """Whether anything in a folder is not what it was, or is there no more."""
        *links, real = _way_to(folder)
        if not os.path.isdir(real) or any(self._is_other(link) for link in links):
            return True
        if any(path.startswith(os.path.join(real, "")) for path in self.changed):
            return True
        return any(self.of_file(entry.path) for entry in os.scandir(real))

    def _is_other(self, path: str) -> bool:
        return path not in self.tracked or path in self.changed


def changed_since(revision: str, folder: str) -> Changes:
    """What differs between ``revision`` and the files as they are.

    Raises InputError where ``folder`` is in no repository, and for a revision that does not
    exist.
    """
    top = _git(folder, "rev-parse", "--show-toplevel").rstrip("\n")
    commit = _git(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    ).strip()
    # a small letter in front marks a file that git was told to take for unchanged
    listed = [name for name in _git(top, "ls-files", "-v", "-z").split("\0") if name]
    tracked = frozenset(_real(top, name[2:]) for name in listed if name[0].isupper())
    names = _git(top, "diff", "--name-only", "--no-renames", "-z", commit, "--").split("\0")
    return Changes(tracked, frozenset(_real(top, name) for name in names if name))


def _real(top: str, name: str) -> str:
    """A tracked path with the links above it followed, but not itself."""
    folder, file = os.path.split(os.path.join(top, name))
    return os.path.join(os.path.realpath(folder), file)


def _way_to(path: str) -> Iterator[str]:
    """The file, and before it every link that leads there."""
    at = os.path.abspath(path)
    for _ in range(_MOST_LINKS):
        link = _first_link(at)
        if link is None:
            break
        folder, name = os.path.split(link)
        yield os.path.join(os.path.realpath(folder), name)
        target = os.path.join(folder, os.readlink(link))
        at = os.path.normpath(os.path.join(target, os.path.relpath(at, link)))
    yield at


_MOST_LINKS = 40
"""As many as the system itself follows."""


def _first_link(path: str) -> Optional[str]:
    parts = path.split(os.sep)
    for end in range(2, len(parts) + 1):
        so_far = os.sep.join(parts[:end])
        if os.path.islink(so_far):
            return so_far
    return None


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
