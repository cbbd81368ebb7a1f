"""Tables of docs/ngrams.md from what tools/study.py has measured."""

from pathlib import Path
from typing import Any

from ntmlab.records import read_object
from ntmlab.studies.claims import number
from ntmlab.studies.paper import as_trained
from tools.docs.tables import by_recipe, table

Study = dict[str, dict[str, Any]]


def read_study(folder: Path) -> Study:
    """The measured numbers by file: losses, beyond, and inside-NAME for each NTM."""
    paths = sorted(folder.glob("*.json"), key=lambda path: path.stem)
    return {path.stem: read_object(path) or {} for path in paths}


def study_blocks(study: Study) -> dict[str, str]:
    """The generated parts of the page by name."""
    machines = [value for name, value in study.items() if name.startswith("inside-")]
    long = [value for name, value in study.items() if name.startswith("long-")]
    losses, beyond = study["losses"], study["beyond"]
    return {
        "summary": summary(machines, losses, beyond),
        "gaps": gaps(losses),
        "memory claims": memory_claims(machines),
        "prediction claims": prediction_claims(losses),
        "addresses": addresses(machines),
        "content": content(machines),
        "lesions": lesions(machines),
        "losses": by_part(losses, "position") + "\n\n" + by_part(losses, "visit"),
        "contexts": contexts(losses),
        "tables": tables(beyond),
        "lengths": lengths(beyond),
        "writes": writes(study["writes"]),
        "long memory": long_memory([*machines, *long]),
        "pictures": pictures(machines),
    }


def as_the_paper() -> str:
    """What the paper shows of its own training, and what the same training came to here."""
    rows = as_trained.answers(by_recipe())
    return table(["claim", "recipe", "holds", "measured, seed by seed"], rows)


def measured(value: dict[str, Any], name: str) -> str:
    """A number with its error, such as kl and kl_se."""
    return number(value[name], value[f"{name}_se"])


def mean(profile: dict[str, Any]) -> str:
    """A mean with its error."""
    return number(profile["mean"], profile["se"])


def summary(machines: list[dict[str, Any]], losses: dict[str, Any], beyond: dict[str, Any]) -> str:
    """A paragraph for each model."""
    inside = {machine["model"]: machine for machine in machines}
    lines = []
    for name, found in losses["models"].items():
        parts = [
            f"gap {measured(found, 'kl')} bits, {found['worst_share']:.0%} of it in the worst "
            "1% of steps"
        ]
        if name in inside:
            parts += machine_words(inside[name])
        parts += length_words(beyond, name)
        lines.append(f"- `{name}`: {'; '.join(parts)}.")
    return "\n".join(lines)


def machine_words(found: dict[str, Any]) -> list[str]:
    """What stands out in a machine."""
    lag, read = found["lag"], found["explained"]["logit"]
    held = sum(claim["holds"] for claim in found["claims"])
    words = [
        f"{held} of the paper's {len(found['claims'])} claims on its memory hold",
        f"R² {mean(read)} of the optimal logit from what it reads",
        f"counts are written {lag} {'step' if lag == 1 else 'steps'} after the read",
    ]
    if found["sharing"]:
        lost = found["sharing_bits"] / max(found["scores"]["whole"]["kl"], 1e-30)
        groups = ", ".join("/".join(group) for group in found["sharing"])
        return [*words, f"contexts {groups} share a place, where {lost:.0%} of the gap is lost"]
    return [*words, "no two contexts share a place"]


def length_words(beyond: dict[str, Any], name: str) -> list[str]:
    """The gap on the longest sequences, and whether the model is of use there."""
    last = beyond["settings"][-1]
    model = last["models"][name]
    per, length = model["kl_per_200"], last["options"]["length"]
    behind = beyond["long"]["loses_more_from"][name]
    late = [f"`{k}` first at bit {v + 1:,}" for k, v in behind.items() if v is not None]
    words = f"at {length:,} bits it loses {per:.1f} per 200 bits"
    return [f"{words}, more than {' and '.join(late)}" if late else words]


