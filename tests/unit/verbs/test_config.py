"""`pyve config`: what counts and why, and changing it."""

import os
import stat
import sys
from pathlib import Path

import pytest

from pyve.errors import (
    ConfigConflictError,
    ConfigInvalidError,
    ConfigUnknownKeyError,
    NoProjectError,
    RefusedError,
    UsageError,
)
from pyve.project.settings import PROJECT_SETTINGS, USER_SETTINGS
from pyve.verbs.config import ConfigAction, ConfigRequest, ConfigResult, configure
from pyve.verbs.config_entry import ConfigEntry
from pyve.verbs.outcome import Outcome

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege, modes mean little on Windows")


def run(
    root: Path | None,
    action: str = "show",
    key: str | None = None,
    value: str | None = None,
    *,
    user: bool = False,
    environment: dict[str, str] | None = None,
) -> Outcome[ConfigResult]:
    return configure(
        ConfigRequest(
            action=ConfigAction(action),
            root=root,
            user_file=user_file(),
            environment=environment or {},
            state_directory=str(user_file().parent / "state"),
            key=key,
            value=value,
            user=user,
        )
    )


def user_file() -> Path:
    return Path(os.path.expanduser("~")) / "settings" / "config.toml"


def entry(outcome: Outcome[ConfigResult], key: str) -> ConfigEntry:
    return next(one for one in outcome.data.entries if one.key == key)


def test_every_setting_is_shown_with_its_default(project: Path) -> None:
    entries = run(project).data.entries
    assert [one.key for one in entries] == [*PROJECT_SETTINGS, *USER_SETTINGS]
    assert {one.source for one in entries} == {"default"}
    assert entry(run(project), "gc.days").value == 30


def test_settings_are_shown_outside_of_a_project() -> None:
    assert len(run(None).data.entries) == len(PROJECT_SETTINGS) + len(USER_SETTINGS)


def test_values_are_shown_with_the_place_they_come_from(project: Path) -> None:
    (project / "pyve.toml").write_text("dev = false\nextras = ['a']\nbackend = 'venv'\n")
    user_file().parent.mkdir()
    user_file().write_text("[gc]\ndays = 7\n")
    shown = run(project, environment={"PYVE_BACKEND": "micromamba", "PYVE_PYTHON_VERSION": ""})
    assert (entry(shown, "dev").value, entry(shown, "dev").source) == (False, "pyve.toml")
    assert entry(shown, "extras").value == ["a"]
    assert (entry(shown, "backend").value, entry(shown, "backend").source) == ("micromamba", "PYVE_BACKEND")
    assert entry(shown, "python").source == "default"
    assert (entry(shown, "gc.days").value, entry(shown, "gc.days").source) == (7, str(user_file()))


def test_one_setting_is_got(project: Path) -> None:
    (project / "pyve.toml").write_text("dev = false\n")
    outcome = run(project, "get", "dev")
    assert [(one.key, one.value) for one in outcome.data.entries] == [("dev", False)]
    assert outcome.exit_status == 0


def test_a_setting_that_nothing_sets_has_exit_status_1(project: Path) -> None:
    assert run(project, "get", "backend").exit_status == 1


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("backend", "venv", "venv"),
        ("python", ">=3.11,<3.14", ">=3.11,<3.14"),
        ("name", "my shop", "my shop"),
        ("groups", "docs, test", ["docs", "test"]),
        ("groups", "", []),
        ("dev", "no", False),
        ("dev", "TRUE", True),
        ("venv.system-site-packages", "on", True),
    ],
)
def test_a_setting_that_is_set_is_got_back(project: Path, key: str, text: str, value: object) -> None:
    outcome = run(project, "set", key, text)
    assert outcome.data.file == project / "pyve.toml"
    got = run(project, "get", key).data.entries[0]
    assert (got.value, got.source) == (value, "pyve.toml")


def test_set_changes_the_table_of_pyproject_where_that_is_used(project: Path) -> None:
    text = "[project]\nname = 'x'\n\n# ours\n[tool.pyve]\ndev = true # why\n"
    (project / "pyproject.toml").write_text(text)
    run(project, "set", "dev", "false")
    run(project, "set", "backend", "venv")
    assert not (project / "pyve.toml").exists()
    changed = text.replace("true # why\n", 'false # why\nbackend = "venv"\n')
    assert (project / "pyproject.toml").read_text() == changed


