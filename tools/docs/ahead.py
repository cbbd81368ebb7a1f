"""How many NTMs come closer to the optimum than the LSTMs, in a sentence that pages share."""

import textwrap
from collections.abc import Sequence

from tools.docs.tables import FAMILIES, by_recipe

BASELINE = "LSTM"  # of FAMILIES; the others are NTMs
WIDTH = 110


def ahead() -> str:
    """The sentence about every seed of this project's recipes of dynamic N-grams, from results/."""
    gaps = {
        title: [result.score["kl"] for result in by_recipe()[name]]
        for title, name in FAMILIES.items()
    }
    lstms = gaps.pop(BASELINE)
    return textwrap.fill(sentence([gap for own in gaps.values() for gap in own], lstms), WIDTH)


def sentence(ntms: Sequence[float], lstms: Sequence[float]) -> str:
    """How many gaps are below, above or among those of the LSTMs."""
    best, worst = min(lstms), max(lstms)
    closer = [best - gap for gap in ntms if gap < best]
    further = [gap - worst for gap in ntms if gap > worst]
    among = len(ntms) - len(closer) - len(further)
    each = f"than each of {len(lstms)} LSTMs"
    parts = [f"{len(closer)} of {len(ntms)} NTMs come closer to the optimum {each}"]
    if closer:
        parts[0] += f", by up to {max(closer):.2f} bits"
    if among:
        parts.append(f"{among} {'lies' if among == 1 else 'lie'} among them")
    if further:
        stay = "stays" if len(further) == 1 else "stay"
        parts.append(f"{len(further)} {stay} further off than each, by up to {max(further):.2f}")
    return f"{'; '.join(parts)}."