def gaps(losses: dict[str, Any]) -> str:
    """Cost and gaps of the models, and how the gap is spread over the steps."""
    head = ["model", "bits", "gap, paired", "gap, Σ KL", "close", "in the worst 1% of steps"]
    rows = []
    for name, m in losses["models"].items():
        numbers = [measured(m, key) for key in ("bits", "gap", "kl")]
        shares = [f"{m['close']['mean']:.1%}", f"{m['worst_share']:.0%} of the gap"]
        rows.append([f"`{name}`", *numbers, *shares])
    count = f"{losses['sequences']:,} sequences of seed {losses['seed']}."
    return f"{table(head, rows)}\n\n{count}"


def memory_claims(machines: list[dict[str, Any]]) -> str:
    """The claims on the memory, a line for each claim and machine."""
    rows = []
    for claims in zip(*(machine["claims"] for machine in machines), strict=True):
        for machine, claim in zip(machines, claims, strict=True):
            answer = "**yes**" if claim["holds"] else "**no**"
            rows.append([claim["claim"], f"`{machine['model']}`", answer, claim["measured"]])
    criteria = dict.fromkeys((c["claim"], c["criterion"]) for c in machines[0]["claims"])
    said = [f"- *{claim}*: yes if {criterion}." for claim, criterion in criteria]
    head = ["claim", "model", "holds", "measured"]
    return "\n\n".join([table(head, rows), "Criteria:", "\n".join(said)])


def prediction_claims(losses: dict[str, Any]) -> str:
    """The claims on predictions."""
    head = ["claim", "holds", "measured", "yes if"]
    rows = [
        [c["claim"], "**yes**" if c["holds"] else "**no**", c["measured"], c["criterion"]]
        for c in losses["claims"]
    ]
    return table(head, rows)


def addresses(machines: list[dict[str, Any]]) -> str:
    """How contexts use slots."""
    head = ["model", "slots read most", "top share, read", "entropy, read", "top share, written"]
    head += ["contexts that share a place", "lost at these"]
    rows = []
    for m in machines:
        mean_of = m["concentration"]
        shared = ", ".join("/".join(group) for group in m["sharing"]) or "none"
        whole = m["scores"]["whole"]["kl"]
        lost = f"{m['sharing_bits']:.3f} of {whole:.3f} bits" if m["sharing"] else "–"
        cells = [f"`{m['model']}`", str(m["slots_read"]), f"{mean_of['read_top_share']:.2f}"]
        cells += [f"{mean_of['read_entropy']:.2f} bits", f"{mean_of['write_top_share']:.2f}"]
        rows.append([*cells, shared, lost])
    return table(head, rows)


def content(machines: list[dict[str, Any]]) -> str:
    """R² of what can be read off the content."""
    names = list(machines[0]["explained"])
    head = ["model", *names]
    rows = [[f"`{m['model']}`", *(mean(m["explained"][n]) for n in names)] for m in machines]
    return table(head, rows)


def lesions(machines: list[dict[str, Any]]) -> str:
    """Gaps of machines with a part taken out."""
    names = list(dict.fromkeys(name for m in machines for name in m["scores"]))
    rows = []
    for m in machines:
        cells = [measured(m["scores"][n], "kl") if n in m["scores"] else "–" for n in names]
        rows.append([f"`{m['model']}`", *cells])
    return table(["model", *names], rows)


def by_part(losses: dict[str, Any], part: str) -> str:
    """Bits a sequence by the bins of a part."""
    models = losses["models"]
    names = next(iter(models.values()))["parts"][part]["names"]
    rows = []
    for i, name in enumerate(names):
        own = [m["parts"][part] for m in models.values()]
        rows.append([name, *(number(p["bits"][i], p["bits_se"][i]) for p in own)])
    return table([part, *(f"`{name}`" for name in models)], rows)


