"""What studies, checks and files tell: numbers that come after all is measured."""

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
    *mutants(
        f"{SRC}/streams/native.py",
        "tests/streams/test_reference.py",
        trees_of_any_split_are_compiled=(
            "type(exact) is ContextTrees and exact.split == 0.5 and",
            "type(exact) is ContextTrees and",
        ),
        mixtures_of_any_weights_are_compiled=(
            " or not (exact.weights == exact.weights[0]).all():",
            ":",
        ),
        mixtures_of_any_priors_are_compiled=(
            "if not in_turn or priors or prior is None:",
            "if not in_turn or prior is None:",
        ),
    ),
    *mutants(
        f"{SRC}/streams/reference.py",
        "tests/streams/test_reference.py",
        trees_of_any_split_are_even=(
            "type(exact) is ContextTrees and exact.split == 0.5:",
            "type(exact) is ContextTrees:",
        ),
        mixtures_of_any_weights_are_even=(
            "return OrderSteps(exact) if even else FilterSteps(exact)",
            "return OrderSteps(exact)",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/compared.py",
        "tests/evaluation/checks/test_compared.py",
        divergence_the_other_way=(
            "divergence_bits(right, wrong, every)",
            "divergence_bits(wrong, right, every)",
        ),
        a_cost_is_that_of_a_step=("every).sum(1).max())", "every).mean(1).max())"),
        a_hundred_and_sixty_roundings=("ROUNDINGS: Final = 16", "ROUNDINGS: Final = 160"),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/probes.py",
        "tests/evaluation/checks/test_compared.py",
        another_letter_may_be_the_same=(
            "self.random.integers(1, self.letters)",
            "self.random.integers(self.letters)",
        ),
        the_last_letter_is_the_second=("np.full(length, self.letters - 1)", "np.full(length, 1)"),
    ),
    *mutants(
        f"{SRC}/evaluation/prefix.py",
        "tests/evaluation/test_prefix.py",
        the_step_after_is_named=("int(apart.argmax()), mask", "int(apart.argmax()) + 1, mask"),
    ),
    *mutants(
        f"{SRC}/evaluation/adapters/module.py",
        "tests/evaluation/adapters/test_mass_elsewhere.py",
        outside_is_a_mean=("(those / every).min())", "(those / every).mean())"),
        a_sum_is_that_of_all_steps=("(sums - 1).abs().max())", "(sums - 1).abs().mean())"),
    ),
    *mutants(
        f"{SRC}/cli/losses.py",
        "tests/cli/test_told.py",
        seed_and_sequences_change_places=(
            "arguments.sequences, arguments.seed)\n        models",
            "arguments.seed, arguments.sequences)\n        models",
        ),
    ),
]
