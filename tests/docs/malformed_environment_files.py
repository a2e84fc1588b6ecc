"""Files that are no environment.yml, or not quite, and what pyve says of each: a table of the page on environment.yml.

`python -m tests.docs.malformed_environment_files` writes the table into the page anew; a test holds them equal.
"""

import html
import re
import tempfile
from pathlib import Path

from pyve.errors import PyveError
from pyve.project.manifests.environment_yml import read_environment_yml
from tests.docs.page_run import DOCS

PAGE = DOCS / "reference" / "environment-yml.md"
_TABLE = re.compile(r"(?<=<!-- malformed files -->\n).*?(?=<!-- end -->\n)", re.DOTALL)

FILES = (
    "",
    "- python=3.12\n",
    "name: science\n",
    "name: science\ndependancies:\n  - python\n",
    "dependencies:\n\t- python\n",
    "dependencies:\n  - python\n - numpy\n",
    "dependencies:\n  - python\ndependencies:\n  - numpy\n",
    "dependencies: python\n",
    "dependencies:\n  python: 3.10\n",
    "dependencies:\n  - python: 3.10\n",
    "dependencies:\n  - 3.10\n",
    "dependencies:\n  -\n",
    "dependencies:\n  - python\n    numpy\n",
    "dependencies:\n  - foo =>2\n",
    "dependencies:\n  - foo=\n",
    'dependencies:\n  - "*"\n',
    "dependencies:\n  - pip:requests\n",
    "dependencies:\n  - conda-forge:numpy\n",
    "dependencies:\n  - numpy[version=2\n",
    "dependencies:\n  - foo ; sys_platform == 'linux'\n",
    "dependencies:\n  - pip: requests\n",
    "dependencies:\n  - pip:\n    - requests=2\n",
    "dependencies:\n  - pip:\n    - -r requirements.txt\n",
    "dependencies:\n  - npm:\n    - left-pad\n",
    "dependencies:\n  - sel(arm64): foo\n",
    "dependencies:\n  - foo  # [linx]\n",
    "dependencies:\n  - foo  # [linux and]\n",
    "channels: conda-forge\ndependencies: []\n",
    "channels:\n  - 3\ndependencies: []\n",
    "platforms: [noarch]\ndependencies: []\n",
    "platforms: [linux64]\ndependencies: []\n",
    "variables:\n  MY-MODE: test\ndependencies: []\n",
    "variables:\n  MODE: [a, b]\ndependencies: []\n",
    "dependencies:\n<<<<<<< HEAD\n  - python=3.12\n=======\n  - python=3.13\n>>>>>>> branch\n",
)


def tell(text: str) -> tuple[str, str]:
    """The message and the hint for a file with this text; AssertionError where it is taken."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "environment.yml").write_text(text, encoding="utf-8")
        try:
            read_environment_yml(root / "environment.yml", root=root, subdir="linux-64", environment={})
        except PyveError as error:
            return error.message.replace(f"{root}/", ""), error.hint or ""
    raise AssertionError(f"nothing is wrong with {text!r}")


def render_table() -> str:
    """The table, as it stands between its marks."""
    rows = [f"| {_as_code(text)} | {_as_prose(*tell(text))} |\n" for text in FILES]
    return "".join(["\n| The file | What pyve says |\n|---|---|\n", *rows, "\n"])


def render_page(text: str) -> str:
    """The page with the table written anew."""
    return _TABLE.sub(lambda _: render_table(), text)


def _as_code(text: str) -> str:
    return "<br>".join(f"<code>{_escape(line)}</code>" for line in text.splitlines()) or "(empty)"


def _as_prose(message: str, hint: str) -> str:
    lines = [message, *(f"hint: {line}" if number == 0 else line for number, line in enumerate(hint.splitlines()))]
    return "<br>".join(map(_escape, lines))


def _escape(line: str) -> str:
    indented = re.match(r"^ *", line)
    depth = indented.end() if indented else 0
    text = html.escape(line[depth:], quote=False).replace("|", "&#124;").replace("\t", "&rarr;")
    return "&nbsp;" * depth + re.sub(r"([*_`\[\]])", lambda found: f"&#{ord(found[0])};", text)


if __name__ == "__main__":
    PAGE.write_text(render_page(PAGE.read_text("utf-8")), "utf-8")
