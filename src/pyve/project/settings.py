"""Every setting, once: its name, kind, default and meaning. Reading, hints, docs and the JSON schema come from here."""

from collections.abc import Mapping

from pyve.project.conda.known_settings import PROJECT_CONDA_SETTINGS, USER_CONDA_SETTINGS
from pyve.project.locking.settings import PROJECT_LOCK_SETTINGS
from pyve.project.setting import Kind, Setting

PROJECT_SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            name="backend",
            field="backend",
            kind=Kind.CHOICE,
            default=None,
            choices=("venv", "micromamba"),
            variable="PYVE_BACKEND",
            description="What builds the environment. Not set: the project's files decide.",
            example='"venv"',
        ),
        Setting(
            name="python",
            field="python",
            kind=Kind.PYTHON,
            default=None,
            variable="PYVE_PYTHON_VERSION",
            description="The Python of the environment, a version or a range. It outranks `.python-version`.",
            example='">=3.11,<3.14"',
        ),
        Setting(
            name="name",
            field="name",
            kind=Kind.TEXT,
            default=None,
            description="The name shown in the prompt and in `status`. Not set: the directory's name.",
            example='"shop"',
        ),
        Setting(
            name="extras",
            field="extras",
            kind=Kind.NAMES,
            default=[],
            description="Extras of the project to install.",
            example='["postgres"]',
        ),
        Setting(
            name="groups",
            field="groups",
            kind=Kind.NAMES,
            default=[],
            description="Dependency groups to install besides `dev`.",
            example='["docs", "test"]',
        ),
        Setting(
            name="dev",
            field="dev",
            kind=Kind.FLAG,
            default=True,
            description="Install the group `dev` and `requirements-dev.txt`.",
            example="false",
        ),
        Setting(
            name="index-strategy",
            field="index_strategy",
            kind=Kind.CHOICE,
            default="best-match",
            choices=("best-match", "first-index"),
            description="With several indexes: the best version on any of them, as pip does, "
            "or only those of the first index that has the name.",
            example='"first-index"',
        ),
        Setting(
            name="ignore",
            field="ignore",
            kind=Kind.FLAG,
            default=True,
            description="Let `init` add a marked block to the project's ignore files where a build would "
            "otherwise pack the environment.",
            example="false",
        ),
        Setting(
            name="env-file",
            field="env_file",
            kind=Kind.FILE,
            default=None,
            description="A file of variables that the shell and `run` get as well. Its values count once "
            "`pyve allow` has shown them. Not set: none.",
            example='".env"',
        ),
        Setting(
            name="prompt",
            field="prompt",
            kind=Kind.FLAG,
            default=True,
            description="Show the project's name in the prompt while its environment is active.",
            example="false",
        ),
        Setting(
            name="venv.system-site-packages",
            field="system_site_packages",
            kind=Kind.FLAG,
            default=False,
            description="Let the environment see the packages of the Python it is made from.",
            example="true",
        ),
        *PROJECT_LOCK_SETTINGS,
        *PROJECT_CONDA_SETTINGS,
    )
}

USER_SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            name="store.location",
            field="store_location",
            kind=Kind.PATH,
            default=None,
            description="Where environments are kept. Not set: in `.pyve/` of each project. "
            "For a home with a quota, a cloud folder or a slow disk.",
            example='"/scratch/me/environments"',
        ),
        Setting(
            name="gc.days",
            field="gc_days",
            kind=Kind.COUNT,
            default=30,
            description="`gc` removes environments that were not used for so many days.",
            example="14",
        ),
        Setting(
            name="prompt",
            field="prompt",
            kind=Kind.FLAG,
            default=True,
            description="Show the project's name in the prompt while its environment is active; "
            "false here counts for all projects.",
            example="false",
        ),
        Setting(
            name="auto-sync",
            field="auto_sync",
            kind=Kind.PATHS,
            default=[],
            description="Projects whose environment the shell hook may bring up to date by itself, "
            "from built packages (wheels) alone. Each is named by its own directory.",
            example='["~/code/shop"]',
        ),
        *USER_CONDA_SETTINGS,
    )
}
