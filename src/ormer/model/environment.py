"""The environment profile: which subnets, keys, buckets and roles are approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

APPROVES_NOTHING_WHEN_ABSENT = (
    ("functions", "queues", "clusters", "topics", "file_systems", "cache_expiry")
)  # fmt: skip
"""Allow-lists of what a pipeline reaches outside its own jobs: an absent list approves nothing."""


class Environment(NamedTuple):
    """An environment profile, flattened to dotted paths.

    ``values`` maps a leaf's path (``vpc.subnets``) to its strings in file order;
    ``sha256`` is the digest of the file's bytes and ``path`` where it was read.
    """

    account: str
    region: str
    values: Mapping[str, tuple[str, ...]]
    path: str = ""
    sha256: str = ""

    def lookup(self, path: str) -> Optional[tuple[str, ...]]:
        """The approved strings at ``path``; ``a.*`` joins all leaves directly under ``a``.

        Returns None where the profile says nothing, which makes a control
        "not configured"; the allow-lists of outside resources are then empty instead.
        """
        if path.endswith(".*"):
            return self._lookup_all(path[:-1])
        found = self.values.get(path)
        if found is None and path in APPROVES_NOTHING_WHEN_ABSENT:
            return ()
        return found

    def _lookup_all(self, prefix: str) -> Optional[tuple[str, ...]]:
        leaves = [
            strings
            for path, strings in self.values.items()
            if path.startswith(prefix) and "." not in path[len(prefix) :]
        ]
        return tuple(string for leaf in leaves for string in leaf) if leaves else None

    def mapping(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """The leaves under ``prefix`` by their names, such as every required tag."""
        start = prefix + "."
        return {p[len(start) :]: v for p, v in self.values.items() if p.startswith(start)}

    def one(self, path: str) -> str:
        """The only string at ``path``; raises KeyError if there is none, or more than one."""
        found = self.values.get(path) or ()
        if len(found) != 1:
            raise KeyError(path)
        return found[0]

    def alias_arn(self, alias: str) -> str:
        """The ARN of a KMS alias given by name (with or without ``alias/``) or by ARN."""
        if alias.startswith("arn:"):
            return alias
        name = alias if alias.startswith("alias/") else f"alias/{alias}"
        return f"arn:{self.partition}:kms:{self.region}:{self.account}:{name}"

    @property
    def partition(self) -> str:
        """The AWS partition of the profile's region (AWS General Reference, "ARNs")."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"
