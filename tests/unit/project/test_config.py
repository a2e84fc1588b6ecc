"""Reading pyve.toml, [tool.pyve] and the user's config.toml."""

import re
from operator import attrgetter
from pathlib import Path

import pytest

from pyve.errors import ConfigConflictError, ConfigInvalidError, ConfigUnknownKeyError, ManifestUnreadableError
from pyve.project.conda.settings import ProjectCondaSettings, UserCondaSettings
from pyve.project.config import ProjectConfig, read_project_config
from pyve.project.locking.settings import ProjectLockSettings
from pyve.project.settings import PROJECT_SETTINGS, USER_SETTINGS
from pyve.project.settings_reading import locate_key
from pyve.project.user_settings import UserSettings, read_user_settings, user_settings_file

EVERYTHING = """\
backend = "venv"
python = ">=3.11"
name = "shop"
extras = ["postgres"]
groups = ["docs", "test"]
dev = false
index-strategy = "first-index"
ignore = false
env-file = "config/local.env"
prompt = false

[venv]
system-site-packages = true

[conda]
engine = "rattler"
channels = ["conda-forge", "./channel"]
channel-priority = "disabled"
links = "copy"
link-scripts = true
compile = true

[lock]
locker = "pip-tools"
format = "requirements.txt"
platforms = ["linux-64", "osx-arm64"]
exclude-newer = "2026-11-01"
pip-tools = "7.6.2"
conda-lock = "4.0.3"
"""


def as_pyproject(text: str) -> str:
    return "[tool.pyve]\n" + re.sub(r"^\[", "[tool.pyve.", text, flags=re.MULTILINE)


def write(project: Path, text: str, name: str = "pyve.toml") -> Path:
    (project / name).write_text(text, encoding="utf-8")
    return project


def test_every_setting_is_read_from_pyve_toml(project: Path) -> None:
    assert read_project_config(write(project, EVERYTHING)) == ProjectConfig(
        backend="venv",
        python=">=3.11",
        name="shop",
        extras=("postgres",),
        groups=("docs", "test"),
        dev=False,
        index_strategy="first-index",
        ignore=False,
        env_file="config/local.env",
        prompt=False,
        system_site_packages=True,
        conda=ProjectCondaSettings(
            engine="rattler",
            channels=("conda-forge", "./channel"),
            channel_priority="disabled",
            links="copy",
            link_scripts=True,
            compile=True,
        ),
        lock=ProjectLockSettings(
            locker="pip-tools",
            format="requirements.txt",
            platforms=("linux-64", "osx-arm64"),
            exclude_newer="2026-11-01",
            pip_tools="7.6.2",
            conda_lock="4.0.3",
        ),
        file=project / "pyve.toml",
        source="pyve.toml",
        declared=frozenset(PROJECT_SETTINGS),
    )


def test_pyproject_says_the_same_in_its_table(project: Path) -> None:
    own = read_project_config(write(project, EVERYTHING))
    (project / "pyve.toml").unlink()
    shared = read_project_config(write(project, as_pyproject(EVERYTHING), "pyproject.toml"))
    assert shared.source == "[tool.pyve]"
    assert shared.file == project / "pyproject.toml"
    for setting in PROJECT_SETTINGS.values():
        assert attrgetter(setting.field)(shared) == attrgetter(setting.field)(own)


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff"])
def test_an_empty_file_gives_the_defaults(project: Path, text: str) -> None:
    config = read_project_config(write(project, text))
    for setting in PROJECT_SETTINGS.values():
        default = setting.default
        assert attrgetter(setting.field)(config) == (tuple(default) if isinstance(default, list) else default)
    assert config.declared == frozenset()


def test_the_defaults_of_both_types_are_those_of_the_table() -> None:
    for setting in PROJECT_SETTINGS.values():
        default = setting.default
        assert attrgetter(setting.field)(ProjectConfig()) == (tuple(default) if isinstance(default, list) else default)
    for setting in USER_SETTINGS.values():
        default = setting.default
        assert attrgetter(setting.field)(UserSettings()) == (tuple(default) if isinstance(default, list) else default)


def test_a_project_without_configuration_has_the_defaults(project: Path) -> None:
    assert read_project_config(project) == ProjectConfig()


def test_a_pyproject_that_only_mentions_pyve_configures_nothing(project: Path) -> None:
    write(project, '[project]\nname = "pyve-plugin"\n[tool.ruff]\n', "pyproject.toml")
    assert read_project_config(project) == ProjectConfig()