def test_set_leaves_a_pyproject_without_the_table_alone(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    run(project, "set", "dev", "false")
    assert (project / "pyproject.toml").read_text() == "[project]\nname = 'x'\n"
    assert (project / "pyve.toml").read_text() == "dev = false\n"


def test_a_user_setting_is_set_in_the_file_of_the_user(project: Path) -> None:
    run(project, "set", "gc.days", "14", user=True)
    assert user_file().read_text() == "[gc]\ndays = 14\n"
    assert run(None, "get", "gc.days").data.entries[0].value == 14
    assert list(project.iterdir()) == []


def test_unset_brings_the_default_back_and_keeps_the_rest(project: Path) -> None:
    (project / "pyve.toml").write_text("# ours\nname = 'x'\ndev = false\n")
    run(project, "unset", "dev")
    assert (project / "pyve.toml").read_text() == "# ours\nname = 'x'\n"
    assert run(project, "get", "dev").data.entries[0].value is True


def test_unset_of_what_is_not_set_changes_nothing_and_says_so(project: Path) -> None:
    outcome = run(project, "unset", "dev")
    assert "not set" in outcome.notes[0]
    assert list(project.iterdir()) == []


def test_a_variable_that_still_overrides_is_named(project: Path) -> None:
    outcome = run(project, "set", "backend", "venv", environment={"PYVE_BACKEND": "micromamba"})
    assert any("PYVE_BACKEND" in note for note in outcome.notes)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("dev", "perhaps"),
        ("backend", "conda"),
        ("python", "newest"),
        ("python", "/usr/bin/python"),
        ("name", ""),
        ("index-strategy", "worst"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_written(project: Path, key: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"`{key}`"):
        run(project, "set", key, text)
    assert list(project.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "text"), [("gc.days", "-1"), ("gc.days", "soon"), ("store.location", "here"), ("auto-sync", "here")]
)
def test_a_user_value_that_cannot_be_is_refused(key: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"`{key}`"):
        run(None, "set", key, text, user=True)
    assert not user_file().exists()


def test_an_unknown_key_is_refused_with_the_nearest(project: Path) -> None:
    with pytest.raises(UsageError) as raised:
        run(project, "set", "bakend", "venv")
    assert "`backend`" in (raised.value.hint or "")


def test_the_wrong_place_for_a_key_is_refused_with_the_right_one(project: Path) -> None:
    with pytest.raises(UsageError) as raised:
        run(project, "set", "gc.days", "3")
    assert raised.value.hint == "pyve config set --user gc.days 3"
    with pytest.raises(UsageError, match="of projects"):
        run(project, "set", "dev", "no", user=True)


def test_a_name_that_both_have_is_the_projects_unless_the_users_is_asked_for(project: Path) -> None:
    run(project, "set", "prompt", "no")
    assert (project / "pyve.toml").read_text() == "prompt = false\n"
    assert run(project, "get", "prompt", user=True).data.entries[0].value is True

    run(project, "unset", "prompt")
    run(project, "set", "prompt", "no", user=True)
    assert user_file().read_text() == "prompt = false\n"
    assert run(project, "get", "prompt").data.entries[0].value is True
    assert run(project, "get", "prompt", user=True).data.entries[0].value is False


def test_projects_that_sync_by_themselves_are_a_list_of_paths(project: Path, home: Path) -> None:
    run(project, "set", "auto-sync", "~/a,~/b", user=True)
    got = run(project, "get", "auto-sync").data.entries[0]
    assert got.value == [str(home / "a"), str(home / "b")]


def test_a_project_setting_needs_a_project() -> None:
    with pytest.raises(NoProjectError):
        run(None, "set", "dev", "no")


@pytest.mark.parametrize(
    ("text", "error"),
    [("dev = \n", ConfigInvalidError), ("dev = 3\n", ConfigInvalidError), ("deev = true\n", ConfigUnknownKeyError)],
)
def test_a_file_that_is_not_valid_is_refused_with_its_line_and_left_as_it_is(
    project: Path, text: str, error: type[ConfigInvalidError]
) -> None:
    (project / "pyve.toml").write_text(text)
    with pytest.raises(error, match=r"^pyve\.toml:1"):
        run(project, "set", "name", "x")
    assert (project / "pyve.toml").read_text() == text


def test_nothing_is_set_while_two_files_contradict(project: Path) -> None:
    (project / "pyve.toml").write_text("")
    (project / "pyproject.toml").write_text("[tool.pyve]\n")
    with pytest.raises(ConfigConflictError):
        run(project, "set", "dev", "no")


@needs_posix
def test_a_link_that_leaves_the_project_is_not_written_through(project: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.toml"
    victim.write_text("dev = true\n")
    (project / "pyve.toml").symlink_to(victim)
    with pytest.raises(RefusedError, match="outside the project"):
        run(project, "set", "dev", "no")
    assert victim.read_text() == "dev = true\n"


@needs_posix
def test_a_user_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    dotfile = tmp_path / "dotfile.toml"
    dotfile.write_text("# mine\n")
    user_file().parent.mkdir()
    user_file().symlink_to(dotfile)
    run(None, "set", "gc.days", "3", user=True)
    assert user_file().is_symlink()
    assert dotfile.read_text() == "# mine\n\n[gc]\ndays = 3\n"


@needs_posix
def test_the_mode_of_a_file_stays(project: Path) -> None:
    (project / "pyve.toml").write_text("")
    (project / "pyve.toml").chmod(0o640)
    run(project, "set", "dev", "no")
    assert stat.S_IMODE((project / "pyve.toml").stat().st_mode) == 0o640


def test_an_env_file_that_is_set_is_told_to_want_an_approval(project: Path) -> None:
    (project / ".env").write_text("A=1\n")
    outcome = run(project, "set", "env-file", ".env")
    assert outcome.data.done == "set"
    assert outcome.notes == (".env is not taken in until: pyve allow",)
    (project / ".env").unlink()
    (note,) = run(project, "set", "env-file", ".env").notes
    assert note.endswith("not taken in until: pyve allow")


def test_a_change_is_said_once(project: Path) -> None:
    assert run(project, "set", "dev", "no").notes == ()
    assert run(project, "unset", "dev").notes == ()
    assert run(project, "unset", "dev").data.done == "unchanged"


def test_a_mirror_is_set_got_and_unset_by_its_channel(project: Path) -> None:
    done = run(project, "set", "conda.mirrors.conda-forge", "https://mirror.example/cf", user=True)
    run(project, "set", "conda.mirrors.https://conda.anaconda.org", "/srv/channels", user=True)
    assert done.data.file == user_file()
    assert user_file().read_text() == (
        '[conda.mirrors]\nconda-forge = "https://mirror.example/cf"\n"https://conda.anaconda.org" = "/srv/channels"\n'
    )
    assert run(project, "get", "conda.mirrors.conda-forge").data.entries[0].value == "https://mirror.example/cf"
    run(project, "unset", "conda.mirrors.conda-forge", user=True)
    assert run(project, "get", "conda.mirrors").data.entries[0].value == {"https://conda.anaconda.org": "/srv/channels"}


def test_a_mirror_that_is_not_set_has_exit_status_1_and_unset_of_it_changes_nothing(project: Path) -> None:
    run(project, "set", "conda.mirrors.bioconda", "https://mirror.example/bio", user=True)
    before = user_file().read_text()
    assert run(project, "get", "conda.mirrors.conda-forge").exit_status == 1
    outcome = run(project, "unset", "conda.mirrors.conda-forge", user=True)
    assert outcome.data.done == "unchanged"
    assert outcome.notes == ("`conda.mirrors.conda-forge` is not set in config.toml; nothing was changed.",)
    assert user_file().read_text() == before


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("conda.mirrors.conda-forge", "mirror"),
        ("conda.mirrors.conda-forge", "--option"),
        ("conda.mirrors.conda-forge", "https://mirror.example/a\nb"),
        ("conda.mirrors.", "https://mirror.example"),
        ("conda.mirrors", "https://mirror.example"),
        ("conda.download-url", "mirror.example"),
        ("conda.micromamba", "micromamba"),
        ("conda.keyring", "perhaps"),
    ],
)
def test_a_conda_setting_of_the_user_that_cannot_be_is_refused(key: str, text: str) -> None:
    with pytest.raises(UsageError):
        run(None, "set", key, text, user=True)
    assert not user_file().exists()


