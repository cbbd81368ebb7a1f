"""Kernels in C++."""

from tools.mutations.mutant import Mutant, mutants

KERNELS = "src/ntmlab/kernels"
NTM = "tests/kernels/test_ntm_scan.py"
LSTM = "tests/kernels/test_lstm_scan.py"

NATIVE: list[Mutant] = [
    *mutants(
        f"{KERNELS}/ntm_scan/forward.hpp",
        NTM,
        the_last_step_is_skipped=(
            "t = begin; t < end; ++t)",
            "t = begin; t < end - (end == z.T); ++t)",
        ),
        nothing_is_carried_between_segments=(
            "if (begin > 0) carry(segment_of(begin - 1), segment_of(begin));",
            "",
        ),
        outputs_have_no_bias=("a.output_bias[o] + sum_across(sum)[0]", "sum_across(sum)[0]"),
        padding_is_multiplied=(
            "first_lanes(z.C - last * kLanes) ? load(hidden.at(last, r)) : Vec{}",
            "load(hidden.at(last, r))",
        ),
        reads_before_are_those_after=(
            "skip_rows(segment.reads, row)}",
            "skip_rows(segment.reads, 0)}",
        ),
    ),
    *mutants(
        f"{KERNELS}/ntm_scan/addressing.hpp",
        NTM,
        the_ring_is_open=("close_ring(x, y.z.N, y.z.S / 2);", ""),
        gate_is_reversed=("g * c + rest * load(before + n)", "rest * c + g * load(before + n)"),
        sharpening_begins_at_zero=(
            "gamma = 1.0f + softplus(raw_gamma)",
            "gamma = softplus(raw_gamma)",
        ),
        strength_has_no_limit=("at_most(beta, kStrengthLimit)", "beta"),
    ),
    *mutants(
        f"{KERNELS}/ntm_scan/backward.hpp",
        NTM,
        reads_are_not_clipped=("limit(s.dr, rows.count * y.reads);", ""),
        cells_are_not_clipped=("limit(s.cell.at(p, 0), rows.count * kLanes);", ""),
        recurrent_gradients_are_lost=("add_panels(back, y.cells, s.above);", ""),
        reads_have_no_gradient=(
            "if (g.read_out) add_part(g.read_out + at * reads, reads, dr);",
            "",
        ),
    ),
    *mutants(
        f"{KERNELS}/lstm_scan/forward.hpp",
        LSTM,
        a_step_before_the_last_is_carried=(
            "copy_rows(s.hidden, steps * rows, carry",
            "copy_rows(s.hidden, (steps - 1) * rows, carry",
        ),
        the_second_layer_sees_no_other=(
            "if (!plan.narrow && layer > 0)",
            "if (!plan.narrow && layer > 1)",
        ),
        the_last_step_is_skipped=(
            "for (Index step = 0; step < steps; ++step) {",
            "for (Index step = 0; step < steps - (t0 + steps == plan.sizes.time); ++step) {",
        ),
    ),
    *mutants(
        "src/ntmlab/optimal/scan/scans.cpp",
        "tests/optimal/test_native.py",
        counts_a_letter_late=(
            "const bool known = t >= context;",
            "const bool known = t > context;",
        ),
        runs_learn_nothing=("store(shares, load<Wide>(shares) * gained);", "(void)gained;"),
    ),
    *mutants(
        "src/ntmlab/streams/native/odds.hpp",
        "tests/streams/test_streams.py",
        scale_is_not_counted=("++scale;", ""),
    ),
]
