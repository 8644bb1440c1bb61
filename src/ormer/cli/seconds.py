"""A time on the command line."""

from __future__ import annotations

import argparse
import math


def seconds(text: str) -> float:
    """A time that ends, and in which something can be done."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not math.isfinite(found) or found <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time in seconds")
    return found
