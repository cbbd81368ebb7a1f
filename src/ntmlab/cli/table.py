"""``ntmlab table``: all kinds of models on several sources, with equal care."""

import argparse
import sys
from pathlib import Path

from ntmlab.records import to_line, write_object
from ntmlab.studies import table


def run(arguments: argparse.Namespace) -> int:
    """Trains and measures what is missing, and prints the table of all that is there."""
    folder, chosen = Path(arguments.out), table.cells(arguments.sources, arguments.models)
    budget = table.Budget(arguments.sequences, arguments.search, tuple(arguments.seeds))
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
