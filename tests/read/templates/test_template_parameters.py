"""Values for templates: CloudFormation's own formats, and plain mappings."""

from __future__ import annotations

import pytest

from ormer.model.errors import InputError
from ormer.read.templates.parameters import given_parameters, read_template_parameters

CASES = {
    "create-stack": ('[{"ParameterKey": "A", "ParameterValue": "1"}]', {"A": "1"}),
    "a value that the stack keeps": ('[{"ParameterKey": "A", "UsePreviousValue": true}]', {}),
    "deploy": ('["A=1", "B=x=y"]', {"A": "1", "B": "x=y"}),
    "CodePipeline": ('{"Parameters": {"A": "1"}, "Tags": {"t": "v"}}', {"A": "1"}),
    "a mapping": ('{"A": 1, "B": true, "C": ["x", 2]}', {"A": "1", "B": "true", "C": ["x", "2"]}),
    "a parameter called Parameters": ('{"Parameters": "x", "B": "y"}', {"Parameters": "x", "B": "y"}),
    "YAML": ("A: 0123\nKey.Arn: arn:k\nC: [x]\n", {"A": "0123", "Key.Arn": "arn:k", "C": ["x"]}),
}  # fmt: skip
REFUSED = {
    "a text": ("hello", "p: neither a mapping of values nor a list"),
    "null": ('{"A": null}', "p: A: is neither a text nor a list of texts"),
    "a structure": ('{"A": {"B": 1}}', "p: A: is neither"),
    "an entry without a key": ('[{"ParameterValue": "1"}]', "p: entry 1: has no ParameterKey"),
    "no pair": ('["A"]', "p: entry 1: 'A' is not NAME=VALUE"),
    "twice": ('["A=1", "A=2"]', "p: entry 2: a second value for 'A'"),
    "no JSON": ("{", "p: not JSON"),
    "a character of ours": ('{"A": "\ue000"}', "private use area"),
}


@pytest.mark.parametrize("name", CASES)
def test_read(name: str) -> None:
    text, values = CASES[name]
    assert read_template_parameters(text.encode(), "p") == values


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(InputError) as refused:
        read_template_parameters(text.encode(), "p")
    assert said in str(refused.value)


def test_options() -> None:
    assert given_parameters(["A=1", "B="]) == {"A": "1", "B": ""}
    with pytest.raises(InputError, match="--template-parameter: '=x' is not NAME=VALUE"):
        given_parameters(["=x"])
    with pytest.raises(InputError, match="--template-parameter A is given twice"):
        given_parameters(["A=1", "A=1"])
