"""What studies, tables and pages tell: numbers that come after all is measured."""

from tools.mutations.mutant import Mutant, mutants

SRC = "src/ntmlab"

TOLD: list[Mutant] = [
    *mutants(
        f"{SRC}/studies/fits.py",
        "tests/studies/test_fits.py",
        a_target_s_zero_counts=(
            "np.vstack([weights, level - middle @ weights])",
            "np.vstack([weights, -middle @ weights])",
        ),
        one_penalty_is_best_for_all=(
            "np.argmin([ratio.mean for ratio in every], axis=0)",
            "np.full(len(names), np.argmin([ratio.mean.sum() for ratio in every]))",
        ),
    ),
    *mutants(
        f"{SRC}/studies/beyond/report.py",
        "tests/studies/beyond/test_report.py",
        paired_gaps_are_divergences=(
            "with_error(setting.scores[n].gap, setting.scores[n].gap_se)",
            "with_error(setting.scores[n].kl, setting.scores[n].kl_se)",
        ),
    ),
    *mutants(
        f"{SRC}/studies/inside/addresses.py",
        "tests/studies/inside/test_addresses.py",
        steps_without_context_are_places=(" & (usage.contexts >= 0)[:, None]", ""),
    ),
    *mutants(
        f"{SRC}/studies/table/cell.py",
        "tests/studies/table/test_cell.py",
        a_cell_of_another_budget_stands=(
            "known is not None and {key: known.get(key) for key in asked} == asked",
            "known is not None",
        ),
    ),
    *mutants(
        f"{SRC}/sweeps/display.py",
        "tests/sweeps/test_display.py",
        what_a_search_will_name_takes_no_time=(
            "left += _unproposed(driver) * driver.searcher.search.recipe.sequences",
            "pass",
        ),
    ),
    *mutants(
        f"{SRC}/streams/evaluate.py",
        "tests/evaluation/test_prefix.py",
        looking_ahead_in_a_file_is_not_said=("marks.get(name, name): rows", "name: rows"),
    ),
]
