"""The text that pip-compile wrote, made portable."""

from pathlib import Path, PureWindowsPath

from pyve.lockers.pip_tools.body import make_portable, read_pins
from pyve.project.requirement import IndexOptions

HASH = f"    --hash=sha256:{'0' * 64}\n"


def portable(text: str, root: Path, declared: IndexOptions | None = None, **labels: str) -> str:
    return make_portable(
        text,
        labels={root / f"{name}.txt": label for name, label in labels.items()},
        declared=declared or IndexOptions(),
        root=root,
        platforms=("linux-64",),
    )


def test_annotations_name_the_users_files(tmp_path: Path) -> None:
    above, inputs = tmp_path / "above.txt", tmp_path / "inputs.txt"
    text = f"six==1.0\n    # via\n    #   -c {above}\n    #   -r {inputs.as_posix()}\n    #   beta\n"
    made = portable(text, tmp_path, above="-c requirements.txt", inputs="demo (pyproject.toml)")
    assert made == "six==1.0\n    # via\n    #   -c requirements.txt\n    #   demo (pyproject.toml)\n    #   beta\n"


def test_annotations_with_the_slashes_of_windows_are_known_too(tmp_path: Path) -> None:
    file = PureWindowsPath(r"C:\Users\me\work\declared-0.txt")
    for printed in (r"C:\Users\me\work\declared-0.txt", "C:/Users/me/work/declared-0.txt"):
        made = make_portable(
            f"six==1.0\n    # via -r {printed}\n",
            labels={file: "-r requirements.in"},  # type: ignore[dict-item]  # no such path can be made elsewhere
            declared=IndexOptions(),
            root=tmp_path,
            platforms=("linux-64",),
        )
        assert made == "six==1.0\n    # via -r requirements.in\n"


def test_file_in_the_project_is_named_by_its_relative_path(tmp_path: Path) -> None:
    root = tmp_path / "a project"
    (root / "lib").mkdir(parents=True)
    text = f"six @ {root.as_uri()}/lib/six-1.0.whl \\\n{HASH}"
    assert portable(text, root) == f"./lib/six-1.0.whl \\\n{HASH}"


def test_marker_that_always_holds_here_goes_and_others_stay(tmp_path: Path) -> None:
    text = f'a==1 ; sys_platform == "linux" \\\n{HASH}b==1 ; python_version < "3.12"\n    # via x ; y\n'
    made = portable(text, tmp_path)
    assert made.startswith(f"a==1 \\\n{HASH}b==1 ; python_version < ")
    assert made.endswith("    # via x ; y\n")


def test_declared_places_stand_at_the_head_relative_and_without_credentials(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    declared = IndexOptions(
        index_url="https://me:secret-word@index.example/simple", find_links=(str(tmp_path / "wheels"),)
    )
    head = "--index-url https://index.example/simple\n--find-links ./wheels\n"
    assert portable("six==1.0\n", tmp_path, declared) == f"{head}\nsix==1.0\n"
    assert portable("", tmp_path, declared) == head


def test_pins_of_a_lock_are_read_without_hashes_comments_and_options() -> None:
    text = (
        "# pyve-lock: 1 locker=uv\n--index-url https://index.example/simple\n"
        f"six==1.0 \\\n{HASH}    # via -r requirements.in\nbeta[x]===2 ; python_version < '4'\n-e ./lib\nloose>=1\n"
    )
    assert read_pins(text) == "six==1.0\nbeta[x]===2 ; python_version < '4'\n"


def test_what_can_be_read_of_a_damaged_lock_is_kept() -> None:
    assert read_pins("<<<<<<< ours\nsix==1.0\n=======\n--nonsense\n>>>>>>> theirs\n") == "six==1.0\n"
