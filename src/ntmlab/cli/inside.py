"""``ntmlab inside``: whether and how an NTM's memory counts, over many sequences."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from ntmlab.cli.inputs import ngrams_of
from ntmlab.cli.models import load_trained
from ntmlab.cli.progress import progress_bar
from ntmlab.errors import InputError
from ntmlab.evaluation.compare import Profile, score_table
from ntmlab.figures import save
from ntmlab.figures.save import check_path
from ntmlab.models import NTM
from ntmlab.studies.claims import claims_text, number
from ntmlab.studies.inside import Inside, look_inside, memory_claims
from ntmlab.studies.inside.picture import InsideView, inside
from ntmlab.studies.profiles import finite, profile_json
from ntmlab.tasks import DynamicNGrams


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints numbers and claims."""
    out = Path(arguments.out)
    check_path(out)
    trained = load_trained(arguments.model, DynamicNGrams.name)
    if not isinstance(trained.model, NTM):
        raise InputError(
            f"model {trained.name} is an LSTM and has no memory to look into; "
            f"`ntmlab losses {trained.name}` says where it loses its bits"
        )
    length = {} if arguments.length is None else {"length": arguments.length}
    task = ngrams_of(trained.task_options | length)
    count, seed = arguments.sequences, arguments.seed
    with progress_bar("sequences", count) as progress:
        found = look_inside(trained.model, task, count, seed, progress)
    view = make_view(found)
    axes = inside(view)
    save(next(iter(axes.values())).figure, out, {**view.arrays(), **_statistics(found)})
    if arguments.json:
        head = {"model": trained.name, "length": task.length}
        print(json.dumps(finite({**head, **to_json(found)})))
    else:
        print(to_text(found, out))
    return 0


def to_text(found: Inside, out: Path) -> str:
    """Gaps of the machine and its lesions, addresses, fits, and claims."""
    mean = found.concentration()
    lines = [score_table(found.scores), ""]
    lines += [
        f"{found.slots_read()} slots are the one that a context reads most; a context's mean "
        f"weighting has {np.mean(mean['read_entropy']):.2f} bits of entropy read, "
        f"{np.mean(mean['write_entropy']):.2f} written, top share "
        f"{np.mean(mean['read_top_share']):.2f} and {np.mean(mean['write_top_share']):.2f}",
        *sharing_lines(found),
        "",
        "R² of linear fits from the content read, on other sequences",
        *(f"  {n:<18} {number(float(p.mean), float(p.se))}" for n, p in found.explained.items()),
        "",
        claims_text(memory_claims(found)),
        "",
        str(out),
    ]
    return "\n".join(lines)


def sharing_lines(found: Inside) -> list[str]:
    """Which contexts read the same place, and what is lost there."""
    groups = found.sharing()
    if not groups:
        return ["no two contexts read the same place"]
    names = ["/".join(group) for group in context_names(found)]
    both = [context for group in groups for context in group]
    whole = found.scores["whole"].kl or 0.0
    return [
        f"contexts that read the same place: {', '.join(names)}; "
        f"at them {found.loss(both):.3f} of the gap of {whole:.3f} bits is lost"
    ]


def context_names(found: Inside) -> list[list[str]]:
    """The groups of contexts that share a place, in bits, the oldest first."""
    width = found.context_bits
    return [[f"{context:0{width}b}" for context in group] for group in found.sharing()]


def to_json(found: Inside) -> dict[str, Any]:
    """Everything but the matrices, which stand beside the picture."""
    return {
        "sequences": found.sequences,
        "seed": found.seed,
        "lag": found.lag,
        "slots_read": found.slots_read(),
        "sharing": context_names(found),
        "sharing_bits": found.loss(c for group in found.sharing() for c in group),
        "scores": {key: score.values() for key, score in found.scores.items()},
        "concentration": {k: float(np.mean(v)) for k, v in found.concentration().items()},
        "explained": {key: profile_json(p) for key, p in found.explained.items()},
        "statistics": {key: profile_json(p) for key, p in found.statistics.items()},
        "claims": [claim.to_json() for claim in memory_claims(found)],
    }


def make_view(found: Inside) -> InsideView:
    """What the picture shows."""
    change = found.statistics["change"].mean
    lag = found.lag

    def at_lag(name: str) -> Profile:
        return Profile(*(part[lag] for part in found.statistics[name]))

    return InsideView(
        found.read_matrix(),
        found.write_matrix(),
        found.context_bits,
        lag,
        change / max(float(change.sum()), 1e-30),
        {
            "weight on the slot read": at_lag("landed_by_visit"),
            "largest weight": at_lag("peak_by_visit"),
        },
        found.explained,
        {name: at_lag(f"adds_{name}") for name in ("opposite", "same")},
    )


def _statistics(found: Inside) -> dict[str, np.ndarray]:
    """Every statistic as arrays, to be saved beside the picture."""
    every = {**found.statistics, **{f"explained/{k}": p for k, p in found.explained.items()}}
    return {
        f"{name}/{part}": np.asarray(values)
        for name, profile in every.items()
        for part, values in profile._asdict().items()
    }
