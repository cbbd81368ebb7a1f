"""The reference of the Python interface: which names stand on which page."""

import inspect
from importlib import import_module
from typing import Final, NamedTuple


class Page(NamedTuple):
    """A page of the reference: what it is about, and names by the module they are imported from."""

    title: str
    about: str
    names: dict[str, tuple[str, ...]]


SHAPES: Final = """Shapes are batch first: B sequences, T steps, I inputs, O outputs, k letters.
Costs and gaps are in bits, in every function of this reference."""

PAGES: Final[dict[str, Page]] = {
    "comparing": Page(
        "Compare and check",
        "How many bits predictors lose to the optimum, and whether their number can be believed.",
        {
            "ntmlab": (
                *("compare", "Comparison", "check_predictor", "Check", "parametrize_with_checks"),
                *("load_model", "Predictor", "InputError"),
            ),
            "ntmlab.evaluation": ("Score", "Profile"),
            "ntmlab.evaluation.predictors": ("find_predictor",),
        },
    ),
    "tasks": Page(
        "Tasks and sequences",
        "What draws sequences, and what a symbol is. Options of every source are in "
        ":doc:`/optimal`.",
        {
            "ntmlab": (
                *("make_task", "Source", "AnswerTask", "DynamicNGrams", "Copy", "RepeatCopy"),
                *("Recall", "PrioritySort", "Sequences", "next_symbol", "Bits", "Symbols"),
            ),
            "ntmlab.tasks": (
                *("ChangePointSource", "CoinSource", "ContextTreeSource", "HiddenMarkov"),
                *("LagSource", "MixtureSource", "PartitionTreeSource", "Step", "Drawn", "choose"),
            ),
        },
    ),
    "optimal": Page(
        "Exact predictors",
        "Filters of the sources, and references below them; :doc:`/optimal` has formulas and "
        "proofs.",
        {
            "ntmlab": ("ContextKT",),
            "ntmlab.optimal": (
                *("Filter", "FilterPredictor", "Stream", "unroll", "described"),
                *("named_predictor", "KT", "ChangePoints", "ContextTrees", "PartitionTree"),
                *("Forward", "Lags", "Mixture", "Coin", "Window", "Capped", "Decayed", "Padded"),
                *("BackOff", "Noisy"),
            ),
        },
    ),
    "models": Page(
        "Models",
        "PyTorch modules, logits out; :doc:`/layer` shows them inside a network.",
        {
            "ntmlab": ("NTM", "LSTM"),
            "ntmlab.models": ("NTMState", "NTMTrace", "LSTMState", "Model", "make_model"),
        },
    ),
    "adapters": Page(
        "Adapters",
        "Models from elsewhere as predictors; :doc:`/own-model` goes through them.",
        {
            "ntmlab": (
                *("from_torch", "from_transformers", "from_stream", "from_hmm", "from_sklearn"),
                "from_river",
            )
        },
    ),
    "training": Page(
        "Training",
        "A recipe and a seed make a run folder, which everything afterwards reads.",
        {
            "ntmlab.training": ("train", "resume", "complete", "TrainingError"),
            "ntmlab.recipes": ("Recipe", "find_recipe"),
        },
    ),
    "figures": Page(
        "Figures and studies",
        "Arrays in, axes out: nothing that draws calls a model. The paper's figures are one call.",
        {
            "ntmlab.figures": ("strips", "strip_arrays", "strips_text", "curves", "memory", "save"),
            "ntmlab.studies.paper": ("figure", "draw"),
        },
    ),
}


def pages() -> dict[str, str]:
    """The pages of the reference in reStructuredText, by name."""
    made = {f"api/{name}.rst": "\n".join(_page(page)) for name, page in PAGES.items()}
    return {"api/index.rst": "\n".join(_index()), **made}


def _index() -> list[str]:
    """The first page: every name, page by page."""
    lines = [*_headed("Python reference"), SHAPES, "", ".. toctree::", "   :hidden:", ""]
    lines += [*(f"   {name}" for name in PAGES), ""]
    for name, page in PAGES.items():
        lines += [f":doc:`{name}`", f"   {page.about}", ""]
        shown = [f":py:obj:`~{module}.{x}`" for module, names in page.names.items() for x in names]
        lines += [f"   {', '.join(shown)}", ""]
    return lines


def _page(page: Page) -> list[str]:
    """A page's lines."""
    lines = [*_headed(page.title), page.about, ""]
    for module, names in page.names.items():
        lines += [f".. currentmodule:: {module}", ""]
        lines += [line for name in names for line in _directive(module, name)]
    return lines


def _directive(module: str, name: str) -> list[str]:
    """What documents a name, a class with its documented members."""
    thing = getattr(import_module(module), name)
    if not inspect.isclass(thing):
        return [f".. autofunction:: {module}.{name}", ""]
    kind = "exception" if issubclass(thing, Exception) else "class"
    return [f".. auto{kind}:: {module}.{name}", "   :members:", ""]


def _headed(title: str) -> list[str]:
    """A title and its line."""
    return [title, "=" * len(title), ""]
