"""An authorization request -> the AWS CLI call that makes it.

What comes from the caller, its network and its organisation (``aws:PrincipalTag/...``,
``aws:SourceVpce``) is not in the line: whoever runs it has it or not. Everything else of the
request is, or there is no line at all: none is made up for an action, a resource or a condition
key that is not known here. Source: the AWS CLI Command Reference.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Optional

from ormer.model.authorization import AuthorizationRequest
from ormer.report.aws_cli.sagemaker import pass_role_call, sagemaker_call
from ormer.report.aws_cli.services import CALLS
from ormer.report.aws_cli.words import Told

_REQUEST_TAG, _TAG_KEYS = "aws:requesttag/", "aws:tagkeys"
_BY_A_SERVICE = "aws:calledvia"
_THROUGH_A_SERVICE = "aws:viaawsservice"


def aws_cli(request: AuthorizationRequest, region: str = "") -> str:
    """The call as one line for a POSIX shell, or an empty text: no single call is known.

    ``region`` is where a role is passed, if the request does not say. The line for
    ``iam:PassRole`` is a call of SageMaker that passes the role. Files that a call reads or writes
    are named ``ormer-counterexample``.
    """
    if request.uncertain or _is_made_by_a_service(request):
        return ""
    service, _, name = request.action.partition(":")
    told = Told(request.resource, _listed(request))
    if service.lower() == "sagemaker":
        words = sagemaker_call(request.action, request.account, told)
    elif request.action.lower() == "iam:passrole":
        words = pass_role_call(told, request.account, region)
    elif any(key.startswith((_REQUEST_TAG, _TAG_KEYS)) for key in told.keys):
        words = None
    else:
        words = _call(service.lower(), name.lower(), told)
    return "" if words is None else shlex.join(["aws", *words])


def _call(service: str, name: str, told: Told) -> Optional[Sequence[str]]:
    made = CALLS.get(f"{service}:{name}")
    return None if made is None else made(told)


def _listed(request: AuthorizationRequest) -> Mapping[str, tuple[str, ...]]:
    return {
        key.lower(): (value,) if isinstance(value, str) else value
        for key, value in request.context.items()
    }


def _is_made_by_a_service(request: AuthorizationRequest) -> bool:
    through = str(request.context.get(_THROUGH_A_SERVICE, "")).lower() == "true"
    return through or any(key.lower().startswith(_BY_A_SERVICE) for key in request.context)
