"""Files are read within a bound and written as a whole."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from ormer.model.errors import InputError
from ormer.sources.files import read_bytes, write_atomically


def test_the_bytes_come_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\x00")
    assert read_bytes(str(tmp_path / "a")) == b"\xff\x00"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "is a directory, not a file"),
        (lambda path: path.write_bytes(b"12345"), "larger than 4 bytes"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, make: object, said: str) -> None:
    path = tmp_path / "input"
    make(path)
    with pytest.raises(InputError) as error:
        read_bytes(str(path), 4)
    assert str(error.value) == f"{path}: {said}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"")
    path.chmod(0)
    with pytest.raises(InputError, match="no permission to read it"):
        read_bytes(str(path))


def test_a_name_that_no_file_can_have_is_one_line() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_bytes("a\0b")


def standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_has_a_name_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    standard_input(monkeypatch, b"12345")
    with pytest.raises(InputError, match="^standard input: larger than 4 bytes$"):
        read_bytes("-", 4)
    standard_input(monkeypatch, b"1234")
    assert read_bytes("-", 4) == b"1234"


def test_the_default_bound_is_32_mib(monkeypatch: pytest.MonkeyPatch) -> None:
    standard_input(monkeypatch, b"x" * (32 * 2**20 + 1))
    with pytest.raises(InputError, match="^standard input: larger than 32 MiB$"):
        read_bytes("-")


def test_written_files_have_ordinary_permissions_and_leave_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out"
    before = os.umask(0o027)
    try:
        write_atomically(str(path), b"one")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o600)
    write_atomically(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"")
    (tmp_path / "link").symlink_to("real")
    write_atomically(str(tmp_path / "link"), b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_folder_that_is_missing_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "out"
    with pytest.raises(InputError) as error:
        write_atomically(str(path), b"")
    assert str(error.value) == f"{path}: cannot be written: No such file or directory"


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "out"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_atomically(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
