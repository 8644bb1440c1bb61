"""An access file and a profile -> the enforcement matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from ormer.controls.load import check_ids, load_catalogue
from ormer.model.access import Access
from ormer.model.errors import InputError
from ormer.proofs.asked.properties import load_properties
from ormer.proofs.installed import need_solver
from ormer.proofs.matrix.enforcement import Matrix, every_principal, matrix
from ormer.proofs.prover import Prover
from ormer.run.access import load_access
from ormer.run.check import load_environment


def make_matrix(
    access: str,
    environment: str,
    controls: Optional[str] = None,
    ids: Sequence[str] = (),
    principals: Sequence[str] = (),
    is_each: bool = False,
    seconds: float = 60.0,
) -> Matrix:
    """The matrix of two files, of every control and access property; ``controls`` is a folder of
    the user's own controls.

    ``ids`` are the only controls wanted and ``principals`` the only ARNs, all for none;
    ``is_each``: a row a principal instead of one for all. Raises InputError for what cannot be
    read, for a control or a principal that is not there, and where no solver is installed.
    """
    need_solver()
    catalogue, properties = load_catalogue(controls), load_properties()
    profile = load_environment(environment)
    known = [each.id for each in properties]
    check_ids(catalogue, profile.mapping("disabled_controls"), known)
    check_ids(catalogue, ids, known)
    asked = [one for one in (*catalogue.controls, *properties) if not ids or one.id in ids]
    found = load_access(access)
    _check(principals, found, access)
    prover = Prover(found, profile, asked, seconds)
    made = matrix(prover, principals or None)
    return made if is_each else made._replace(rows=every_principal(made.rows))


def _check(principals: Sequence[str], access: Access, path: str) -> None:
    for name in principals:
        if name not in access.holders:
            from ormer.read.text.suggestion import suggestion

            raise InputError(f"{path}: no principal {name!r}{suggestion(name, access.holders)}")
