"""Is the role that the pipeline would run as an approved one?"""

from __future__ import annotations

from typing import Optional

from ormer.model.environment import Environment


def finding(role_arn: str, environment: Environment) -> Optional[str]:
    """What is wrong with ``--role-arn`` under this profile, or None.

    The role must be in the profile's account and, if the profile names
    ``roles.pipeline``, be one of those.
    """
    parts = role_arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam" or not parts[5].startswith("role/"):
        return f"--role-arn {role_arn} is not the ARN of an IAM role"
    if parts[4] != environment.account:
        return f"--role-arn {role_arn} is not in the profile's account {environment.account}"
    approved = environment.lookup("roles.pipeline")
    if approved is not None and role_arn not in approved:
        return f"--role-arn {role_arn} is not in roles.pipeline ({', '.join(approved)})"
    return None
