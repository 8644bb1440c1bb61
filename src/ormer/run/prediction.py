"""An access file and a profile -> what predicts the calls of a pipeline."""

from __future__ import annotations

from typing import Optional

from ormer.assess.predict import Predictor
from ormer.model.environment import Environment
from ormer.requests.calls.upsert_calls import Upsert
from ormer.run.access import load_access


def make_predictor(
    path: str,
    environment: Environment,
    role: Optional[str] = None,
    upsert: Optional[Upsert] = None,
    prove: bool = False,
) -> Predictor:
    """A predictor by the access file at ``path``.

    ``role`` is the ARN of the role that the pipeline runs as; without one it is the profile's
    ``roles.pipeline``, and where that is not one role no call of it can be predicted.
    ``upsert`` is who upserts the pipeline, where its calls are to be predicted, too. ``prove``: it
    proves what it predicts, which needs a SAT solver. Raises InputError where there is none.
    """
    make = _proving() if prove else Predictor
    access = load_access(path, environment=environment)
    if role is not None:
        return make(access, environment, role, upsert=upsert, path=path)
    roles = environment.lookup("roles.pipeline") or ()
    if len(roles) == 1:
        return make(access, environment, roles[0], path=path)
    why = "several roles.pipeline" if roles else "no roles.pipeline"
    reason = f"the profile has {why}: which role the pipeline runs as is not known"
    return make(access, environment, "", reason, path=path)


def _proving() -> type[Predictor]:
    from ormer.assess.need import ProvingPredictor  # late: only a proof needs it
    from ormer.proofs.installed import need_solver

    need_solver()
    return ProvingPredictor
