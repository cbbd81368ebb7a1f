"""``ntmlab losses``: where models lose the bits that the optimum does not."""

import argparse
from pathlib import Path

from ntmlab.cli.inputs import find_predictors, head_of, specified_task, with_options
from ntmlab.cli.progress import progress_bar
from ntmlab.figures.save import check_path
from ntmlab.figures.width import printed_at
from ntmlab.records import finite, to_line
from ntmlab.studies import losses


def run(arguments: argparse.Namespace) -> int:
    """Measures, draws, and prints numbers and claims."""
    check_path(Path(arguments.out))
    task, spec = specified_task(arguments, arguments.models)
    predictors = find_predictors(arguments.models, task, unchecked=arguments.unchecked)
    with progress_bar("sequences", arguments.sequences) as progress:
        found = losses.losses(task, predictors, arguments.sequences, arguments.seed, progress)
    with printed_at(arguments.width):
        losses.drawing(found).save(arguments.out)
    claims = losses.all_claims(predictors, found)
    if arguments.json:
        head = head_of(task, spec, arguments.sequences, arguments.seed)
        models = {name: losses.to_json(one) for name, one in found.items()}
        said = [claim.to_json() for claim in claims]
        print(to_line(finite({**with_options(head, task), "models": models, "claims": said})))
    else:
        print(f"{losses.to_text(found, claims)}\n\n{arguments.out}")
    return 0
