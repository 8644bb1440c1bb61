"""Rules about what IAM would decide of a pipeline's calls, with an access file."""

from __future__ import annotations

from ormer.assess.document_rules import DocumentRule
from ormer.model.finding import Severity

STEP = DocumentRule(
    "ACC-01",
    "The pipeline's role may make each step's calls",
    Severity.HIGH,
    "What the pipeline's role may not call fails with AccessDenied, after the steps before it ran.",
    "Allow the call in the policies of the pipeline's role, or write the step so that it carries "
    "what the denying statement asks for.",
)
ROLE = DocumentRule(
    "ACC-02",
    "The pipeline's role may pass each job's role",
    Severity.HIGH,
    "A job whose role the pipeline's role may not pass to the service is not created.",
    "Allow iam:PassRole on that role for its service, or give the step a role that may be passed.",
)
DATA = DocumentRule(
    "ACC-03",
    "The jobs' roles may read, write and log as their steps say",
    Severity.HIGH,
    "A job that may not read its input, pull its image, use its key or write its output fails when "
    "it gets there: after minutes or hours.",
    "Allow the call where the finding says it is denied, or write the step so that it carries what "
    "the denying statement asks for: the VPC, the key, the bucket.",
)
BUILD = DocumentRule(
    "ACC-04",
    "The build may upsert the pipeline and pass its role",
    Severity.HIGH,
    "A build that may not create, update, tag or start the pipeline, or not pass its role, ends "
    "there, after everything before it.",
    "Allow the call in the policies of the build's role.",
)

OF_PIPELINE = (STEP, ROLE, DATA)
ACCESS_RULES = (*OF_PIPELINE, BUILD)
