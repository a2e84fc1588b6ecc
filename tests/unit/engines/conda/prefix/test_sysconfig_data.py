import ast
import hashlib
import json
from pathlib import Path

import pytest

from pyve.engines.conda.prefix.sysconfig_data import make_sysconfig_readable

PYTHON, DOCUMENT = "lib/python3.14/_sysconfigdata__linux_x86_64.py", "lib/python3.14/_sysconfig_vars__linux_x86_64.json"


def link(prefix: Path) -> None:
    """What an engine links: the path as it is, in literals of either quote."""
    (prefix / "lib/python3.14").mkdir(parents=True)
    (prefix / "conda-meta").mkdir()
    (prefix / PYTHON).write_text(f"build_time_vars = {{'A': '{prefix}/bin', 'B': \"{prefix}/lib 'x'\"}}\n")
    (prefix / DOCUMENT).write_text(f'{{"A": "{prefix}/bin"}}\n')
    rows = [{"_path": name, "sha256_in_prefix": digest(prefix / name)} for name in (PYTHON, DOCUMENT)]
    (prefix / "conda-meta/python-3.14.0-0.json").write_text(json.dumps({"paths_data": {"paths": rows}}))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.posix("quotes and backslashes in names")
@pytest.mark.parametrize("name", ["plain", "it's", 'a "b"', "a\\b", "'\"\\"])
def test_sysconfig_can_be_read_whatever_the_path_holds(tmp_path: Path, name: str) -> None:
    prefix = tmp_path / name
    link(prefix)

    make_sysconfig_readable(prefix)

    values = ast.literal_eval((prefix / PYTHON).read_text().removeprefix("build_time_vars = "))
    assert values == {"A": f"{prefix}/bin", "B": f"{prefix}/lib 'x'"}
    assert json.loads((prefix / DOCUMENT).read_bytes()) == {"A": f"{prefix}/bin"}
    (record,) = (prefix / "conda-meta").iterdir()
    told = {row["_path"]: row["sha256_in_prefix"] for row in json.loads(record.read_bytes())["paths_data"]["paths"]}
    assert told == {name: digest(prefix / name) for name in (PYTHON, DOCUMENT)}


@pytest.mark.posix("quotes in names")
def test_file_that_shares_its_content_with_the_cache_is_written_anew(tmp_path: Path) -> None:
    prefix = tmp_path / "it's"
    link(prefix)
    cached = tmp_path / "cached.py"
    cached.hardlink_to(prefix / PYTHON)
    before = cached.read_bytes()

    make_sysconfig_readable(prefix)

    assert cached.read_bytes() == before