def test_a_table_in_one_piece_says_how_a_row_is_set() -> None:
    with pytest.raises(UsageError) as raised:
        run(None, "set", "conda.mirrors", "https://mirror.example", user=True)
    assert raised.value.hint is not None
    assert "pyve config set --user conda.mirrors.conda-forge https://" in raised.value.hint


def test_all_mirrors_are_set_at_once_from_rows_in_one_text() -> None:
    run(None, "set", "conda.mirrors", "main=https://a.example/main https://b.example=file:///srv/b", user=True)
    shown = run(None, "get", "conda.mirrors")
    assert shown.data.entries[0].value == {"main": "https://a.example/main", "https://b.example": "file:///srv/b"}
    run(None, "set", "conda.mirrors", "main=/srv/main", user=True)
    assert run(None, "get", "conda.mirrors").data.entries[0].value == {"main": "/srv/main"}
    run(None, "unset", "conda.mirrors", user=True)
    assert run(None, "get", "conda.mirrors").data.entries[0].value == {}


def test_mirrors_of_the_variable_count_instead_of_the_file() -> None:
    run(None, "set", "conda.mirrors.main", "https://a.example/main", user=True)
    shown = run(None, "get", "conda.mirrors", environment={"PYVE_CONDA_MIRRORS": "main=https://c.example/main"})
    assert shown.data.entries[0].value == {"main": "https://c.example/main"}
    assert shown.data.entries[0].source == "PYVE_CONDA_MIRRORS"


