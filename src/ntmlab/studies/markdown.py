"""Tables as Markdown has them."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A line each, under a header.

    >>> print(table(["model", "bits"], [["optimal", "133.3"]]))
    | model | bits |
    | --- | --- |
    | optimal | 133.3 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
