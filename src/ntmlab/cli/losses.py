"""``ntmlab losses``: where models lose the bits that the optimum does not."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ntmlab.cli.inputs import find_predictors, ngrams
from ntmlab.cli.progress import progress_bar
from ntmlab.evaluation.compare import score_table, with_error
from ntmlab.figures import save
from ntmlab.figures.save import check_path
from ntmlab.models import LSTM, NTM, ModulePredictor
from ntmlab.sequences import Predictor
from ntmlab.studies.claims import Claim, claims_text
from ntmlab.studies.losses.claims import better_than, prediction_claims
from ntmlab.studies.losses.measure import Losses, Part, losses
from ntmlab.studies.losses.picture import losses as draw
from ntmlab.studies.profiles import finite, profile_json


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints numbers and claims."""
    out = Path(arguments.out)
    check_path(out)
    task = ngrams(arguments)
    predictors = find_predictors(arguments.models, task)
    with progress_bar("sequences", arguments.sequences) as progress:
        found = losses(task, predictors, arguments.sequences, arguments.seed, progress)
    axes = draw({name: one.parts for name, one in found.items()})
    save(next(iter(axes.values())).figure, out, _arrays(found))
    claims = all_claims(predictors, found)
    if arguments.json:
        head = {"sequences": arguments.sequences, "seed": arguments.seed, **task.options()}
        models = {name: to_json(one) for name, one in found.items()}
        said = [claim.to_json() for claim in claims]
        print(json.dumps(finite({**head, "models": models, "claims": said})))
    else:
        print(to_text(found, claims, out))
    return 0


def all_claims(predictors: Mapping[str, Predictor], found: Mapping[str, Losses]) -> list[Claim]:
    """The claims on every model, and of every NTM against every LSTM."""
    claims = [claim for name, one in found.items() for claim in prediction_claims(name, one)]
    for name, one in found.items():
        others = (other for other in found if _is(predictors[other], LSTM))
        if _is(predictors[name], NTM):
            claims += [better_than(name, one, other, found[other]) for other in others]
    return claims


def _is(predictor: Predictor, kind: type) -> bool:
    return isinstance(predictor, ModulePredictor) and isinstance(predictor.module, kind)


def to_text(found: Mapping[str, Losses], claims: list[Claim], out: Path) -> str:
    """Gaps, the parts as tables, and claims."""
    lines = [score_table({name: one.score for name, one in found.items()})]
    for part in ("position", "visit", "age", "context"):
        lines += ["", f"bits a sequence by {part}", *_table(found, part)]
    return "\n".join([*lines, "", claims_text(claims), "", str(out)])


def _table(found: Mapping[str, Losses], part: str) -> list[str]:
    """A line for each bin, a column for each model."""
    names = next(iter(found.values())).parts[part].names
    width = max(12, *map(len, names))
    columns = max(15, *map(len, found))
    lines = [f"  {'':<{width}}" + "".join(f"  {model:>{columns}}" for model in found)]
    for i, name in enumerate(names):
        own = [with_error(o.parts[part].bits[i], o.parts[part].bits_se[i]) for o in found.values()]
        lines.append(f"  {name:<{width}}" + "".join(f"  {cell:>{columns}}" for cell in own))
    return lines


def to_json(found: Losses) -> dict[str, Any]:
    """A model's losses as JSON values."""
    return {
        **found.score.values(),
        "close": profile_json(found.close),
        "worst_share": found.worst_share,
        "parts": {name: _part_json(part) for name, part in found.parts.items()},
    }


def _part_json(part: Part) -> dict[str, Any]:
    sums = {"bits": part.bits.tolist(), "bits_se": part.bits_se.tolist()}
    return {"names": part.names, **sums, "steps": profile_json(part.steps)}


def _arrays(found: Mapping[str, Losses]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for model, one in found.items():
        for name, part in one.parts.items():
            arrays[f"{model}/{name}/names"] = np.array(part.names)
            arrays[f"{model}/{name}/bits"] = part.bits
            arrays[f"{model}/{name}/bits_se"] = part.bits_se
            arrays[f"{model}/{name}/bits_per_step"] = part.steps.mean
            arrays[f"{model}/{name}/steps"] = part.steps.steps
    return arrays
