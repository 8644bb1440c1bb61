"""The digest is SHA-256 whichever module of Python makes it, and OpenSSL is not loaded for it."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from ormer.model import digest


@pytest.mark.parametrize("text", [b"", b"abalone", bytes(range(256)) * 99])
def test_it_is_sha_256(text: bytes) -> None:
    made = digest.sha256(text[:7])
    made.update(text[7:])
    assert made.hexdigest() == hashlib.sha256(text).hexdigest()


def test_it_is_hashlib_s_where_python_has_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_hashlib(name: str) -> object:
        if name != "hashlib":
            raise ImportError(name)
        return hashlib

    monkeypatch.setattr(digest, "import_module", only_hashlib)
    assert digest._found() is hashlib.sha256


def test_openssl_is_not_loaded() -> None:
    code = "import ormer.model.digest, sys; sys.exit('_hashlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
