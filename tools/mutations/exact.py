"""Exact predictors, what a symbol costs, and how sequences are drawn."""

from tools.mutations.mutant import Mutant, mutants

SRC = "src/ntmlab"
KT = "tests/optimal/test_kt.py"
FILTERS = "tests/optimal/test_filters.py"
COMPARE = "tests/evaluation/test_compare.py"
RARE = "tests/tasks/test_rare.py"
DRAWS = "tests/tasks/test_dynamic_ngrams.py"

EXACT: list[Mutant] = [
    *mutants(
        f"{SRC}/optimal/contexts.py",
        KT,
        context_begins_a_letter_late=("if t >= context:", "if t > context:"),
        context_is_a_letter_short=(
            "symbols[:, t]) % letters**context",
            "symbols[:, t]) % letters ** max(context - 1, 0)",
        ),
        visit_counts_itself=(
            "result[has, t] = seen[rows[has], place[has]]",
            "result[has, t] = seen[rows[has], place[has]] + 1",
        ),
        previous_visit_is_this_one=(
            "result[has, t] = last[rows[has], place[has]]",
            "result[has, t] = t",
        ),
        counts_see_the_present_letter=(
            "np.pad(every, ((0, 0), (1, 0), (0, 0)))[:, :-1] for",
            "every for",
        ),
    ),
    *mutants(
        f"{SRC}/optimal/kt.py",
        f"{KT} {FILTERS} tests/optimal/test_native.py",
        adds_one_for_a_half=(
            "        prior = np.array(self.prior)\n",
            "        prior = np.ones(2)\n",
        ),
        weight_of_the_prior_is_one=("+ prior.sum())", "+ 1)"),
        uniform_a_letter_too_long=(
            "if state.seen < self.context:",
            "if state.seen <= self.context:",
        ),
        counts_a_letter_late=(
            "if state.seen >= self.context:\n",
            "if state.seen > self.context:\n",
        ),
        counts_double=("state.context, symbols] += 1", "state.context, symbols] += 2"),
        prior_of_ones_for_zeros=("(zeros, ones))", "(ones, zeros))"),
        compiled_prior_is_a_half=(
            "self.context, np.array(self.prior))",
            "self.context, np.full(self.letters, 0.5))",
        ),
    ),
    *mutants(
        f"{SRC}/optimal/logs.py",
        f"{FILTERS} tests/optimal/test_forward.py",
        sum_is_the_largest=(
            "highest).sum(axis, keepdims=True)",
            "highest).max(axis, keepdims=True)",
        ),
        sums_underflow=(
            "highest = values.max(axis, keepdims=True)",
            "highest = 0.0 * np.exp(values.max(axis, keepdims=True))",
        ),
        the_impossible_ends_all=("after = np.where(lost, log_weights, after)", "pass"),
        sides_are_swapped=("ahead = log_odds >= 0", "ahead = log_odds < 0"),
    ),
    *mutants(
        f"{SRC}/optimal/change_points.py",
        f"{FILTERS} tests/optimal/test_native.py",
        runs_never_end=("weights = weights + self._log_stay", "weights = weights + 0.0"),
        letters_are_not_counted=(
            "counts = state.counts + (np.arange(self.letters) == came)",
            "counts = state.counts.copy()",
        ),
        adds_one_for_the_prior=("known = counts + self.prior", "known = counts + 1.0"),
        posterior_is_not_normalised=("weights -= log_sum(weights)", "weights -= 0.0"),
    ),
    *mutants(
        f"{SRC}/optimal/context_trees.py",
        FILTERS,
        odds_learn_the_wrong_way=(
            "+= log(estimate[:, d]) - log(weighted)",
            "-= log(estimate[:, d]) - log(weighted)",
        ),
        leaf_and_split_swapped=(
            "weighted = leaf[:, d] * estimate[:, d] + split[:, d] * weighted",
            "weighted = split[:, d] * estimate[:, d] + leaf[:, d] * weighted",
        ),
        deepest_nodes_split=("log_odds[:, self._first[-1] :] = np.inf", "pass"),
    ),
    *mutants(
        f"{SRC}/optimal/mixture.py",
        FILTERS,
        members_are_half_believed=("log(self.weights) + gained", "log(self.weights) + gained / 2"),
        weights_see_the_present=("((0, 0), (1, 0), (0, 0))", "((0, 0), (0, 1), (0, 0))"),
        nothing_is_learnt=(
            "weights = learnt(state.log_weights, log(came.T))",
            "weights = state[0]",
        ),
    ),
    *mutants(
        f"{SRC}/optimal/forward.py",
        "tests/optimal/test_forward.py",
        the_impossible_stops_the_chain=(
            "_carried(state[lost], self._log_transition)",
            "state[lost]",
        ),
        faint_beliefs_stay_lost=("faint = ~(least > LEAST_BELIEF)", "faint = least < 0"),
        start_is_uniform=("np.tile(self._log_initial, (rows, 1))", "np.zeros((rows, self.states))"),
    ),
    *mutants(
        f"{SRC}/outputs.py",
        f"tests/test_outputs.py {COMPARE} tests/tasks/test_padding.py",
        cost_in_nats=("cost = -np.log2(given).sum(-1)", "cost = -np.log(given).sum(-1)"),
        cost_of_bits_ignores_the_mask=("return np.where(mask > 0, cost, 0.0)", "return cost"),
        cost_of_letters_ignores_the_mask=(
            "return np.where(mask > 0, -np.log2(given), 0.0)",
            "return -np.log2(given)",
        ),
        loss_of_bits_ignores_the_mask=(
            'weight=mask.unsqueeze(-1), reduction="sum"',
            'reduction="sum"',
        ),
        losses_of_bits_ignore_the_mask=(
            'weight=mask.unsqueeze(-1), reduction="none"',
            'reduction="none"',
        ),
        loss_of_letters_ignores_the_mask=("targets).sum(-1) * mask", "targets).sum(-1)"),
        divergence_is_reversed=(
            "one, zero = _plogq(optimal, model), _plogq(1 - optimal, 1 - model)",
            "one, zero = _plogq(model, optimal), _plogq(1 - optimal, 1 - model)",
        ),
        logits_are_cut_early=("LOGIT_LIMIT = 36.0", "LOGIT_LIMIT = 5.0"),
        sums_are_not_checked=("close = np.abs(sums - 1) <= SUM_TOLERANCE", "close = sums > -1"),
        a_bit_is_its_zero=("distribution[..., 1:])", "distribution[..., :1])"),
    ),
    *mutants(
        f"{SRC}/optimal/expected.py",
        COMPARE,
        deviation_of_the_sample=("ddof=1", "ddof=0"),
        error_of_one_not_of_the_mean=("/ np.sqrt(count))", "/ 1.0)"),
    ),
    *mutants(
        f"{SRC}/tasks/draws.py",
        DRAWS,
        seed_is_ignored=("np.array([seed, block * 8 + stream]", "np.array([0, block * 8 + stream]"),
        blocks_are_one=("block * 8 + stream]", "stream]"),
        streams_are_one=("block * 8 + stream]", "block * 8]"),
        rows_from_the_blocks_first=("slice(max(start - first, 0),", "slice(0,"),
    ),
    *mutants(
        f"{SRC}/tasks/draws.py",
        RARE,
        blanks_of_a_sequence_are_all_or_none=(
            "BLANK_STREAM), vectors, BLOCK)",
            "BLANK_STREAM), 1, BLOCK)",
        ),
        blanks_are_those_kept=("uniform.T[..., None] >= blanks", "uniform.T[..., None] < blanks"),
    ),
    *mutants(
        f"{SRC}/tasks/recall.py",
        RARE,
        alike_in_the_same_bit=(".astype(np.int64) + number", ".astype(np.int64)"),
        alike_to_the_item_before=(
            "(which[rows, number] * number).astype(np.int64)",
            "number - 1",
        ),
        first_item_is_never_like=("in range(1, self.max_items)", "in range(2, self.max_items)"),
    ),
    *mutants(
        f"{SRC}/tasks/dynamic_ngrams.py",
        f"{DRAWS} tests/tasks/test_contract.py",
        context_of_the_last_letter=(
            "context * k + letter) % contexts",
            "context * k + letter) % k",
        ),
        tables_are_uniform=(
            "np.sin(np.pi / 2 * uniforms(bits, *shape)) ** 2",
            "uniforms(bits, *shape)",
        ),
        uniform_a_letter_too_long=(
            "if t >= self.context_bits else even",
            "if t > self.context_bits else even",
        ),
        truth_a_letter_late=(
            "not None and t >= self.context_bits:",
            "not None and t > self.context_bits:",
        ),
    ),
    *mutants(
        f"{SRC}/tasks/source.py",
        "tests/optimal/test_expected.py",
        a_block_is_simulated_over_and_over=(
            "task.sample(BLOCK, SIMULATION_SEED, start)",
            "task.sample(BLOCK, SIMULATION_SEED)",
        ),
    ),
    *mutants(
        f"{SRC}/optimal/expected.py",
        "tests/optimal/test_expected.py",
        bounds_are_of_other_letters=("known, len(costs))", "known, len(costs) - 1)"),
        error_is_that_of_one_letter=(
            "left * (high - low) / 2, how",
            "(high - low) / 2, how",
        ),
        a_start_nearly_at_rest_is_at_rest=("max() < 1e-12)", "max() < 1e-3)"),
    ),
    *mutants(
        f"{SRC}/optimal/change_points.py",
        "tests/optimal/test_hostile.py",
        what_comes_back_is_given_up=("kept > -280", "kept < -280"),
    ),
    *mutants(
        f"{SRC}/optimal/forward.py",
        "tests/optimal/test_forward.py",
        no_row_is_faint=("1.0).min(1)", "1.0).max(1)"),
    ),
    *mutants(
        f"{SRC}/optimal/chains.py",
        "tests/optimal/test_forward.py",
        a_sum_may_miss_by_a_thousandth=("GIVEN_TOLERANCE = 1e-6", "GIVEN_TOLERANCE = 1e-3"),
        a_distribution_is_not_scaled=(
            "return np.asarray(values / values.sum())",
            "return np.asarray(values)",
        ),
    ),
    *mutants(
        f"{SRC}/optimal/partition_tree.py",
        "tests/optimal/test_described.py",
        levels_of_pieces_are_turned_round=("reached * whole}", "(reached * whole)[:, ::-1]}"),
    ),
    *mutants(
        f"{SRC}/optimal/context_trees.py",
        "tests/optimal/test_described.py",
        depths_of_leaves_are_turned_round=(
            '"leaf_depth": result}',
            '"leaf_depth": result[:, ::-1]}',
        ),
    ),
    *mutants(
        f"{SRC}/optimal/answers.py",
        "tests/tasks/test_answers.py",
        of_equals_any_comes_first=(', axis=1, kind="stable")', ", axis=1)"),
    ),
    *mutants(
        f"{SRC}/optimal/nearest.py",
        "tests/studies/nearest/test_nearest.py",
        slack_is_in_nats=("slack = float(np.log2(", "slack = float(np.log("),
    ),
]
