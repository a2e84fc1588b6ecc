import os
from pathlib import Path

from pyve.cleanup.environment_removals import plan_environment_removals
from pyve.environments.construction import sweep_unfinished, unfinished
from tests.support.stored_project import build_environment, make_store


def test_a_record_that_became_a_mark_on_a_full_disk_is_the_mark_of_its_fingerprint(
    project: Path, tmp_path: Path
) -> None:
    store = make_store(project, tmp_path / "state")
    record = build_environment(store, "first")
    os.replace(store.record_file(record.key), store.state.builds / record.key)  # and then killed

    assert unfinished(store) == [(record.key, record.fingerprint)]
    plan = plan_environment_removals(store, reason_to_keep=lambda _: "kept", reason="")
    assert [(removal.kind, removal.path) for removal in plan.remove] == [("unfinished-build", record.directory)]
    assert sweep_unfinished(store) == [record.key]
    assert not Path(record.directory).exists()
    assert unfinished(store) == []


def test_a_mark_that_nobody_can_read_is_swept_as_well(project: Path, tmp_path: Path) -> None:
    store = make_store(project, tmp_path / "state")
    record = build_environment(store, "first")
    store.record_file(record.key).unlink()
    (store.state.builds / record.key).write_text("{torn")

    assert sweep_unfinished(store) == [record.key]
    assert not Path(record.directory).exists()
