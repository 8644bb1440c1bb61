"""The calls of other services that ``aws_cli`` knows, by action in lower case.

Sources: the AWS CLI Command Reference for options; the Service Authorization Reference and the
user guides of Amazon S3 and AWS KMS for which condition keys a request fills from what it says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ormer.report.aws_cli.words import Call, Options, Told, Words, arn_parts, by_arn, by_id, called

FILE = "ormer-counterexample"
READ, DOCUMENT = f"fileb://{FILE}", f"file://{FILE}.json"


_S3_STATE = {"s3:resourceaccount": "", "s3:tlsversion": ""}
_S3_VERSION = {**_S3_STATE, "s3:versionid": "--version-id"}
_S3_LIST = {**_S3_STATE, "s3:prefix": "--prefix", "s3:delimiter": "--delimiter"}
_S3_WRITE = {
    **_S3_STATE,
    "s3:x-amz-acl": "--acl",
    "s3:x-amz-server-side-encryption": "--server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "--ssekms-key-id",
    "s3:x-amz-storage-class": "--storage-class",
}
_KMS_STATE = {
    "kms:calleraccount": "",
    "kms:keyorigin": "",
    "kms:keyspec": "",
    "kms:keyusage": "",
    "kms:multiregion": "",
    "kms:resourcealiases": "",
}
_KMS_GRANT = {
    **_KMS_STATE,
    "kms:grantoperations": "--operations",
    "kms:granteeprincipal": "--grantee-principal",
    "kms:retiringprincipal": "--retiring-principal",
}
_KMS_CONTEXT, _KMS_CONTEXT_KEYS = "kms:encryptioncontext:", "kms:encryptioncontextkeys"
_STS_ASSUME = {
    "sts:externalid": "--external-id",
    "sts:rolesessionname": "--role-session-name",
    "sts:sourceidentity": "--source-identity",
}


def _bucket(command: str, known: Options = _S3_STATE, *given: tuple[str, str]) -> Call:
    def call(told: Told) -> Words:
        arn = arn_parts(told.resource)
        if arn is None or "/" in arn.rest or arn.account:
            return None
        return called(told, ["s3api", command, "--bucket", arn.rest], known, given)

    return call


def _object(
    command: str, known: Options = _S3_STATE, *given: tuple[str, str], file: str = ""
) -> Call:
    def call(told: Told) -> Words:
        arn = arn_parts(told.resource)
        bucket, slash, key = arn.rest.partition("/") if arn else ("", "", "")
        if arn is None or not slash or not key or arn.account:
            return None
        words = ["s3api", command, "--bucket", bucket, "--key", key]
        return called(told, words, known, given, file)

    return call


def _version(command: str, *given: tuple[str, str], file: str = "") -> Call:
    """A call for one version of an object: without the version it would be another action."""
    plain = _object(command, _S3_VERSION, *given, file=file)
    return lambda told: plain(told) if "s3:versionid" in told.keys else None


def _kms(command: str, known: Options, *given: tuple[str, str]) -> Call:
    return by_arn(["kms", command], "--key-id", known, *given)


def _with_context(command: str, *given: tuple[str, str]) -> Call:
    """A call of AWS KMS that takes an encryption context, told as keys of their own."""
    known = {**_KMS_STATE, "kms:encryptionalgorithm": "--encryption-algorithm"}

    def call(told: Told) -> Words:
        keys = {k: v for k, v in told.keys.items() if not k.startswith(_KMS_CONTEXT[:-1])}
        spelled = {name.lower(): name for name in told.keys.get(_KMS_CONTEXT_KEYS, ())}
        pairs = {
            spelled.get(key[len(_KMS_CONTEXT) :], key[len(_KMS_CONTEXT) :]): values[0]
            for key, values in told.keys.items()
            if key.startswith(_KMS_CONTEXT)
        }
        if {name.lower() for name in pairs} < spelled.keys():
            return None  # a name without its value
        context = [("--encryption-context", json.dumps(pairs))] if pairs else []
        return _kms(command, known, *given, *context)(told._replace(keys=keys))

    return call


def _send_message(told: Told) -> Words:
    arn = arn_parts(told.resource)
    if arn is None:
        return None
    url = f"https://sqs.{arn.region}.amazonaws.com/{arn.account}/{arn.rest}"
    words = ["sqs", "send-message", "--region", arn.region, "--queue-url", url]
    return called(told, words, {"sqs:": ""}, [("--message-body", FILE)])


_ROLE = f"arn:aws:iam::111122223333:role/{FILE}"
_POLICY = ("--policy", DOCUMENT)
_STEP = json.dumps(
    [{"Type": "CUSTOM_JAR", "Name": FILE, "Jar": "command-runner.jar", "Args": ["true"]}]
)
_DRIVER = json.dumps({"sparkSubmit": {"entryPoint": f"s3://amzn-s3-demo-bucket/{FILE}.py"}})
_EMR = {"elasticmapreduce:executionrolearn": "--execution-role-arn"}

CALLS: Mapping[str, Call] = {
    "s3:createbucket": _bucket("create-bucket"),
    "s3:deletebucket": _bucket("delete-bucket"),
    "s3:deletebucketpolicy": _bucket("delete-bucket-policy"),
    "s3:deleteobject": _object("delete-object"),
    "s3:deleteobjectversion": _version("delete-object"),
    "s3:getbucketlocation": _bucket("get-bucket-location"),
    "s3:getbucketpolicy": _bucket("get-bucket-policy"),
    "s3:getobject": _object("get-object", file=FILE),
    "s3:getobjectacl": _object("get-object-acl"),
    "s3:getobjecttagging": _object("get-object-tagging"),
    "s3:getobjectversion": _version("get-object", file=FILE),
    "s3:listbucket": _bucket("list-objects-v2", {**_S3_LIST, "s3:max-keys": "--max-keys"}),
    "s3:putbucketpolicy": _bucket("put-bucket-policy", _S3_STATE, _POLICY),
    "s3:putobject": _object("put-object", _S3_WRITE, ("--body", FILE)),
    "s3:putobjectacl": _object(
        "put-object-acl", {**_S3_STATE, "s3:x-amz-acl": "--acl"}, ("--acl", "private")
    ),
    "kms:creategrant": _kms(
        "create-grant", _KMS_GRANT, ("--grantee-principal", _ROLE), ("--operations", "Decrypt")
    ),
    "kms:decrypt": _with_context("decrypt", ("--ciphertext-blob", READ)),
    "kms:describekey": _kms("describe-key", _KMS_STATE),
    "kms:disablekey": _kms("disable-key", _KMS_STATE),
    "kms:encrypt": _with_context("encrypt", ("--plaintext", READ)),
    "kms:generatedatakey": _with_context("generate-data-key", ("--key-spec", "AES_256")),
    "kms:generatedatakeywithoutplaintext": _with_context(
        "generate-data-key-without-plaintext", ("--key-spec", "AES_256")
    ),
    "kms:putkeypolicy": _kms("put-key-policy", _KMS_STATE, _POLICY),
    "kms:schedulekeydeletion": _kms(
        "schedule-key-deletion",
        {**_KMS_STATE, "kms:scheduledeletionpendingwindowindays": "--pending-window-in-days"},
    ),
    "lambda:invokefunction": by_arn(
        ["lambda", "invoke"], "--function-name", {"lambda:": ""}, file=FILE
    ),
    "sts:assumerole": by_arn(
        ["sts", "assume-role"], "--role-arn", _STS_ASSUME, ("--role-session-name", FILE)
    ),
    "sns:publish": by_arn(["sns", "publish"], "--topic-arn", {"sns:": ""}, ("--message", FILE)),
    "sqs:sendmessage": _send_message,
    "elasticmapreduce:addjobflowsteps": by_id(
        ["emr", "add-steps"], "--cluster-id", _EMR, ("--steps", _STEP)
    ),
    "elasticmapreduce:describecluster": by_id(
        ["emr", "describe-cluster"], "--cluster-id", {"elasticmapreduce:": ""}
    ),
    "elasticmapreduce:terminatejobflows": by_id(
        ["emr", "terminate-clusters"], "--cluster-ids", {"elasticmapreduce:": ""}
    ),
    "emr-serverless:startjobrun": by_id(
        ["emr-serverless", "start-job-run"],
        "--application-id",
        {"emr-serverless:": ""},
        ("--execution-role-arn", _ROLE),
        ("--job-driver", _DRIVER),
    ),
}
