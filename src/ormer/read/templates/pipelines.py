"""The pipelines in a template or a plan: which resources they are, and their definitions' texts.

Sources: "AWS::SageMaker::Pipeline" in the AWS CloudFormation Template Reference Guide;
``aws_sagemaker_pipeline`` in the Terraform AWS provider, ``awscc_sagemaker_pipeline`` in the
Terraform AWS Cloud Control provider.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn, Optional

from ormer.model.definition import Definition, Origin, Place
from ormer.model.errors import InputError
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import has_symbol, readable
from ormer.read.templates.deployed_definition import read_deployed
from ormer.read.text.suggestion import suggestion


class _Form(NamedTuple):
    """Where a resource type keeps the pipeline's name, its definition, and a place in S3."""

    name: str
    body: Place
    store: Place


_FORMS = {
    "AWS::SageMaker::Pipeline": _Form(
        "PipelineName",
        ("PipelineDefinition", "PipelineDefinitionBody"),
        ("PipelineDefinition", "PipelineDefinitionS3Location"),
    ),
    "aws_sagemaker_pipeline": _Form(
        "pipeline_name", ("pipeline_definition",), ("pipeline_definition_s3_location",)
    ),
    "awscc_sagemaker_pipeline": _Form(
        "pipeline_name",
        ("pipeline_definition", "pipeline_definition_body"),
        ("pipeline_definition", "pipeline_definition_s3_location"),
    ),
}


class Pipeline(NamedTuple):
    """A pipeline that a file declares: its resource, its own name, and its definition.

    ``text`` is the definition as the deployment would send it, with what is not known as
    ``${name}``.
    """

    resource: str
    name: str
    text: bytes
    definition: Definition
    origin: Origin


def pipelines(declared: Declared, wanted: str = "") -> Iterator[Pipeline]:
    """The pipelines that a file declares, or the one that is wanted.

    Raises InputError where there is none, or none of that id, and for a definition that is not
    in the file or cannot be read.
    """
    found = {r.id: r for r in declared.resources.values() if r.type in _FORMS}
    if wanted and wanted not in found:
        other = declared.resources.get(wanted)
        if other is not None:
            raise InputError(
                f"{declared.name}:{other.line()}: {wanted!r} is a {other.type}, not a pipeline"
            )
        raise InputError(f"{declared.name}: no pipeline {wanted!r}{suggestion(wanted, found)}")
    if not found:
        raise InputError(f"{declared.name}: declares no SageMaker pipeline")
    for resource in [found[wanted]] if wanted else found.values():
        yield _Pipeline(declared.name, resource).read()


class _Pipeline:
    """Reads the definition of one resource."""

    def __init__(self, file: str, resource: Resource) -> None:
        self.file = file
        self.resource = resource
        self.form = _FORMS[resource.type]

    def read(self) -> Pipeline:
        place = self.form.body
        text = self._at(place)
        line = self.resource.line(place)
        if text is None or text == "":
            self._refuse_absent()
        if self._at(self.form.store):
            self._refuse(line, f"has {place[-1]} and {self.form.store[-1]}: which one counts?")
        if isinstance(text, (dict, list)):
            hint = "; make it a text with Fn::ToJsonString" if "Body" in place[-1] else ""
            self._refuse(line, f"{place[-1]} is a structure, not a text{hint}")
        if not isinstance(text, str):
            self._refuse(line, f"{place[-1]} is not a text")
        if has_symbol(text) and not text.strip().startswith("{"):
            self._refuse(
                line,
                f"{place[-1]} is {readable(text)[:200]}, known only when it is deployed: give it "
                "with --template-parameter, or check the file of the definition",
            )
        definition = read_deployed(text, f"{self.file}:{line}: {self.resource.id}")
        written = readable(text).encode("utf-8", "backslashreplace")
        origin = Origin(self.file, line)
        return Pipeline(self.resource.id, self._name(), written, definition, origin)

    def _name(self) -> str:
        name = self._at((self.form.name,))
        return readable(name) if isinstance(name, str) and name else self.resource.id

    def _refuse_absent(self) -> NoReturn:
        store = self._at(self.form.store)
        if store:
            line = self.resource.line(self.form.store)
            self._refuse(line, "its definition is in Amazon S3: check the file that is put there")
        self._refuse(self.resource.line(), f"it has no {self.form.body[-1]}")

    def _refuse(self, line: int, why: str) -> NoReturn:
        raise InputError(f"{self.file}:{line}: {self.resource.id}: {why}")

    def _at(self, place: Place) -> Optional[Any]:
        node = self.resource.properties
        for at, part in enumerate(place):
            if isinstance(node, str) and has_symbol(node):
                what = ".".join(map(str, place[:at])) or "properties"
                self._refuse(
                    self.resource.line(place[:at]),
                    f"{what} is {readable(node)}, known only when it is deployed",
                )
            node = node.get(part) if isinstance(node, dict) else None
        return node
