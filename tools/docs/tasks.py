"""docs/tasks.md: the claims of each task with exact answers, and what results/ says of them."""

from collections.abc import Sequence

from ntmlab.studies import markdown
from ntmlab.studies.paper.claims import (
    RecipeClaim,
    Results,
    answer,
    copy_claims,
    recall_claims,
    repeat_claims,
    sort_claims,
)
from ntmlab.studies.scores import bits, show_bits
from tools.docs.tables import by_recipe, of_answers

INTRODUCTION = """# Copy, repeat copy, recall and sort, claim by claim

Copy, repeat copy, associative recall and priority sort; the optimum of each costs 0 bits. Claims
are the paper's and those this project set itself. Numbers are of the final weights of every seed
that was trained, in bits per sequence on {fresh:,} fresh sequences at the sizes of training and on
{sized:,} at any other; sequences to a cost are counted up to the first validation, on 1,000 fixed
sequences, that is below it.
Wrong bits are a part of all bits of vectors, end marks counted apart. This page is made from
`results/` by `make docs`.
"""


def claims_page() -> str:
    """The whole page."""
    results = by_recipe()
    lines = [INTRODUCTION.format(fresh=20_000, sized=1000)]
    lines += section("Copy", copy_claims(), results)
    lines += section("Repeat copy", repeat_claims(), results)
    lines += section("Associative recall", recall_claims(), results)
    lines += section("Priority sort", sort_claims(), results)
    lines += ["## How far each was trained", "", trained(results)]
    return "\n".join(lines) + "\n"


def trained(results: Results) -> str:
    """Sequences and cost over training, so that a run that ended early is seen as one."""
    rows = []
    for name, seeds in results.items():
        if of_answers(seeds):
            cells = [f"`{name}`", ", ".join(str(result.seed) for result in seeds)]
            cells += [f"{seeds[0].sequences:,}", "; ".join(show_bits(bits(r)) for r in seeds)]
            rows.append(cells)
    return markdown.table(["recipe", "seeds", "sequences", "bits, seed by seed"], rows)


def section(title: str, claims: Sequence[RecipeClaim], results: Results) -> list[str]:
    """A task's heading and table."""
    head = ["claim", "recipe", "holds", "measured, seed by seed"]
    rows = [answer(claim, results) for claim in claims]
    return [f"## {title}", "", markdown.table(head, rows), ""]