def contexts(losses: dict[str, Any]) -> str:
    """The contexts at which each model loses most."""
    lines = []
    for name, m in losses["models"].items():
        part = m["parts"]["context"]
        order = sorted(range(len(part["names"])), key=lambda i: -part["bits"][i])[:6]
        worst = ", ".join(f"{part['names'][i]} {part['bits'][i]:.3f}" for i in order)
        share = sum(part["bits"][i] for i in order) / max(m["kl"], 1e-30)
        lines.append(f"- `{name}`: {worst}; these six hold {share:.0%} of the gap.")
    return "\n".join(lines)


def tables(beyond: dict[str, Any]) -> str:
    """Σ KL on other tables, and above the optimum of training."""
    short = [s for s in beyond["settings"] if s["kind"] != "length"]
    names = list(short[0]["models"])
    head = ["sequences", *(f"`{n}`" if i < len(names) - 1 else n for i, n in enumerate(names))]
    rows = []
    for setting in short:
        cells = []
        for name in names:
            m = setting["models"][name]
            above = f" ({m['excess']:+.2f})" if name != names[-1] else ""
            cells.append(measured(m, "kl") + above)
        rows.append([setting["name"], *cells])
    count = f"{short[0]['sequences']:,} sequences of seed {beyond['seed']} each."
    return f"{table(head, rows)}\n\n{count}"


def lengths(beyond: dict[str, Any]) -> str:
    """Gaps of long sequences, and when models fall behind the references."""
    long = [s for s in beyond["settings"] if s["kind"] == "length"]
    names = list(long[0]["models"])[:-1]
    rows = []
    for setting in long:
        models = [setting["models"][name] for name in names]
        cells = [f"{measured(m, 'kl')} ({m['kl_per_200']:.2f})" for m in models]
        rows.append([setting["name"], *cells])
    lines = [table(["length", *(f"`{name}`" for name in names)], rows), ""]
    found = beyond["long"]
    lines += [
        f"{found['sequences']:,} sequences of seed {beyond['seed']}; in brackets Σ KL per "
        "200 bits.",
        "",
    ]
    for name in names:
        for reference, step in found["loses_more_from"][name].items():
            when = "never" if step is None else f"first at bit {step + 1:,}"
            lines.append(f"- `{name}` loses more than `{reference}`: {when}.")
    return "\n".join(lines)


def writes(long: dict[str, Any]) -> str:
    """Σ KL per 200 bits of long sequences, by the steps that a machine writes for."""
    whole, *stopped = long["writes"].items()
    part, names = 200 / long["length"], list(whole[1])
    head = ["writes, or counts, for", *(f"`{name}`" for name in names), "optimum"]
    rows = [["all steps", *(_per_200(whole[1][name], part) for name in names), "0"]]
    for steps, models in stopped:
        cells = [_per_200(models[key], part) for key in (*names, "optimum")]
        rows.append([f"{int(steps):,} steps", *cells])
    count = f"{long['sequences']:,} sequences of {long['length']:,} bits, seed {long['seed']}."
    return f"{table(head, rows)}\n\n{count}"


def _per_200(score: dict[str, Any], part: float) -> str:
    return number(score["kl"] * part, score["kl_se"] * part)


def long_memory(studies: list[dict[str, Any]]) -> str:
    """How reading and content change as sequences become longer."""
    head = ["model", "bits", "entropy of a read", "same context", "other contexts", "R², logit"]
    head += ["contexts that share a place"]
    rows = []
    for m in sorted(studies, key=lambda m: (m["model"], m["length"])):
        said = (m["statistics"][name] for name in ("read_entropy", "read_same", "read_other"))
        shared = ", ".join("/".join(group) for group in m["sharing"]) or "none"
        cells = [f"`{m['model']}`", str(m["length"]), *map(mean, said)]
        rows.append([*cells, mean(m["explained"]["logit"]), shared])
    return table(head, rows)


def pictures(machines: list[dict[str, Any]]) -> str:
    """The pictures of each machine."""
    parts = []
    for m in machines:
        name = Path(m["model"]).stem
        parts.append(f"![The memory of {name} over many sequences](ngrams-inside-{name}.png)")
        parts.append(f"![The memory of {name} on one sequence](ngrams-memory-{name}.png)")
    return "\n\n".join(parts)
