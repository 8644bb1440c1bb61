"""Guardrails -> the files that are deployed: a JSON document each, or one CloudFormation template.

Sources: AWS::IAM::ManagedPolicy and AWS::Organizations::Policy in the CloudFormation Template
Reference.
"""

from __future__ import annotations

import json
from typing import Any

from ormer.guardrails.generate import Guardrails
from ormer.guardrails.limits import text_of
from ormer.guardrails.pack import Document
from ormer.guardrails.projection import Kind

FORMATS = ("json", "cloudformation")
TEMPLATE = "guardrails.template.json"
_ROLES = "Denies what the controls forbid; attach it to the pipeline's and the execution role"
_DESCRIPTIONS = {
    Kind.IAM: _ROLES,
    Kind.BOUNDARY: "The most that the pipeline's and the execution role may do",
    Kind.SCP: "Denies what the controls forbid",
}


def files(guardrails: Guardrails, form: str) -> dict[str, str]:
    """The text of each file by its name."""
    if form == "cloudformation":
        return {TEMPLATE: json.dumps(_template(guardrails), indent=2) + "\n"}
    return {
        f"{document.name}.json": text_of(guardrails.kind, document.content)
        for document in guardrails.documents
    }


def _template(guardrails: Guardrails) -> dict[str, Any]:
    names = {
        document.name: document.name.title().replace("-", "") for document in guardrails.documents
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{_DESCRIPTIONS[guardrails.kind]}.",
        "Resources": {
            names[document.name]: _resource(guardrails.kind, document)
            for document in guardrails.documents
        },
        "Outputs": {
            name: {"Description": "The policy to attach", "Value": {"Ref": name}}
            for name in names.values()
        },
    }


def _resource(kind: Kind, document: Document) -> dict[str, Any]:
    if kind is Kind.SCP:
        properties = {
            "Name": f"ormer-{document.name}",
            "Description": _DESCRIPTIONS[kind],
            "Type": "SERVICE_CONTROL_POLICY",
            "Content": document.content,
        }
        return {"Type": "AWS::Organizations::Policy", "Properties": properties}
    properties = {"Description": _DESCRIPTIONS[kind], "PolicyDocument": document.content}
    return {"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}
