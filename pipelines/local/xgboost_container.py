"""What SageMaker's built-in XGBoost container does with a training job, on this machine.

Run as a child process with the folder that stands for ``/opt/ml``: reads
``input/config/hyperparameters.json`` and the CSV files of ``input/data/<channel>``
(no header, the label first), writes ``model/xgboost-model`` (AWS: "XGBoost algorithm,
how it works"). One thread and a fixed seed, so that the same data gives the same model.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DEFAULT_SEED = 0

CONTAINER_ONLY = {
    "csv_weights",
    "early_stopping_rounds",
    "save_model_on_termination",
    "_kfold",
    "_num_cv_round",
}
"""Hyperparameters that the container acts upon itself, which is not done here."""


def train(opt_ml: Path) -> None:
    """Train from and into the folder ``opt_ml``; raises ValueError for data it cannot use."""
    import xgboost

    settings = _settings(opt_ml / "input" / "config" / "hyperparameters.json")
    rounds = int(settings.pop("num_round"))
    channels = [
        (_matrix(opt_ml / "input" / "data" / name), name)
        for name in ("train", "validation")
        if (opt_ml / "input" / "data" / name).is_dir()
    ]
    if not channels or channels[0][1] != "train":
        raise ValueError("there is no train channel")
    settings = {"seed": DEFAULT_SEED, **settings, "nthread": 1}
    model = xgboost.train(settings, channels[0][0], rounds, evals=channels)
    (opt_ml / "model").mkdir(parents=True, exist_ok=True)
    (opt_ml / "model" / "xgboost-model").write_bytes(bytes(model.save_raw()))


def _settings(path: Path) -> dict[str, Any]:
    """SageMaker hands every hyperparameter over as a string; XGBoost reads them as such."""
    settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if not str(settings.get("num_round", "")).isdigit():
        raise ValueError("the hyperparameter num_round is required and a whole number")
    for name in sorted(CONTAINER_ONLY & set(settings)):
        raise ValueError(f"the hyperparameter {name} cannot be honoured on this machine")
    return settings


def _matrix(folder: Path) -> Any:
    import numpy
    import xgboost

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        raise ValueError(f"the channel {folder.name} holds no file")
    rows = numpy.vstack([numpy.loadtxt(path, delimiter=",", ndmin=2) for path in files])
    return xgboost.DMatrix(rows[:, 1:], label=rows[:, 0], nthread=1)


if __name__ == "__main__":
    try:
        train(Path(sys.argv[1]))
    except (ValueError, OSError) as error:
        sys.exit(f"xgboost: {error}")
