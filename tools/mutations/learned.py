"""Kernels' readable references and their way through autograd, models, and training."""

from tools.mutations.mutant import Mutant, mutants

SRC = "src/ntmlab"
LOOP = "tests/training/test_loop.py"
AUTOGRAD = "tests/kernels/test_autograd.py"
SCAN = "tests/kernels/test_ntm_scan.py"
NTM = "tests/models/test_ntm.py"
PROMISES = "tests/models/test_promises.py"

LEARNED: list[Mutant] = [
    *mutants(
        f"{SRC}/kernels/autograd.py",
        f"{AUTOGRAD} {PROMISES}",
        tape_is_always_kept=("keep = is_recorded(tensors)", "keep = True"),
        tape_is_not_saved=(
            "ctx.save_for_backward(*tensors, kept)",
            "ctx.save_for_backward(*tensors)",
        ),
        strides_of_hooks_stay=("[saved.contiguous() for saved in", "[saved for saved in"),
        dtypes_of_hooks_are_not_checked=("            _check_saved(own, ctx.dtypes)\n", ""),
        second_derivatives_are_lost=("if torch.is_grad_enabled() or is_watched(", "if is_watched("),
        many_at_once_are_one=(
            "if torch.is_grad_enabled() or is_watched(",
            "if torch.is_grad_enabled() and (",
        ),
        reference_under_autocast=(
            "with torch.enable_grad(), no_autocast(tensors[0].device):",
            "with torch.enable_grad():",
        ),
        forward_mode_is_zero=(
            '        raise InputError(\n            "the native',
            '        return None\n        raise InputError(\n            "the native',
        ),
    ),
    *mutants(
        f"{SRC}/kernels/backend.py",
        f"{AUTOGRAD} tests/kernels/test_backend.py",
        negated_views_are_read_as_they_lie=(" or t.is_neg() for t", " for t"),
        doubles_go_to_the_kernel=(
            "if not (tensors[0].is_cpu and tensors[0].dtype == torch.float32):",
            "if not tensors[0].is_cpu:",
        ),
    ),
    *mutants(
        f"{SRC}/kernels/operators.py",
        "tests/models/test_compiled.py",
        threads_of_the_moment=(
            "make_call(*options, int(threads))",
            "make_call(*options, thread_count())",
        ),
    ),
    *mutants(
        f"{SRC}/kernels/ntm_scan/addressing.py",
        f"{NTM} {SCAN}",
        shifts_go_back=(
            "torch.roll(w_g, k - reach, dims=-1)",
            "torch.roll(w_g, reach - k, dims=-1)",
        ),
        gate_is_reversed=(
            "g.unsqueeze(-1) * w_c + (1 - g.unsqueeze(-1)) * previous",
            "(1 - g.unsqueeze(-1)) * w_c + g.unsqueeze(-1) * previous",
        ),
        sharpening_begins_at_zero=(
            "(1 + functional.softplus(gamma))",
            "functional.softplus(gamma)",
        ),
        norms_are_smooth=("NORM_SMOOTHING = 1e-4", "NORM_SMOOTHING = 1e-2"),
        strength_has_no_limit=("softplus(beta).clamp(max=STRENGTH_LIMIT)", "softplus(beta)"),
    ),
    *mutants(
        f"{SRC}/kernels/ntm_scan/addressing.py",
        "tests/models/test_citizen.py",
        half_precision_has_the_floor_of_single=(
            "max(LOG_FLOOR, torch.finfo(w.dtype).smallest_normal)",
            "LOG_FLOOR",
        ),
    ),
    *mutants(
        f"{SRC}/kernels/ntm_scan/memory.py",
        f"{NTM} {SCAN}",
        whole_slots_are_erased=("memory * (1 - w * e)", "memory * (1 - w)"),
    ),
    *mutants(
        f"{SRC}/kernels/ntm_scan/reference.py",
        f"{SCAN} {NTM}",
        reads_come_after_writes=(
            "reads=read(state.memory, w_read),",
            "reads=read(write(state.memory, w_write, heads.erase, heads.add), w_read),",
        ),
        clip_is_ignored=(
            "return gradient.clamp(-ctx.limit, ctx.limit), None",
            "return gradient, None",
        ),
        gates_in_another_order=("i, f, g, o = gates.chunk", "f, i, g, o = gates.chunk"),
    ),
    *mutants(
        f"{SRC}/kernels/lstm_scan/reference.py",
        "tests/kernels/test_lstm_scan.py",
        gates_in_another_order=("i, f, g, o = gates.chunk", "f, i, g, o = gates.chunk"),
        layers_see_the_step_before=("if layer > 0:", "if layer > 1:"),
    ),
    *mutants(
        f"{SRC}/models/calls.py",
        f"tests/models/test_calls.py {PROMISES}",
        rows_come_back_sorted=("return outputs[back], ", "return outputs, "),
        ends_are_in_another_order=("ended.insert(0, ", "ended.append("),
        packed_lengths_are_unsorted=("ends[packed.sorted_indices.cpu()]", "ends"),
        autocast_reaches_the_scan=(
            "        with no_autocast(inputs.device):\n            if rows == 0",
            "        if True:\n            if rows == 0",
        ),
    ),
    *mutants(
        f"{SRC}/models/sizes.py",
        "tests/models/test_calls.py tests/models/test_promises.py",
        lengths_may_be_too_long=("not 0 <= length <= steps:", "not 0 <= length:"),
        named_states_by_their_order=("[state[name] for name in fields]", "list(state.values())"),
    ),
    *mutants(
        f"{SRC}/models/ntm.py",
        f"tests/models/test_ntm_start.py {NTM} tests/models/test_calls.py",
        initial_states_are_views_of_weights=(
            "(part.clone() for part in self._start(batch, slots))",
            "self._start(batch, slots)",
        ),
        forget_gates_start_open=(
            "self.input_bias[forget] = self.start.forget_bias",
            "self.input_bias[forget] = 1.0",
        ),
        memory_is_always_whole=("            memory[:slots],", "            memory,"),
    ),
    *mutants(
        f"{SRC}/models/ntm_start.py",
        "tests/models/test_ntm_start.py",
        gate_bias_is_ignored=('bias[places["g"]] = self.gate_bias', 'bias[places["g"]] = 0.0'),
        shift_bias_is_backward=("layout.shifts // 2 + 1]", "layout.shifts // 2 - 1]"),
    ),
    *mutants(
        f"{SRC}/training/loop.py",
        LOOP,
        seed_of_weights_is_ignored=("seed_generators(seed, device)", "seed_generators(0, device)"),
        seed_of_sequences_is_ignored=(
            "batches(self.drawn_from, self.seed, *position",
            "batches(self.drawn_from, 0, *position",
        ),
        a_last_row_is_as_long_as_others=(
            "self.progress.loss_bits / self.progress.rows_since",
            "self.progress.loss_bits / self.recipe.validate_every",
        ),
        last_row_is_left_out=("at_end = done >= self.recipe.sequences", "at_end = False"),
        rows_are_counted_on=("        self.progress.rows_since = 0\n", "        pass\n"),
        first_checkpoint_is_left_out=(
            "        if self.progress.sequences == 0:\n            self.save()\n",
            "        if self.progress.sequences == 0:\n",
        ),
    ),
    *mutants(
        f"{SRC}/training/step.py",
        LOOP,
        clip_norm_is_without_effect=(
            "torch._foreach_mul_(gradients, recipe.clip_norm / norm)",
            "pass",
        ),
        clip_value_is_without_effect=(
            "nn.utils.clip_grad_value_(parameters, recipe.clip_value)",
            "pass",
        ),
        gradients_add_up=("course.optimizer.zero_grad()", "pass"),
        clip_steps_is_not_a_mean=(
            "= course.recipe.clip_steps / rows",
            "= course.recipe.clip_steps",
        ),
        clip_steps_is_of_a_whole_batch=(
            "= course.recipe.clip_steps / rows",
            "= course.recipe.clip_steps / course.recipe.batch",
        ),
        rate_is_that_of_the_start=("rate_at(progress.sequences)", "rate_at(0)"),
        overflows_are_taken=("        if overflow:\n", "        if False:\n"),
        loss_of_one_sequence=("nats * rows * NATS_TO_BITS", "nats * NATS_TO_BITS"),
        one_skip_fewer=("skipped_in_a_row > SKIPS_IN_A_ROW", "skipped_in_a_row >= SKIPS_IN_A_ROW"),
        norm_is_the_last=("max(progress.gradient_norm, gradient_norm)", "gradient_norm"),
    ),
    *mutants(
        f"{SRC}/training/validation.py",
        LOOP,
        gap_is_unpaired=(
            "pair = (*mean_and_error(gap),",
            "pair = (float(gap.mean()), mean_and_error(steps.cost.sum(1))[1],",
        ),
        on_other_sequences=("EVALUATION_SEQUENCES, EVALUATION_SEED)", "EVALUATION_SEQUENCES, 1)"),
    ),
    *mutants(
        f"{SRC}/training/data.py",
        LOOP,
        trained_on_what_is_evaluated=(
            "total - start), TRAINING_START + start",
            "total - start), start",
        ),
        memories_of_one_size=("start = TRAINING_START + position", "start = TRAINING_START"),
    ),
    *mutants(
        f"{SRC}/training/optimizer.py",
        "tests/training/test_optimizer.py",
        damping_outside_the_root=(".add_(DAMPING).sqrt_()", ".sqrt_().add_(DAMPING)"),
        mean_of_gradients_is_their_sum=(
            "m.mul_(DECAY).add_(g, alpha=1 - DECAY)",
            "m.mul_(DECAY).add_(g)",
        ),
        momentum_is_larger=("MOMENTUM = 0.9\n", "MOMENTUM = 0.99\n"),
        decay_is_left_out=("lr, weight_decay=weight_decay, fused", "lr, weight_decay=0, fused"),
    ),
    *mutants(
        f"{SRC}/training/starts.py",
        "tests/training/test_starts.py",
        the_worst_start_goes_on=("cost >= progress.best_bits", "cost <= progress.best_bits"),
        a_start_is_judged_from_its_first_row=(
            "if 2 * done > (2 * progress.start + 1) * each:",
            "if 2 * done > 2 * progress.start * each:",
        ),
        the_best_start_keeps_the_moments_of_the_last=(
            'put_back(optimizer, part_of(progress.best, "optimizer."))',
            "put_back(optimizer, {})",
        ),
    ),
    *mutants(
        f"{SRC}/recipes/recipe.py",
        "tests/training/test_training_options.py",
        training_shows_the_task_itself=(
            "{**self.task_options, **self.training_options}",
            "self.task_options",
        ),
        validation_has_what_training_shows=(
            "return make_task(self.task, **self.task_options)",
            "return self.shown_task()",
        ),
    ),
]
