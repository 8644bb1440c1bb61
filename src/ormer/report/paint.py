"""The colours of a terminal."""

from __future__ import annotations

RED, GREEN, YELLOW = "\x1b[31m", "\x1b[32m", "\x1b[33m"
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