def test_no_credentials_of_mirrors_and_channels_are_shown(project: Path) -> None:
    secrets = ("hunter2hunter2", "tk-sesame")
    (project / "pyve.toml").write_text('[conda]\nchannels = ["https://conda.example/t/tk-sesame/lab"]\n')
    run(project, "set", "conda.mirrors.main", "https://me:hunter2hunter2@a.example/main", user=True)
    shown = repr(run(project)) + repr(run(project, "get", "conda.mirrors.main"))
    assert "https://a.example/main" in shown
    assert "https://conda.example/lab" in shown
    assert not [secret for secret in secrets if secret in shown]


def test_a_password_that_cannot_stand_in_a_url_is_refused_and_not_shown() -> None:
    with pytest.raises(UsageError) as raised:
        run(None, "set", "conda.mirrors.main", "https://me:hunter2/hunter3@mirror.example/main", user=True)
    assert "hunter" not in raised.value.message
    with pytest.raises(UsageError) as raised:
        run(None, "set", "conda.mirrors.main", "https://me:hunter2@mirror.example/main")
    assert raised.value.hint == "pyve config set --user conda.mirrors.main https://mirror.example/main"


def test_a_mirror_may_take_its_password_from_a_variable() -> None:
    run(None, "set", "conda.mirrors.main", "https://$ME:${PASSWORD}@mirror.example/main", user=True)
    assert "${PASSWORD}" in user_file().read_text()


def test_the_line_to_type_for_a_mirror_of_a_url_is_whole() -> None:
    with pytest.raises(UsageError) as raised:
        run(None, "set", "conda.mirrors.https://conda.anaconda.org", "/srv/channels")
    assert raised.value.hint == "pyve config set --user conda.mirrors.https://conda.anaconda.org /srv/channels"


@needs_posix
def test_a_new_file_of_the_user_is_for_the_user_alone(project: Path) -> None:
    run(project, "set", "gc.days", "7", user=True)
    run(project, "set", "dev", "false")
    assert stat.S_IMODE(user_file().stat().st_mode) == 0o600
    assert stat.S_IMODE((project / "pyve.toml").stat().st_mode) == 0o644
