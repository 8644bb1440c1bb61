"""The checks of ``ormer.resource_checks`` and that of pipelines, as checkov calls them.

checkov leaves out of its report, without a word, a check that raises. So nothing is raised
here: what cannot be read or decided fails, and why is a warning on standard error.
"""

from __future__ import annotations

import os
from typing import Any

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck
from checkov.common.models.enums import CheckCategories, CheckResult

from ormer.model.errors import InputError
from ormer.resource_checks.catalogue import CHECKS, PIPELINE
from ormer.run.declared_checks import DeclaredChecks, Trouble, from_variables

_PAGE = "docs/checkov.md"
_FILE = "__file__"
"""The member in which checkov's reader of templates keeps the path of the file."""


class OrmerCheck(BaseResourceCheck):
    """One of Ormer's checks; the setting is that of the process."""

    def __init__(
        self, id: str, title: str, category: str, types: tuple[str, ...], checks: DeclaredChecks
    ) -> None:
        super().__init__(
            name=title,
            id=id,
            categories=[CheckCategories[category]],
            supported_resources=list(types),
            guideline=_PAGE,
        )
        self.checks = checks

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """PASSED only where the resource was read and nothing is wrong with it."""
        troubles = self._troubles(conf)
        self.evaluated_keys = [each.place.lstrip("/") for each in troubles]
        for each in troubles:
            self.logger.warning(
                "%s %s line %d: %s", self.id, self.entity_path, each.line, each.message
            )
        return CheckResult.FAILED if troubles else CheckResult.PASSED

    def _troubles(self, conf: dict[str, Any]) -> tuple[Trouble, ...]:
        properties = conf.get("Properties")
        file = properties.get(_FILE) if isinstance(properties, dict) else None
        if not isinstance(file, str):
            return (Trouble(0, "", "checkov does not say in which file the resource is"),)
        resource = self.entity_path.rpartition(":")[2]
        try:
            return self.checks.troubles(self.id, file, resource)
        except InputError as error:
            return (Trouble(0, "", str(error)),)
        except Exception as error:  # noqa: BLE001  a check that raises would vanish
            return (Trouble(0, "", f"{type(error).__name__}: {error}"),)


_setting = from_variables(os.environ)
checks = [
    OrmerCheck(
        PIPELINE,
        "The pipeline definition passes every control of the environment profile",
        "GENERAL_SECURITY",
        ("AWS::SageMaker::Pipeline",),
        _setting,
    ),
    *(OrmerCheck(each.id, each.title, each.category, each.types, _setting) for each in CHECKS),
]
