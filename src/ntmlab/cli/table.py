"""``ntmlab table``: all kinds of models on several sources, with equal care."""

import argparse
import sys
from pathlib import Path

from ntmlab.errors import InputError
from ntmlab.files import check_writable
from ntmlab.records import to_line, write_object
from ntmlab.studies import table

OF_RUNS = ("sources", "models", "sequences", "search", "seeds")
SEQUENCES, SEARCH, SEEDS = 10_000, 2_000, (0,)  # where none are given


def run(arguments: argparse.Namespace) -> int:
    """Trains and measures what is missing, and prints the table of all that is there."""
    given = [name for name in OF_RUNS if getattr(arguments, name) is not None]
    if arguments.redraw and given:
        raise InputError(f"--redraw trains nothing and shows all cells: leave out --{given[0]}")
    if arguments.save is not None:
        check_writable(Path(arguments.save))
    folder, chosen = Path(arguments.out), table.cells(arguments.sources, arguments.models)
    budget = _budget(arguments)
    table.check_budget(budget)
    for number, cell in enumerate(() if arguments.redraw else chosen, start=1):
        print(f"{number} of {len(chosen)}: {cell.model} on {cell.source}", file=sys.stderr)
        try:
            table.measure_cell(cell, budget, folder)
        except table.StoppedError as stopped:
            print(f"stopped in {stopped}; the same command goes on", file=sys.stderr)
            return 1
    found = table.read_cells(folder)
    if arguments.save is not None:
        write_object(Path(arguments.save), {"cells": found})
    print(to_line({"cells": found}) if arguments.json else table.to_text(found))
    return 0


def _budget(arguments: argparse.Namespace) -> table.Budget:
    """How long is trained, and from which seeds."""
    sequences = SEQUENCES if arguments.sequences is None else arguments.sequences
    search = SEARCH if arguments.search is None else arguments.search
    return table.Budget(sequences, search, tuple(arguments.seeds or SEEDS))
