"""How models are compared, what is found of those that a user brings, and the checks."""

from tools.mutations.mutant import Mutant, mutants

SRC = "src/ntmlab"
COMPARE = "tests/evaluation/test_compare.py"
SCORED = "tests/evaluation/test_scored.py"
PLANTED = "tests/evaluation/checks/test_planted.py"
HIDDEN = "tests/evaluation/checks/test_hidden.py"
UNDESERVED = "tests/evaluation/test_undeserved.py"
AGAIN = "tests/evaluation/test_again.py"


JUDGED: list[Mutant] = [
    *mutants(
        f"{SRC}/sequences.py",
        "tests/evaluation/test_doubts.py tests/tasks/test_drawn.py",
        weights_are_a_mask=("(wrong := scored & (given.mask != 1)).any()", "False"),
        targets_may_be_soft=("scored[..., None] & (targets != 0) & (targets != 1)", "scored[:0]"),
        letters_may_be_several=("(wrong := scored & (targets.sum(-1) != 1)).any()", "False"),
    ),
    *mutants(
        f"{SRC}/tasks/fresh.py",
        "tests/tasks/test_drawn.py",
        sequences_may_come_twice=("return rows[0] == rows[1] and", "return False and"),
        a_task_of_one_sequence_is_refused=("ENOUGH: Final = 4", "ENOUGH: Final = 0"),
        chance_may_be_of_any_generator=("if not _are_same(first, guarded(", "if False and (("),
        sequences_may_depend_on_others=("if not _are_same(first.take(", "if not (first.take("),
        unscored_targets_are_compared=(
            "torch.equal(asked[scored], targets[scored])",
            "torch.equal(asked, targets)",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/returned.py",
        SCORED,
        what_is_beyond_1_is_1=("array <= 1 + ROUNDING", "array <= 2"),
    ),
    *mutants(
        f"{SRC}/evaluation/compare.py",
        f"{COMPARE} {SCORED} tests/evaluation/test_prefix.py",
        gap_is_unpaired=(
            "gap = cost - self.cost(self.reference).sum(1)",
            "gap = cost - self.cost(self.reference).sum(1).mean()",
        ),
        oracle_loses=(
            "return -self.outputs.divergence_bits(",
            "return self.outputs.divergence_bits(",
        ),
        arrows_crowd=(">= spacing for other in taken", ">= 1 for other in taken"),
        rounding_is_marked=("divergence[step] < DIVERGENCE_FLOOR", "divergence[step] < 0"),
        nobody_is_tested=(
            "name, unchecked=unchecked, leave=leave)",
            "name, unchecked=True, leave=leave)",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/prefix.py",
        "tests/evaluation/test_prefix.py",
        looking_ahead_is_never_seen=("    if reason is None:\n", "    if True:\n"),
        one_cut_alone=("*CUTS, steps // 3, steps // 2, steps - 1}", "1}"),
        other_rows_are_not_asked=("if alike is None or", "if alike is not None or"),
        a_large_batch_is_small=("BESIDE_IN_A_MODULE if", "BESIDE if"),
    ),
    *mutants(
        f"{SRC}/evaluation/prefix.py",
        "tests/evaluation/test_beside.py",
        a_crowd_is_a_few=("BESIDE_IN_A_CROWD: Final = 127", "BESIDE_IN_A_CROWD: Final = 3"),
    ),
    *mutants(
        f"{SRC}/evaluation/beside.py",
        "tests/evaluation/test_prefix.py tests/evaluation/test_beside.py",
        everything_is_half_precision=(
            "ALLOWED_HALF if is_half(predictor, said) else ALLOWED",
            "ALLOWED_HALF",
        ),
        weights_are_never_half=("dtype in HALF:", "dtype in ():"),
        other_ends_are_the_same=("1 - end if letters == 2", "end if letters == 2"),
        a_0_may_be_any_part_as_likely=(
            "if outputs_of(some).letters in (None, 2):",
            "if outputs_of(some).letters is None:",
        ),
        one_row_is_asked_again=("max(2, few)", "1"),
        the_few_are_others_too=("    others.inputs[rows] = many.inputs[rows]\n", ""),
    ),
    *mutants(
        f"{SRC}/evaluation/beside.py",
        AGAIN,
        what_is_said_again_is_not_compared=(
            "if differ(said, now := ask(many), many, half):",
            "if differ(said, now := said, many, half):",
        ),
        a_small_move_of_a_rare_letter_is_none=(
            "return bool(apart(expected, found, some))",
            "return moved(expected, found, some.mask.numpy()) > ALLOWED",
        ),
        the_few_keep_their_ends=("with_other_ends(begun, cuts[rows])", "begun"),
        where_ends_are_others_is_scored=("mask=many.mask * before", "mask=many.mask"),
    ),
    *mutants(
        f"{SRC}/evaluation/compare.py",
        AGAIN,
        nothing_compared_is_asked_again=(
            "        ask_again(p, sequences, said[name], name)",
            "        pass",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/evaluate.py",
        AGAIN,
        the_first_are_not_asked_again=(
            "        ask_again(predictors[name], *scored_first, name)",
            "        pass",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/predictor.py",
        AGAIN,
        the_first_question_is_asked_once=("    if again.passed:\n", "    if False:\n"),
    ),
    *mutants(
        f"{SRC}/evaluation/ours.py",
        "tests/evaluation/test_prefix.py",
        who_wraps_ours_is_ours=(
            'str(predictor.__globals__.get("__name__"))',
            "predictor.__module__",
        ),
        what_is_given_to_ours_is_ours=(" and not any(map(callable, given))", ""),
    ),
    *mutants(
        f"{SRC}/evaluation/scored.py",
        "tests/evaluation/test_beside.py",
        crowds_are_not_asked=("if len(result) > MANY:", "if False:"),
    ),
    *mutants(
        f"{SRC}/evaluation/scored.py",
        AGAIN,
        few_after_others_are_not_asked=("    if start and len(p) <= MANY:\n", "    if False:\n"),
        every_batch_of_few_is_the_first=("if start and len(p)", "if not start and len(p)"),
    ),
    *mutants(
        f"{SRC}/models/predictor.py",
        "tests/evaluation/test_prefix.py",
        modules_write_into_inputs_of_all=("copy = not is_plain(self.module)", "copy = False"),
    ),
    *mutants(
        f"{SRC}/models/predictor.py",
        UNDESERVED,
        answers_share_a_buffer=('"cpu", copy=copy', '"cpu"'),
        hooks_are_not_seen=("part._forward_hooks or part._forward_pre_hooks or", ""),
        a_part_of_a_users_is_ours=(
            "map(_is_brought, module.modules())",
            "map(_is_brought, [module])",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/prefix.py",
        UNDESERVED,
        three_ends_alone=("cuts[: ENDS_IN_A_MODULE if module else ENDS]", "cuts[:3]"),
        order_is_not_asked=(" or _sees_order(predictor, some, name, whole)", ""),
        weights_may_change=("if weights[of] != mark", "if False"),
        rows_amid_a_crowd_alone=(
            "moved(everywhere, alike, np.tile(some.mask.numpy(), (copies + 1, 1)))",
            "moved(whole[:, :steps], alike[own], some.mask.numpy())",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/returned.py",
        UNDESERVED,
        masks_are_not_looked_at=("bool(np.ma.is_masked(result))", "False"),
    ),
    *mutants(
        f"{SRC}/evaluation/scored.py",
        UNDESERVED,
        sums_may_be_more=("result /= result.sum(-1, keepdims=True)", "result /= 1"),
    ),
    *mutants(
        f"{SRC}/evaluation/compare.py",
        UNDESERVED,
        what_is_called_optimal_is=(
            "return sure or list(dict.fromkeys([*called, *marked]))",
            "return sure or called",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/adapters/windows.py",
        UNDESERVED,
        what_it_was_fitted_on_is_forgotten=("set(_rows(shown))", "set()"),
    ),
    *mutants(
        f"{SRC}/evaluation/adapters/windows.py",
        "tests/evaluation/adapters/test_others.py",
        it_is_fitted_on_every_step=("sequences.mask.numpy() == 1", "sequences.mask.numpy() >= 0"),
    ),
    *mutants(
        f"{SRC}/models/foreign.py",
        "tests/evaluation/test_prefix.py",
        own_models_write_into_inputs_of_all=("self.dtype, copy=True)", "self.dtype)"),
    ),
    *mutants(
        f"{SRC}/evaluation/score.py",
        "tests/evaluation/test_doubts.py",
        nobody_is_ahead=("gap.mean() < 0 and is_sure(gap)", "False"),
        oracles_are_ahead=(" and not unreachable and", " and"),
        three_errors_are_sure=("SURE_ERRORS: Final = 6.0", "SURE_ERRORS: Final = 3.0"),
    ),
    *mutants(
        f"{SRC}/evaluation/doubts.py",
        "tests/evaluation/test_doubts.py",
        every_optimum_is_exact=("    if is_sure(found):", "    if False:"),
        the_impossible_is_no_proof=("int(np.isposinf(found).sum())", "0"),
        answers_are_not_doubted=("elif found.mean() > ANSWERED:", "elif False:"),
        answers_must_be_quite_sure=("elif found.mean() > ANSWERED:", "else:"),
        the_first_input_is_anything=("torch.zeros_like(targets[:, :1])", "inputs[:, :1]"),
        padding_is_looked_at=("& asked).nonzero()", "& (asked | True)).nonzero()"),
        later_pieces_are_one_step_off=("max(start - 1, 0) : end - 1]", "start : end - 1]"),
    ),
    *mutants(
        f"{SRC}/evaluation/evaluate.py",
        f"{COMPARE} {SCORED} tests/evaluation/test_wrong.py tests/evaluation/test_doubts.py",
        gap_is_zero=("else above(steps, least),", "else 0 * above(steps, least),"),
        the_impossible_is_not_counted=(
            "np.isinf(steps.cost).sum(1)",
            "np.isnan(steps.cost).sum(1)",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/ratios.py",
        "tests/evaluation/test_ratios.py",
        steps_are_independent=("rest * sequences / (sequences - 1)", "rest"),
        mean_of_sums=("self.sums - mean * self.counts", "self.sums - self.sums.mean(0)"),
        what_is_beyond_begins_again=("np.minimum(bins, size - 1)", "bins % size"),
    ),
    *mutants(
        f"{SRC}/evaluation/wrong.py",
        "tests/evaluation/test_wrong.py",
        wrong_bits_ignore_the_mask=(" & (mask > 0)[..., None])", ")"),
        markers_count_as_bits=("steps * vector, wrong", "steps * (vector + markers), wrong"),
    ),
    *mutants(
        f"{SRC}/evaluation/scored.py",
        f"{SCORED} {COMPARE} tests/evaluation/test_prefix.py",
        functions_write_into_inputs_of_all=(
            "else sequences.inputs.clone()",
            "else sequences.inputs",
        ),
        oracle_diverges_upwards=("else -outputs.divergence_bits(p, q, mask)", "else p.sum(-1)"),
        every_batch_is_the_first=(
            "draw(task, count, seed, start, truth=truth)",
            "draw(task, count, seed, 0, truth=truth)",
        ),
        seed_is_ignored=(
            "draw(task, count, seed, start, truth=truth)",
            "draw(task, count, 0, start, truth=truth)",
        ),
        what_is_no_probability_is_scored=(
            "(reason := outputs_of(sequences).why_not(result)) is not None",
            "(reason := None) is not None",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/causality.py",
        f"{PLANTED} {HIDDEN}",
        causality_never_fires=(
            "if step and (found := difference(",
            "if False and (found := difference(",
        ),
        sequences_are_not_cut=(
            " or _cut(subject, probes, cuts)\n",
            "\n",
        ),
        no_float64_copy_is_asked=("if hidden > COARSE else", "if False else"),
        neighbours_are_called_rounding=(
            "subject.rounding(few, subject.values(few))",
            "subject.rounding(few, values[:: max(1, len(some) // MEASURED)])",
        ),
        past_is_always_seen=("np.flatnonzero(row[step:])}", "range(3)}"),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/decode.py",
        f"tests/evaluation/checks/test_coder.py {PLANTED}",
        decode_compares_nothing=("if found != symbol:", "if False:"),
        length_is_never_wrong=("if not (too_long or too_short):", "if True:"),
        decoder_is_shown_nothing=("letters).inputs[0, 1]", "letters).inputs[0, 0]"),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/state.py",
        PLANTED,
        state_is_never_broken=(
            "if (found := _broken(subject, probes, length, cuts)) is not None:\n            return",
            "if False:\n            return",
        ),
        pieces_are_one=(
            "for cuts in CUTS if cuts[-1] < length",
            "for cuts in CUTS if cuts[-1] < 0",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/rows.py",
        PLANTED,
        rows_never_differ=(
            "if (found := _seen(subject, probes.of(length), way)) is not None:",
            "if False:",
        ),
    ),
    *mutants(
        f"{SRC}/evaluation/checks/rows.py",
        HIDDEN,
        nobody_stands_before=(
            'yield Other(f"behind {more} others", partial(behind, more))',
            "pass",
        ),
    ),
]
