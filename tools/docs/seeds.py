"""docs/seeds.md: how many of the shipped seeds of each recipe reach its goals."""

from collections import Counter

from ntmlab.runs.course import read_course
from ntmlab.runs.results import Result
from ntmlab.studies import markdown
from ntmlab.studies.seeds import GOALS, Reached, reached
from tools.docs.tables import by_recipe, spans

HEAD = ("recipe", "goal", "seeds", "reach it", "95 %", "median", "range")


def first_goals() -> dict[str, Reached]:
    """Of each recipe the goal of training itself, on all its seeds."""
    shipped = by_recipe()
    return {name: reached(goals[0], shipped[name]) for name, goals in GOALS.items()}


def rates_table() -> str:
    """A row a goal of a recipe."""
    shipped, rows = by_recipe(), []
    for name, goals in GOALS.items():
        numbers = spans([result.seed for result in shipped[name]])
        for goal in goals:
            rows.append([f"`{name}`", goal.text, numbers, *reached(goal, shipped[name]).cells()])
    return markdown.table(HEAD, rows)


def places_table() -> str:
    """What seeds were trained on, and those whose course the rule remarks on."""
    rows = []
    for name, results in by_recipe().items():
        if name in GOALS:
            places = Counter(place(result) for result in results)
            on = "; ".join(f"{count} on {where}" for where, count in places.items())
            rows.append([f"`{name}`", on, "; ".join(remarks(results)) or "none"])
    return markdown.table(("recipe", "seeds", "that stand still or collapsed at their end"), rows)


def place(result: Result) -> str:
    """The processor or GPU that a seed was trained on."""
    return str(result.environment.get("gpu") or result.environment.get("processor") or "?")


def remarks(results: list[Result]) -> list[str]:
    """What the rows of each seed say of its course, where they say something."""
    courses = [(result.seed, read_course(result.metrics)) for result in results]
    return [f"seed {seed}, {course.words()}" for seed, course in courses if course is not None]
