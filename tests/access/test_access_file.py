"""Access files: what is read, and what each mistake is told as."""

from __future__ import annotations

import pytest

from ormer.model.errors import InputError
from ormer.read.access_file import read_access_file

WHOLE = """\
principals:
  - arn: arn:aws:iam::111122223333:role/jobs
    tags: {team: ml, empty: ""}
    identity_policies: [roles.yaml#Jobs, "managed:AmazonS3ReadOnlyAccess", {Statement: []}]
    permissions_boundary: boundary.json
    session_policy: session.json
  - arn: arn:aws:iam::111122223333:user/ann
resource_policies: [{resource: "arn:aws:s3:::data", policy: data.json}]
vpc_endpoints: [{id: vpce-1, service: s3, policy: endpoints.yaml#S3}]
organization:
  scps: [[root.json], {id: ml, policies: [a.json, b.json]}]
  rcps:
  management_account: "000000000001"
parameters: {Env: prod, Subnets: [a, b], AWS::AccountId: 012345678901}
"""


def test_every_field_is_read() -> None:
    file = read_access_file(WHOLE.encode(), "access.yaml")
    jobs, ann = file.principals
    assert jobs.principal.name == "arn:aws:iam::111122223333:role/jobs"
    assert dict(jobs.tags) == {"team": "ml", "empty": ""}
    assert [one.text for one in jobs.identity] == [
        "roles.yaml#Jobs",
        "managed:AmazonS3ReadOnlyAccess",
        "",
    ]
    assert jobs.identity[2].document == {"Statement": []}
    assert (jobs.identity[0].place, jobs.identity[0].line) == (
        "principals/0/identity_policies/0",
        4,
    )
    assert jobs.boundary is not None and jobs.boundary.text == "boundary.json"
    assert jobs.session is not None and jobs.session.text == "session.json"
    assert (ann.identity, ann.boundary, ann.session, ann.tags) == ((), None, None, {})
    assert [(one.resource, one.policy.text) for one in file.resources] == [
        ("arn:aws:s3:::data", "data.json")
    ]
    assert [(one.id, one.service) for one in file.endpoints] == [("vpce-1", "s3")]
    assert [(level.name, len(level.policies)) for level in file.scps] == [
        ("organization/scps/0", 1),
        ("ml", 2),
    ]
    assert (file.rcps, file.management_account) == ((), "000000000001")
    assert file.parameters == {
        "Env": "prod",
        "Subnets": ["a", "b"],
        "AWS::AccountId": "012345678901",
    }


P = "principals: [{arn: 'arn:aws:iam::111122223333:role/r'"
WRONG = [
    ("", "access.yaml: empty"),
    ("- a", "access.yaml:1: is a list, not a mapping"),
    ("principals:", "access.yaml:1: principals is missing"),
    ("principal: []", "access.yaml:1: unknown field 'principal'; did you mean 'principals'?"),
    ("principals: {}", "access.yaml:1: principals: is a mapping, not a list"),
    ("principals: [x]", "access.yaml:1: principals/0: is a text, not a mapping"),
    ("principals: 5", "access.yaml:1: principals: is a number, not a list"),
    ("principals: yes", "access.yaml:1: principals: is a boolean, not a list"),
    ("principals: 2026-01-31", "access.yaml:1: principals: is a date, not a list"),
    ("principals:\n- {tags: {}}", "access.yaml:2: principals/0: arn is missing"),
    ("principals: [{arn: [1]}]", "access.yaml:1: principals/0/arn: is a list, not a text"),
    ("principals: [{arn: jobs}]", "access.yaml:1: principals/0/arn: 'jobs' is not the ARN of a principal"),
    (P + ", identity_policy: []}]", "access.yaml:1: principals/0: unknown field 'identity_policy'; did you mean 'identity_policies'?"),
    (P + ", identity_policies: a.json}]", "access.yaml:1: principals/0/identity_policies: is a text, not a list"),
    (P + ", identity_policies: ['']}]", "access.yaml:1: principals/0/identity_policies/0: is empty, not a text"),
    (P + ", permissions_boundary: [a]}]", "access.yaml:1: principals/0/permissions_boundary: is a list, not a text"),
    (P + ", tags: [a]}]", "access.yaml:1: principals/0/tags: is a list, not a mapping"),
    (P + ", tags: {a: [b]}}]", "access.yaml:1: principals/0/tags/a: is a list, not a text"),
    (P + "}]\nresource_policies: [{resource: data, policy: a}]", "access.yaml:2: resource_policies/0/resource: 'data' is not the ARN of one resource"),
    (P + "}]\nresource_policies: [{resource: 'arn:aws:s3:::*', policy: a}]", "access.yaml:2: resource_policies/0/resource: 'arn:aws:s3:::*' is not the ARN of one resource"),
    (P + "}]\nresource_policies: [{resource: 'arn:aws:s3:::a/', policy: a}]", "access.yaml:2: resource_policies/0/resource: 'arn:aws:s3:::a/' is not a bucket: a bucket's policy is met by its objects, too"),
    (P + "}]\nresource_policies: [{resource: 'arn:aws:s3:::${A}', policy: a}]", "access.yaml:2: resource_policies/0/resource: 'arn:aws:s3:::${A}' is not the ARN of one resource"),
    (P + "}]\nvpc_endpoints: [{id: v, service: sagemaker-api, policy: a}]", "access.yaml:2: vpc_endpoints/0/service: 'sagemaker-api' is not a service as actions name it (s3, sagemaker, logs); did you mean 'sagemaker'?"),
    (P + "}]\nresource_policies: [{resource: 'arn:aws:s3:::a'}]", "access.yaml:2: resource_policies/0: policy is missing"),
    (P + "}]\nvpc_endpoints: [{id: v, service: com.amazonaws.eu-west-1.s3, policy: a}]", "access.yaml:2: vpc_endpoints/0/service: 'com.amazonaws.eu-west-1.s3' is not a service as actions name it (s3, sagemaker, logs)"),
    (P + "}]\norganization: {scp: []}", "access.yaml:2: organization: unknown field 'scp'; did you mean 'scps'?"),
    (P + "}]\norganization: {scps: [a.json]}", "access.yaml:2: organization/scps/0: is a text, not a level: [policy, ...] or {id, policies}"),
    (P + "}]\norganization: {management_account: 1}", "access.yaml:2: organization/management_account: '1' is not an account of 12 digits"),
    (P + "}]\nparameters: [a]", "access.yaml:2: parameters: is a list, not a mapping"),
    (P + "}]\nparameters: {a: {b: c}}", "access.yaml:2: parameters/a: is a mapping, not a text"),
    (P + "}, {arn: 'arn:aws:iam::111122223333:role/r'}]", "access.yaml:1: principals/1/arn: a second 'arn:aws:iam::111122223333:role/r'"),
    (P + "}]\nresource_policies: [{resource: 'arn:aws:s3:::a', policy: a}, {resource: 'arn:aws:s3:::a', policy: b}]", "access.yaml:2: resource_policies/1/resource: a second 'arn:aws:s3:::a'"),
    (P + "}]\nvpc_endpoints: [{id: v, service: s3, policy: a}, {id: w, service: s3, policy: b}]", "access.yaml:2: vpc_endpoints/1/service: a second 's3'"),
]  # fmt: skip


@pytest.mark.parametrize("text, message", WRONG)
def test_a_mistake_is_told_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_access_file(text.encode(), "access.yaml")
    assert str(error.value) == message
