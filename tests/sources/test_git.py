"""What changed since a revision, in real repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ormer.model.errors import InputError
from ormer.sources.git import changed_since

Git = Callable[..., None]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """``git("add", ...)`` in a new repository."""

    def _git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments],
            check=True,
            capture_output=True,
            env=environment,
        )

    _git("init", "-q")
    (tmp_path / "same.json").write_text("{}")
    (tmp_path / "edited.json").write_text("{}")
    (tmp_path / ".gitignore").write_text("build/\n")
    _git("add", "-A")
    _git("commit", "-qm", "first")
    return _git


def test_edited_staged_committed_untracked_and_ignored_files_changed(
    git: Git, tmp_path: Path
) -> None:
    (tmp_path / "committed.json").write_text("{}")
    git("add", "committed.json")
    git("commit", "-qm", "second")
    (tmp_path / "edited.json").write_text("{ }")
    (tmp_path / "staged ü.json").write_text("{}")
    git("add", "staged ü.json")
    (tmp_path / "untracked.json").write_text("{}")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "ignored.json").write_text("{}")
    is_changed = changed_since("HEAD~1", str(tmp_path)).of_file
    names = ["committed.json", "edited.json", "staged ü.json", "untracked.json"]
    for name in [*names, "build/ignored.json", "not-there.json"]:
        assert is_changed(str(tmp_path / name)), name
    assert not is_changed(str(tmp_path / "same.json"))
    assert not changed_since("HEAD", str(tmp_path)).of_file(str(tmp_path / "committed.json"))


def test_a_folder_inside_the_repository_will_do(git: Git, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    is_changed = changed_since("HEAD", str(tmp_path / "inside")).of_file
    assert not is_changed(str(tmp_path / "inside" / ".." / "same.json"))


@pytest.mark.parametrize("revision", ["nope", "--output=x", "", "HEAD~9", "a b"])
def test_a_revision_that_does_not_exist_is_an_error(
    revision: str, git: Git, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="--changed-since: ") as refused:
        changed_since(revision, str(tmp_path))
    assert "\n" not in str(refused.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        ".git",
        ".gitignore",
        "edited.json",
        "same.json",
    ]


def test_no_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a git repository"):
        changed_since("HEAD", str(tmp_path))


def test_a_link_that_leads_elsewhere_changed_although_both_ends_did_not(
    git: Git, tmp_path: Path
) -> None:
    (tmp_path / "link.json").symlink_to("same.json")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "real").mkdir()
    (tmp_path / "other").mkdir()
    for folder in ("real", "other"):
        (tmp_path / folder / "in.json").write_text("{}")
    git("add", "-A")
    git("commit", "-qm", "links")
    changes = changed_since("HEAD", str(tmp_path))
    for name in ("link.json", "folder/in.json", "same.json"):
        assert not changes.of_file(str(tmp_path / name)), name
    for name, target in (("link.json", "edited.json"), ("folder", "other")):
        (tmp_path / name).unlink()
        (tmp_path / name).symlink_to(target)
    changes = changed_since("HEAD", str(tmp_path))
    for name in ("link.json", "folder/in.json"):
        assert changes.of_file(str(tmp_path / name)), name
    assert changes.of_folder(str(tmp_path / "folder"))
    assert not changes.of_folder(str(tmp_path / "real"))


def test_a_folder_changed_where_a_file_is_gone(git: Git, tmp_path: Path) -> None:
    (tmp_path / "controls").mkdir()
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / "controls" / name).write_text("x")
    git("add", "-A")
    git("commit", "-qm", "controls")
    assert not changed_since("HEAD", str(tmp_path)).of_folder(str(tmp_path / "controls"))
    (tmp_path / "controls" / "a.yaml").unlink()
    assert changed_since("HEAD", str(tmp_path)).of_folder(str(tmp_path / "controls"))
    assert changed_since("HEAD", str(tmp_path)).of_folder(str(tmp_path / "none"))


def test_a_file_that_git_was_told_not_to_look_at_counts_as_changed(
    git: Git, tmp_path: Path
) -> None:
    git("update-index", "--assume-unchanged", "same.json")
    assert changed_since("HEAD", str(tmp_path)).of_file(str(tmp_path / "same.json"))
