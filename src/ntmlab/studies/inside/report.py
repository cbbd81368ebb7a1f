"""What was found in a machine, as text, as JSON and as a picture with its arrays."""

from typing import Any

import numpy as np

from ntmlab.evaluation.score import score_table
from ntmlab.studies.claims import claims_text, number
from ntmlab.studies.drawing import Drawing
from ntmlab.studies.inside.claims import memory_claims
from ntmlab.studies.inside.measure import Inside
from ntmlab.studies.inside.picture import inside, make_view
from ntmlab.studies.profiles import profile_json


def to_text(found: Inside) -> str:
    """The claims with their verdicts; then gaps of the machine and its lesions, addresses, fits."""
    mean = found.concentration()
    lines = [claims_text(memory_claims(found)), "", score_table(found.scores), ""]
    lines += [
        f"{found.slots_read()} slots are the one that a context reads most; a context's mean "
        f"weighting has {np.mean(mean['read_entropy']):.2f} bits of entropy read, "
        f"{np.mean(mean['write_entropy']):.2f} written, top share "
        f"{np.mean(mean['read_top_share']):.2f} and {np.mean(mean['write_top_share']):.2f}",
        *sharing_lines(found),
        "",
        "R² of linear fits from the content read, on other sequences",
        *(f"  {n:<18} {number(float(p.mean), float(p.se))}" for n, p in found.explained.items()),
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
        "prior": list(found.prior),
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


def drawing(found: Inside) -> Drawing:
    """The picture, its matrices and every statistic."""
    view = make_view(to_json(found), found.read_matrix(), found.write_matrix())
    figure = next(iter(inside(view).values())).figure
    words = f"{found.sequences} sequences of seed {found.seed}"
    return Drawing(figure, {**view.arrays(), **_statistics(found)}, words)


def _statistics(found: Inside) -> dict[str, np.ndarray]:
    """Every statistic as arrays."""
    every = {**found.statistics, **{f"explained/{k}": p for k, p in found.explained.items()}}
    return {
        f"{name}/{part}": np.asarray(values)
        for name, profile in every.items()
        for part, values in profile._asdict().items()
    }