def test_both_places_at_once_are_an_error_that_names_both(project: Path) -> None:
    write(project, "dev = true\n")
    write(project, "[project]\nname = 'x'\n\n[tool.pyve]\ndev = true\n", "pyproject.toml")
    with pytest.raises(ConfigConflictError) as raised:
        read_project_config(project)
    assert "pyve.toml" in raised.value.message
    assert "pyproject.toml:4" in raised.value.message


@pytest.mark.parametrize(
    ("line", "place", "hint"),
    [
        ('bakend = "venv"', "pyve.toml:3", "`backend`"),
        ('Python = "3.12"', "pyve.toml:3", "`python`"),
        ("index_strategy = 'best-match'", "pyve.toml:3", "`index-strategy`"),
        ("[veenv]\nsystem-site-packages = true", "pyve.toml:3", "`venv`"),
        ("[venv]\nsystem-site-package = true", "pyve.toml:4", "`system-site-packages`"),
        ("venv = { prompt = 'x' }", "pyve.toml:3", "system-site-packages"),
        ("zzz = 1", "pyve.toml:3", "known are: backend"),
        ("system-site-packages = true", "pyve.toml:3", "known are"),
    ],
)
def test_an_unknown_key_is_an_error_with_its_line_and_the_nearest_key(
    project: Path, line: str, place: str, hint: str
) -> None:
    with pytest.raises(ConfigUnknownKeyError) as raised:
        read_project_config(write(project, f"# mine\n\n{line}\n"))
    assert raised.value.message.startswith(f"{place}: ")
    assert hint in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("line", "must"),
    [
        ("backend = 'conda'", '"venv" or "micromamba"'),
        ("backend = true", '"venv" or "micromamba"'),
        ("python = 3.12", "not the number 3.12"),
        ("python = 'newest'", "a Python version"),
        ("python = '/usr/bin/python'", "a Python version"),
        ("name = ''", "a text"),
        ('name = "a\\nb"', "a text"),
        ("extras = 'postgres'", "a list of names"),
        ("groups = ['a', 3]", "a list of names"),
        ("dev = 'no'", "true or false"),
        ("dev = 1", "true or false"),
        ("index-strategy = 'worst'", '"best-match" or "first-index"'),
        ("env-file = '../.env'", "a path inside the project"),
        ("env-file = 'a/../../.env'", "a path inside the project"),
        ("env-file = 'a\\..\\..\\.env'", "a path inside the project"),
        ("env-file = '/etc/environment'", "a path inside the project"),
        ("env-file = 'C:/x.env'", "a path inside the project"),
        ("env-file = '~/.env'", "a path inside the project"),
        ("env-file = '.'", "a path inside the project"),
        ("env-file = true", "a path inside the project"),
        ("prompt = 'no'", "true or false"),
        ("venv = true", "`venv`"),
        ("venv.system-site-packages = 'yes'", "true or false"),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_with_its_line(project: Path, line: str, must: str) -> None:
    with pytest.raises(ConfigInvalidError) as raised:
        read_project_config(write(project, f"# mine\n\n{line}\n"))
    assert raised.value.message.startswith("pyve.toml:3: ")
    assert must in raised.value.message + (raised.value.hint or "")


def test_lines_in_pyproject_are_those_of_the_file(project: Path) -> None:
    text = '[project]\nname = "x"\ndependencies = [\n  "a",\n]\n\n[tool.pyve]\n# why\ndev = 3\n\n[tool.ruff]\n'
    with pytest.raises(ConfigInvalidError, match=r"^pyproject\.toml:9: "):
        read_project_config(write(project, text, "pyproject.toml"))


def test_a_table_that_is_none_is_an_error(project: Path) -> None:
    with pytest.raises(ConfigInvalidError, match=r"^pyproject\.toml:2: .*must be a table"):
        read_project_config(write(project, "[tool]\npyve = 3\n", "pyproject.toml"))


def test_a_broken_file_is_an_error_with_line_and_column(project: Path) -> None:
    with pytest.raises(ConfigInvalidError, match=r"^pyve\.toml:2:"):
        read_project_config(write(project, "dev = true\nname = \n"))


def test_a_file_that_cannot_be_read_is_named(project: Path) -> None:
    (project / "pyve.toml").mkdir()
    with pytest.raises(ManifestUnreadableError, match=r"pyve\.toml"):
        read_project_config(project)


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nb = 2\n", ["b"], 2),
        ("a = [\n 1,\n]\n\n# c\nb = [\n 1,\n 2,\n]\nd = 1\n", ["b"], 6),
        ("a = '''\n[b]\n'''\n[b]\nc = 1\n", ["b"], 4),
        ("[a]\nb = 1\n[c]\nb = 1\n", ["c", "b"], 4),
        ("a.b = 1\na.c = 2\n", ["a", "c"], 2),
        ("[tool.x]\n[tool.pyve.venv]\n", ["tool", "pyve"], 2),
        ("a = 1", ["a"], 1),
    ],
)
def test_a_key_is_located_where_its_statement_begins(text: str, keys: list[str], line: int) -> None:
    assert locate_key(text, keys) == line


