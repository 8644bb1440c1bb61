"""An access file and a profile -> the enforcement matrix."""

from __future__ import annotations

from ormer.controls.load import load_catalogue
from ormer.proofs.installed import need_solver
from ormer.proofs.matrix.enforcement import Matrix, every_principal, matrix
from ormer.proofs.prover import Prover
from ormer.run.check import load_environment
from ormer.run.prove import Asked, asked_controls, load_asked


def make_matrix(asked: Asked, is_each: bool = False) -> tuple[Matrix, list[str]]:
    """The matrix of every control and access property that is asked of, and the files read.

    ``is_each``: a row a principal instead of one for all. Raises InputError for what cannot be
    read, for a control or a principal that is not there, and where no solver is installed.
    """
    need_solver()
    profile = load_environment(asked.environment)
    wanted = asked_controls(load_catalogue(asked.controls), asked.ids, profile)
    loaded = load_asked(asked, profile)
    prover = Prover(loaded.access, profile, wanted, asked.seconds)
    made = matrix(prover, asked.principals or None)
    files = [*loaded.texts, *asked.files()]
    return made if is_each else made._replace(rows=every_principal(made.rows)), files
