"""Tables of results of README.md and docs/results.md, made from results/ alone."""

from functools import cache
from statistics import median

from ntmlab.evaluation.score import with_error
from ntmlab.recipes import RECIPES
from ntmlab.runs.results import Result, read_result, shipped_recipes, shipped_runs
from ntmlab.specifications import write_specification
from ntmlab.studies import markdown
from ntmlab.studies.claims import percent
from ntmlab.studies.paper.as_trained import READINGS
from ntmlab.studies.sizes import size_name
from ntmlab.tasks import specification
from ntmlab.training.estimate import in_words
from ntmlab.weights import read_card, shipped

FRESH = 20_000  # sequences a score is taken on, unless a row says otherwise
MANY = 4  # seeds; more are written as spans
NOTHING = "No results are shipped yet."
FAMILIES = {
    "NTM, LSTM controller": "ngrams-ntm-lstm",
    "NTM, feedforward": "ngrams-ntm",
    "LSTM": "ngrams-lstm",
}


@cache
def by_recipe() -> dict[str, list[Result]]:
    """The shipped results of each recipe, in order of seed."""
    return {name: [read_result(path) for path in shipped_runs(name)] for name in shipped_recipes()}


def of_answers(results: list[Result]) -> bool:
    """Whether a recipe's task asks for answers, which cost the optimum nothing."""
    return results[0].recipe.make_task().deterministic


def best_table() -> str:
    """The optimum and each kind of model on dynamic N-grams: trained here, as the paper trained it,
    and as the paper's chart reads.
    """
    known = by_recipe()
    head = ["", "bits", "above the optimum", "trained as the paper did", "the paper's chart"]
    rows = [["the optimum", _optimum(known[FAMILIES["LSTM"]]), "0", "0", "0"]]
    for title, name in FAMILIES.items():
        own, paper = known[name], known[f"{name}-paper"]
        cells = [title, _range(own, "bits"), _range(own, "kl"), _range(paper, "kl")]
        rows.append([*cells, f"about {READINGS[f'{name}-paper']:g}"])
    return table(head, rows)


def _optimum(results: list[Result]) -> str:
    """What the optimum costs on the sequences that scores are taken on."""
    score = results[0].score
    return f"{score['bits'] - score['gap']:.2f}"


def _range(results: list[Result], key: str) -> str:
    """The median over seeds, and the range."""
    values = [result.score[key] for result in results]
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def results_table() -> str:
    """Tasks of predicting symbols: gaps to the optimum."""
    head = ["recipe", "seeds", "sequences", "bits", "gap, Σ KL", "gap, paired", "wall time"]
    rows = [
        [
            *_origin(name, results),
            *(_spread(results, key) for key in ("bits", "kl", "gap")),
            _time(results),
        ]
        for name, results in by_recipe().items()
        if name in RECIPES and not of_answers(results)
    ]
    return table(head, rows)


def own_table() -> str:
    """Models of one's own on tasks of predicting symbols: the optimum, and what they lose to it."""
    head = ["source", "model", "seeds", "sequences", "optimal, bits", "gap, Σ KL", "gap, paired"]
    rows = []
    for name, results in by_recipe().items():
        if name not in RECIPES and not of_answers(results):
            recipe, score = results[0].recipe, results[0].score
            task = specification(recipe.task, recipe.task_options)
            model = write_specification(recipe.model, recipe.model_options)
            best = with_error(score["bits"] - score["gap"], score["bits_se"])
            gaps = [_spread(results, key) for key in ("kl", "gap")]
            rows.append([f"`{task}`", f"`{model}`", *_origin(name, results)[1:], best, *gaps])
    return table(head, rows)


def answers_table() -> str:
    """The tasks whose optimum costs nothing: bits, and wrong bits in training and beyond."""
    head = ["recipe", "seeds", "sequences", "bits", "wrong bits", "wrong bits at the paper's sizes"]
    rows = [
        [
            *_origin(name, results),
            _spread(results, "bits"),
            _rates([result.score["wrong_rate"] for result in results]),
            "; ".join(_sizes(results)),
            _time(results),
        ]
        for name, results in by_recipe().items()
        if name in RECIPES and of_answers(results)
    ]
    return table([*head, "wall time"], rows)


def _origin(name: str, results: list[Result]) -> list[str]:
    """Recipe, seeds (that of the shipped weights in bold), sequences; what differs is said."""
    kept = read_card(shipped()[name])["seed"] if name in shipped() else None
    seeds = ", ".join(f"**{r.seed}**" if r.seed == kept else str(r.seed) for r in results)
    if len(results) > MANY:
        seeds = spans([r.seed for r in results]) + (f"; **{kept}**" if kept is not None else "")
    few = [r for r in results if r.score["sequences"] != FRESH]
    for result in few:
        count = result.score["sequences"]
        seeds += f" (seed {result.seed} scored on the {count:,} validation sequences only)"
    return [f"`{name}`", seeds, f"{results[0].sequences:,}"]


def spans(numbers: list[int]) -> str:
    """Whole numbers in order, those without a gap between them as their ends.

    >>> spans([0, 1, 2, 5]), spans([4])
    ('0 to 2, 5', '4')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if run[1:] else str(run[0]) for run in runs)


def _spread(results: list[Result], key: str) -> str:
    """The median over seeds with its standard error, and the range.

    The error is that of the seed nearest to the median.
    """
    values = sorted((r.score[key], r.score[f"{key}_se"]) for r in results)
    middle = median(value for value, _ in values)
    error = min(values, key=lambda pair: abs(pair[0] - middle))[1]
    text = with_error(middle, error)
    low, high = (f"{values[place][0]:.3f}" for place in (0, -1))
    return text if low == high else f"{text} ({low} to {high})"


def _rates(rates: list[float]) -> str:
    """Parts of wrong bits, median and range."""
    middle = percent(median(rates))
    if len(rates) == 1 or min(rates) == max(rates):
        return middle
    return f"{middle} ({percent(min(rates))} to {percent(max(rates))})"


def _sizes(results: list[Result]) -> list[str]:
    """Wrong-bit rates at every size, median and range over seeds."""
    sizes = [result.score.get("sizes", []) for result in results]
    return [
        f"{size_name(column[0])}: {_rates([size['wrong_rate'] for size in column])}"
        for column in zip(*sizes, strict=True)
    ]


def _time(results: list[Result]) -> str:
    """Median wall time, sequences per second, and what it ran on."""
    timed = [result for result in results if result.seconds is not None]
    if not timed:
        return "-"
    middle = sorted(timed, key=lambda r: r.seconds or 0)[len(timed) // 2]
    assert middle.seconds is not None
    rate = middle.sequences / middle.seconds
    where = middle.environment
    threads, gpu = where.get("threads"), where.get("gpu")
    place = gpu or where.get("processor") or "?"
    parts = [in_words(middle.seconds), f"{rate:,.0f} a second", place]
    if threads is not None and not gpu:
        parts.append(f"{threads} thread{'' if threads == 1 else 's'}")
    return ", ".join(parts)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, or a line where there are no rows."""
    return markdown.table(head, rows) if rows else NOTHING
