"""The account and the region of examples: what witnesses take for the policy's own."""

from __future__ import annotations

ACCOUNT = "111122223333"
REGION = "eu-west-1"
