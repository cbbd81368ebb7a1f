"""What is kept on the disk, who may write there, who may ask the page's server, and sweeps."""

from tools.mutations.mutant import Mutant, mutants

SRC = "src/ntmlab"
FILES = "tests/test_files.py"
LOST = "tests/training/test_nothing_lost.py"
LOOP = "tests/training/test_loop.py"

KEPT: list[Mutant] = [
    *mutants(
        f"{SRC}/files.py",
        f"{FILES} {LOST}",
        fsync_left_out=("        os.fsync(descriptor)", "        pass"),
        folder_is_not_synced=("                sync_path(folder)\n", "                pass\n"),
        file_takes_its_name_before_it_is_kept=("    sync_path(temporary)\n", "    pass\n"),
        left_over_stays=("                remove_left_over(folder)\n", "                pass\n"),
        own_temporary_stays=("temporary.unlink(missing_ok=True)", "pass"),
        lock_is_skipped=("elif not free:", "elif False:"),
        files_of_the_living_are_removed=("if free or (", "if True or ("),
        what_is_young_without_locks_is_removed=(" and age > _SURELY_DEAD_S", ""),
        cut_is_a_byte_long=("file.truncate(size)", "file.truncate(size + 1)"),
        temporary_is_not_locked=("while _lock(descriptor, wait=True) and", "while False and"),
        a_removed_file_is_written=("os.fstat(descriptor).st_nlink == 0", "False"),
    ),
    *mutants(
        f"{SRC}/runs/weights.py",
        "tests/runs/test_weights.py",
        digest_is_not_checked=(
            "if expected is not None and digest(content) != expected:",
            "if False:",
        ),
        shapes_are_not_checked=("if expected != found:", "if False:"),
        weights_may_be_whole_numbers=("if not dtype.is_floating_point or", "if"),
        half_stays_half=("t.float() if t.dtype == half else t for", "t for"),
        kept_in_training_mode=("return model.eval()", "return model.train()"),
    ),
    *mutants(
        f"{SRC}/runs/weights.py",
        "tests/training/test_own_models.py",
        foreign_code_is_trusted=(
            'check_trusted(split_model(card["model"])[0], str(path.with_suffix(".json")))',
            "pass",
        ),
    ),
    *mutants(
        f"{SRC}/runs/folder.py",
        f"{LOOP} {LOST}",
        each_has_its_own_lock=(
            "files.locked(run.path / LOCK,",
            'files.locked(run.path / f".{id(busy)}",',
        ),
        work_of_a_run_is_begun_again=(
            "if run.config.exists() and (begun(run) or run.metrics.exists()):",
            "if False:",
        ),
        format_is_not_checked=('if config.get("format") != FORMAT:', "if False:"),
    ),
    *mutants(
        f"{SRC}/training/checkpoint.py",
        f"{LOST} {LOOP}",
        digest_is_not_checked=('if _digest(tensors, said) != header.get("digest"):', "if False:"),
        digest_is_of_names_alone=(
            "digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)",
            "pass",
        ),
        another_recipe_goes_on=("if before[key] != value:", "if False:"),
        optimizer_begins_anew=(
            'load_optimizer_tensors(optimizer, part_of(tensors, "optimizer."))',
            "pass",
        ),
    ),
    *mutants(
        f"{SRC}/training/checkpoint.py",
        "tests/training/test_own_models.py",
        generators_are_not_put_back=('set_generators(part_of(tensors, "random."))', "pass"),
    ),
    *mutants(
        f"{SRC}/training/keeper.py",
        f"{LOST} {LOOP}",
        rows_after_the_checkpoint_stay=(
            "truncate(self.run.metrics, progress.metrics_bytes)",
            "pass",
        ),
        weights_stay_old=("if not self._holds(model, progress):", "if False:"),
        a_failure_says_another_place=(
            "{progress.sequences} sequences of seed",
            "0 sequences of seed",
        ),
        an_old_failure_stays=("self.run.failure.unlink()", "pass"),
        missing_rows_are_not_missed=("if len(rows) < known:", "if False:"),
        changed_rows_are_not_seen=(
            'if progress.metrics_digest not in ("", self.metrics.hexdigest()):',
            "if False:",
        ),
        left_over_stays=("remove_left_over(self.run.path)", "pass"),
        card_of_another_step_is_good=(
            "same and all(card.get(name) == said[name] for name in said.keys() - MAY_DIFFER)",
            "same",
        ),
        weights_of_other_names_are_compared=("if now.keys() != kept.keys() or any(", "if any("),
        half_row_of_times_stays=("drop_half_row(self.run.timing)", "pass"),
    ),
    *mutants(
        f"{SRC}/models/ntm_start.py",
        "tests/models/test_ntm_start.py",
        start_is_rounded_on_the_way=('== "mps" else torch.float64', '!= "mps" else torch.float64'),
    ),
    *mutants(
        f"{SRC}/explore/guard.py",
        "tests/explore/test_server.py",
        host_is_not_checked=(
            'if host_name(host) not in self.hosts or len(headers.getlist("host")) != 1:',
            "if False:",
        ),
        two_hosts_are_taken=(' or len(headers.getlist("host")) != 1:', ":"),
        origin_is_not_checked=(
            'if origin is not None and origin.partition("://")[2] != host:',
            "if False:",
        ),
        bodies_have_no_bound=("if size > MOST_BODY:", "if False:"),
        headers_are_left_out=("MutableHeaders(scope=message).update(HEADERS)", "pass"),
        any_content_type=('if kind != "application/json":', "if False:"),
    ),
    *mutants(
        f"{SRC}/sweeps/worker.py",
        "tests/sweeps/test_study.py tests/sweeps/test_disturbed.py",
        fence_is_ignored=('if ticket.get("nonce") == nonce:', "if True:"),
    ),
    *mutants(
        f"{SRC}/sweeps/attempts.py",
        "tests/sweeps/test_study.py",
        a_number_is_given_twice=(
            "        attempt.path.mkdir()",
            "        attempt.path.mkdir(exist_ok=True)",
        ),
    ),
    *mutants(
        f"{SRC}/training/checkpoint.py",
        "tests/training/test_nothing_lost.py",
        digest_without_names=('f"{name} {tensor.dtype} {', 'f"{tensor.dtype} {'),
        digest_without_types=('f"{name} {tensor.dtype} {', 'f"{name} {'),
        digest_without_shapes=("{tensor.dtype} {tuple(tensor.shape)}", "{tensor.dtype}"),
    ),
]
