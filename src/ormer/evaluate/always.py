"""What no policy takes away, but for that of a VPC endpoint.

Sources: "GetCallerIdentity" and "GetSessionToken" in the AWS STS API Reference ("No permissions
are required"; "you cannot use policies to control authentication operations"); "GetBucketPolicy",
"PutBucketPolicy" and "DeleteBucketPolicy" in the Amazon S3 API Reference ("even if the policy
explicitly denies the root user the ability to perform this action").
"""

from __future__ import annotations

from ormer.model.principal import Kind, Principal

_BUCKET_POLICY = ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy")


def is_always_allowed(principal: Principal, action: str) -> bool:
    """Whether the principal needs no permission for it; ``action`` in lower case."""
    if action == "sts:getsessiontoken":
        return principal.kind in (Kind.USER, Kind.ROOT)
    return action == "sts:getcalleridentity" and principal.kind is not Kind.ANONYMOUS


def is_out_of_reach(principal: Principal, action: str, account: str) -> bool:
    """Whether no Deny of a bucket's policy reaches it: who owns the account can always read,
    write and delete the policies of its buckets. ``account`` is that of the resource."""
    is_owner = principal.kind is Kind.ROOT and principal.account == account
    return is_owner and action in _BUCKET_POLICY