def test_user_settings_are_read(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        'prompt = false\nauto-sync = ["~/shop"]\n[store]\nlocation = "~/elsewhere"\n[gc]\ndays = 7\n', encoding="utf-8"
    )
    settings = read_user_settings(file)
    assert settings.store_location == home / "elsewhere"
    assert settings.gc_days == 7
    assert settings.prompt is False
    assert settings.auto_sync == (home / "shop",)
    assert settings.declared == {"store.location", "gc.days", "prompt", "auto-sync"}


def test_conda_settings_of_a_user_are_read(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[conda]\nengine = "micromamba"\nmicromamba = "~/bin/micromamba"\nlinks = "copy"\nkeyring = true\n'
        'download-url = "https://mirror.example/programs"\n'
        '[conda.mirrors]\nconda-forge = "https://mirror.example/cf"\n"https://conda.anaconda.org" = "~/channels"\n',
        encoding="utf-8",
    )
    assert read_user_settings(file).conda == UserCondaSettings(
        engine="micromamba",
        micromamba=home / "bin" / "micromamba",
        mirrors={"conda-forge": "https://mirror.example/cf", "https://conda.anaconda.org": "~/channels"},
        links="copy",
        keyring=True,
        download_url="https://mirror.example/programs",
    )


@pytest.mark.parametrize(
    "row", ["conda-forge = 3", "conda-forge = 'mirror'", "conda-forge = ''", "conda-forge = './x'", "'' = 'https://x'"]
)
def test_a_mirror_that_cannot_be_is_refused_with_its_own_line(tmp_path: Path, row: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[conda.mirrors]\nmain = 'https://mirror.example/main'\n{row}\n")
    with pytest.raises(ConfigInvalidError) as raised:
        read_user_settings(file)
    assert raised.value.message.startswith(f"{file}:3: `conda.mirrors.")


def test_a_refused_mirror_is_shown_without_its_password(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[conda.mirrors]\nmain = 'ftp://me:hunter2hunter2@mirror.example/t/tk-sesame/main'\n")
    with pytest.raises(ConfigInvalidError) as raised:
        read_user_settings(file)
    assert "ftp://" in raised.value.message
    assert "hunter2" not in raised.value.message
    assert "sesame" not in raised.value.message


def test_a_project_syncs_by_itself_only_when_it_is_named_itself(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    settings = UserSettings(auto_sync=(shop,))
    assert settings.allow_auto_sync(shop)
    assert not settings.allow_auto_sync(shop / "below")
    assert not settings.allow_auto_sync(tmp_path)
    assert not settings.allow_auto_sync(tmp_path / "shop2")


def test_a_user_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert read_user_settings(tmp_path / "config.toml") == UserSettings()


@pytest.mark.parametrize(
    "line",
    [
        *("[gc]\ndays = -1", "[gc]\ndays = '7'", "[gc]\ndays = true", "[store]\nlocation = 'relative'", "gc = 3"),
        *("auto-sync = true", "auto-sync = ['shop']", "auto-sync = '~/shop'", "auto-sync = [3]", "prompt = 'no'"),
        *("[conda]\nengine = 'conda'", "[conda]\nmicromamba = 'micromamba'", "[conda]\nmirrors = 'https://x'"),
        *("[conda]\ndownload-url = 'ftp://x'", "[conda]\ndownload-url = 'https:///x'", "[conda]\nkeyring = 'yes'"),
    ],
)
def test_user_settings_of_the_wrong_kind_are_refused_with_file_and_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(line)
    with pytest.raises(ConfigInvalidError) as raised:
        read_user_settings(file)
    assert raised.value.message.startswith(f"{file}:{line.count(chr(10)) + 1}: ")


def test_an_unknown_user_setting_is_refused_with_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[gc]\nday = 7\n")
    with pytest.raises(ConfigUnknownKeyError) as raised:
        read_user_settings(file)
    assert "`days`" in (raised.value.hint or "")


def test_the_user_file_lies_in_the_home_of_the_user(home: Path) -> None:
    assert user_settings_file().is_relative_to(home)
    assert user_settings_file().name == "config.toml"
