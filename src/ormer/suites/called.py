"""What pipelines make their roles call: of that, a proof has to say something."""

from __future__ import annotations

from ormer.assess.check import Checker
from ormer.model.environment import Environment
from ormer.read.definition import read_definition
from ormer.read.templates.file_kind import kind_of
from ormer.requests.calls.build import calls
from ormer.run.batches import Batch
from ormer.run.targets import name_of, split
from ormer.sources.files import read_bytes


def called_by(
    batch: Batch, checker: Checker, environment: Environment
) -> dict[tuple[str, str], str]:
    """The role's ARN and the action of every call of a definition -> the step that makes it.

    Calls that one of several roles may make are left out, and so are those of definitions in
    templates and plans, whose values are not all known. Raises InputError for what cannot be read.
    """
    found: dict[tuple[str, str], str] = {}
    own = environment.lookup("roles.pipeline") or ()
    for target in batch.targets:
        data = read_bytes(split(target.path)[0])
        if kind_of(data):
            continue
        definition = read_definition(data, name_of(target.path))
        for call in calls(definition, checker.builder.build(definition), environment):
            roles = own if call.roles == ("",) else call.roles
            if len(roles) == 1:
                found.setdefault((roles[0], call.action), call.subject)
    return found
