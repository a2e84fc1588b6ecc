"""environment.yml is read as CEP 24 has it, and mistakes in it name file and line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import ManifestInvalidError, PyveError, RequirementInvalidError, RequirementsCycleError
from pyve.errors.conda import MatchSpecInvalidError
from pyve.project.manifests.environment_yml import EnvironmentYml, read_environment_yml


def read(root: Path, text: str, subdir: str = "linux-64") -> EnvironmentYml:
    (root / "environment.yml").write_text(text, encoding="utf-8")
    return read_environment_yml(root / "environment.yml", root=root, subdir=subdir, environment={})


def specs_of(found: EnvironmentYml) -> list[str]:
    return [spec.text for spec in found.specs]


def test_name_channels_and_dependencies_are_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "name: science # mine\nprefix: /opt/x\ncategory: dev\nchannels: [conda-forge, nodefaults, conda-forge]\n"
        "dependencies:\n  - python=3.12\n  - numpy >=2\n  - conda-forge::pip\n",
    )
    assert (found.name, found.prefix, found.category) == ("science", "/opt/x", "dev")
    assert found.channels == ("conda-forge",)
    assert specs_of(found) == ["python=3.12", "numpy >=2", "conda-forge::pip"]
    assert [spec.name for spec in found.specs] == ["python", "numpy", "pip"]
    assert [spec.channel for spec in found.specs] == [None, None, "conda-forge"]
    assert found.python == "3.12"
    assert not found.has_pip


def test_each_spec_knows_its_line(tmp_path: Path) -> None:
    found = read(tmp_path, "# first\n\ndependencies:\n- a\n\n- b # x\n- 'c'\n- sel(linux):\n    d\n- {sel(unix): e}\n")
    lines = [(spec.name, spec.origin) for spec in found.specs]
    assert lines == [
        ("a", "environment.yml:4"),
        ("b", "environment.yml:6"),
        ("c", "environment.yml:7"),
        ("d", "environment.yml:9"),
        ("e", "environment.yml:10"),
    ]


def test_selectors_choose_by_platform_and_leave_lines_where_they_are(tmp_path: Path) -> None:
    text = "dependencies:\n- a  # [win]\n- sel(osx): b\n- c  # [osx and arm64]\n- d\n- pip:\n  - e  # [linux]\n"
    linux, mac = read(tmp_path, text), read(tmp_path, text, "osx-arm64")
    assert specs_of(linux) == ["d"]
    assert linux.specs[0].origin == "environment.yml:5"
    assert specs_of(mac) == ["b", "c", "d"]
    assert [one.name for one in linux.pip.requirements] == ["e"]
    assert (mac.pip.requirements, mac.has_pip) == ((), False)


def test_lines_that_all_count_elsewhere_leave_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, "channels:\n- a  # [win]\ndependencies:\n- b  # [win]\nvariables:\n  C: d  # [win]\n")
    assert (found.specs, found.channels, found.variables) == ((), (), {})


def test_the_pip_section_is_a_requirements_file_of_its_own_lines(project: Path) -> None:
    (project / "more.txt").write_text("click\n", encoding="utf-8")
    (project / "limits.txt").write_text("click<9\n", encoding="utf-8")
    (project / "pyproject.toml").write_text("[project]\nname = 'own'\nversion = '1'\n", encoding="utf-8")
    found = read(
        project,
        "dependencies:\n- python\n- pip:\n  - rich[jupyter] >=13 ; python_version > '3'\n  - -r more.txt\n"
        "  - -c limits.txt\n  - -e .\n  - --index-url https://channel.example/simple\n  - six --hash=sha256:00\n"
        "- pip:\n  - later\n",
    )
    assert [(one.name, one.origin) for one in found.pip.requirements] == [
        ("rich", "environment.yml:4"),
        ("click", "more.txt:1"),
        ("own", "environment.yml:7"),
        ("six", "environment.yml:9"),
        ("later", "environment.yml:11"),
    ]
    assert [one.origin for one in found.pip.constraints] == ["limits.txt:1"]
    assert found.pip.options.index_url == "https://channel.example/simple"
    assert found.pip.files == (str(project / "more.txt"), str(project / "limits.txt"))
    assert found.has_pip
    assert found.pip_lines[1] == "-r more.txt"


def test_paths_of_the_pip_section_start_at_the_files_folder(project: Path) -> None:
    (project / "deep").mkdir()
    (project / "deep" / "more.txt").write_text("click\n", encoding="utf-8")
    path = project / "deep" / "environment.yml"
    path.write_text("dependencies:\n- pip:\n  - -r more.txt\n", encoding="utf-8")
    found = read_environment_yml(path, root=project, subdir="linux-64", environment={})
    assert [one.origin for one in found.pip.requirements] == ["deep/more.txt:1"]


@pytest.mark.parametrize(("section", "has_pip"), [("pip:", False), ("pip: []", True), ("pip: ~", False)])
def test_a_pip_section_may_be_empty(tmp_path: Path, section: str, has_pip: bool) -> None:
    found = read(tmp_path, f"dependencies:\n- python\n- {section}\n")
    assert found.has_pip is has_pip
    assert found.pip.requirements == ()


def test_a_list_of_pip_that_stands_too_far_left_is_noted(tmp_path: Path) -> None:
    found = read(tmp_path, "dependencies:\n- pip:\n- requests\n")
    assert specs_of(found) == ["requests"]
    assert [note for note in found.notes if note.startswith("environment.yml:2: `pip:` has no list")]


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ("foo bar", RequirementInvalidError, "environment.yml:4: 'foo bar' is not a requirement"),
        ("--what", RequirementInvalidError, "environment.yml:4"),
        ("-r https://channel.example/x.txt", RequirementInvalidError, "environment.yml:4"),
        ("-r environment.yml", RequirementsCycleError, "environment.yml:4"),
        ("-r missing.txt", PyveError, "environment.yml:4: the file it includes is not usable"),
        ('"a\\0b"', RequirementInvalidError, "environment.yml:4: there are NUL bytes"),
    ],
)
def test_a_mistake_in_the_pip_section_names_its_line(
    tmp_path: Path, line: str, kind: type[PyveError], message: str
) -> None:
    with pytest.raises(kind) as caught:
        read(tmp_path, f"dependencies:\n- pip:\n  - rich\n  - {line}\n")
    assert message in caught.value.message


def test_values_of_variables_are_what_stands_in_the_file(tmp_path: Path) -> None:
    found = read(
        tmp_path, "dependencies: []\nvariables:\n  A: 3.10\n  B: true\n  C: ''\n  D: 'x y'\n  E: 1e3\n  F: |\n    t\n"
    )
    assert found.variables == {"A": "3.10", "B": "true", "C": "", "D": "x y", "E": "1e3", "F": "t\n"}


def test_variables_that_no_project_may_set_are_left_out_and_said(tmp_path: Path) -> None:
    names = ("PATH", "LD_LIBRARY_PATH", "CONDA_PREFIX", "PYVE_BACKEND", "PS1", "HOME")
    found = read(tmp_path, "dependencies: []\nvariables:\n  MINE: a\n" + "".join(f"  {name}: x\n" for name in names))
    assert found.variables == {"MINE": "a"}
    assert [note.partition(" is not set")[0] for note in found.notes] == [
        f"environment.yml:{line}: {name}" for line, name in enumerate(names, start=4)
    ]


def test_variables_that_reach_other_programs_are_set_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, "dependencies: []\nvariables:\n  GIT_SSH_COMMAND: ./x\n  SSL_CERT_FILE: y\n  MINE: z\n")
    assert found.variables == {"GIT_SSH_COMMAND": "./x", "SSL_CERT_FILE": "y", "MINE": "z"}
    first, second = found.notes
    assert first.startswith("environment.yml:3: GIT_SSH_COMMAND is set wherever the environment is active: it ")
    assert second.startswith("environment.yml:4: SSL_CERT_FILE is set")


def test_platforms_are_read_and_one_that_is_not_among_them_is_noted(tmp_path: Path) -> None:
    found = read(tmp_path, "dependencies: []\nplatforms: [osx-arm64, win-64, win-64]\n")
    assert found.platforms == ("osx-arm64", "win-64")
    assert found.notes == (
        "environment.yml:2: `platforms` does not name linux-64; what is declared counts for it all the same.",
    )


def test_keys_that_have_no_effect_are_noted(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "name: a\nprefix: /b\ndependencies: []\nchanels: [c]\ncustom: {d: e}\npip-repositories: ['https://f']\n",
    )
    assert [note.partition(" is not ")[0] for note in found.notes] == [
        "environment.yml:1: `name`",
        "environment.yml:2: `prefix`",
        "environment.yml:4: the key 'chanels'",
        "environment.yml:5: the key 'custom'",
        "environment.yml:6: `pip-repositories`",
    ]
    assert "channels was probably meant" in found.notes[2]
    assert found.pip_repositories == ("https://f",)


def test_anchors_and_merges_are_followed(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "dependencies:\n- &a numpy\n- *a\nvariables:\n  <<: &b {A: '1', B: '2'}\n  B: '3'\nextra: *b\n",
    )
    assert specs_of(found) == ["numpy", "numpy"]
    assert found.variables == {"B": "3", "A": "1"}


def test_an_anchor_that_is_used_twice_is_no_matter(tmp_path: Path) -> None:
    found = read(tmp_path, "name: &a one\nchannels: [&a two]\ndependencies: []\n")
    assert (found.name, found.channels) == ("one", ("two",))


def test_anchors_in_anchors_cost_nothing(tmp_path: Path) -> None:
    lines = ["x0: &x0 [a, a]"] + [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 60)]
    assert read(tmp_path, "\n".join([*lines, "dependencies: []\n"])).specs == ()


def test_a_byte_order_mark_and_windows_lines_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_bytes(b"\xef\xbb\xbfdependencies:\r\n- a\r\n- b  # [win]\r\n- c\r\n")
    found = read_environment_yml(tmp_path / "environment.yml", root=tmp_path, subdir="linux-64", environment={})
    assert [(spec.text, spec.origin) for spec in found.specs] == [
        ("a", "environment.yml:2"),
        ("c", "environment.yml:4"),
    ]


def test_variables_in_channels_stay_as_they_are(tmp_path: Path) -> None:
    text = "channels:\n- https://${USER}:$WORD@channel.example/c\n- ~/channel\ndependencies: []\n"
    assert read(tmp_path, text).channels == ("https://${USER}:$WORD@channel.example/c", "~/channel")


@pytest.mark.parametrize(
    ("dependency", "python"),
    [
        ("python=3.12", "3.12"),
        ("python==3.12.1", "3.12.1"),
        ("python = 3.12.*", "3.12"),
        ("python 3.12.*", "3.12"),
        ("python=3.12.1=h123_cpython", "3.12.1"),
        ("conda-forge::python=3.11", "3.11"),
        ("python >=3.10, <3.13", ">=3.10,<3.13"),
        ("python[version='>=3.10']", ">=3.10"),
        ("Python=3.12", "3.12"),
        ("python", None),
        ("python-dateutil=2.9", None),
        ("python_abi=3.12", None),
        ("python 3.10|3.11", None),
    ],
)
def test_the_python_pin_is_given_as_pyve_writes_versions(tmp_path: Path, dependency: str, python: str | None) -> None:
    assert read(tmp_path, f'dependencies:\n- numpy=1\n- "{dependency}"\n').python == python


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: x\ndependencies: [a\n", "environment.yml:3:1: this is not valid YAML"),
        ("a: 1\n\tb: 2\n", "environment.yml:2:1: this is not valid YAML"),
        ("a: 1\na: 2\n", "environment.yml:2:1: this is not valid YAML: the key 'a' stands twice, first on line 1"),
        ("dependencies:\n- pip: [a]\n  pip: [b]\n", "environment.yml:3:3: this is not valid YAML: the key 'pip'"),
        ("a: &a [*a]\n", "environment.yml:1:4: this is not valid YAML: a value holds itself"),
        ("a: !x {b: c}\n", "environment.yml:1:4: this is not valid YAML: the tag '!x'"),
        ("a: 1\n---\nb: 2\n", "environment.yml:2:1: this is not valid YAML"),
        ("- a\n", "environment.yml:1: this file is a list"),
        ("a\n", "environment.yml:1: this file is one value"),
        ("", "environment.yml:1: this file is empty"),
        ("# x\n---\n", "this file is empty"),
        ("name: x\n", "environment.yml:1: there is no `dependencies`"),
        ("name: x\ndependancies: [a]\n", "environment.yml:2: there is no `dependencies`, but 'dependancies'"),
        (
            "name: x\ndependencies: python\n",
            "environment.yml:2: `dependencies` must be a list, and is a text ('python')",
        ),
        ("dependencies: {python: 3.10}\n", "environment.yml:1: `dependencies` must be a list, and is keys and values"),
        ("dependencies:\n- [a]\n", "environment.yml:2: a list stands in `dependencies`"),
        ("dependencies:\n- {}\n", "environment.yml:2: an entry holds 'nothing'"),
        ("dependencies:\n- pip: [a]\n  conda: [b]\n", "environment.yml:2: an entry holds 'pip, conda'"),
        ("dependencies:\n- a\n- pip: rich\n", "environment.yml:3: `pip` must be a list"),
        ("dependencies:\n- pip:\n  - a\n  - 3\n", "environment.yml:4: an entry of `pip` is a number (3)"),
        ("dependencies:\n- pip:\n  -\n", "environment.yml:3: an entry of `pip` is empty"),
        ("dependencies:\n- npm: [a]\n", "environment.yml:2: `npm` is a section that pyve cannot install"),
        ("dependencies:\n- sel(linux): [a]\n", "environment.yml:2: `sel(linux)` takes one package, and is a list"),
        ("dependencies:\n- sel(arm64): a\n", "environment.yml:2: sel() takes one of"),
        ("dependencies:\n- a  # [linx]\n", "environment.yml:2: 'linx' in [linx]"),
        ("dependencies: []\nchannels:\n- 3\n", "environment.yml:3: an entry of `channels` is a number (3)"),
        ("dependencies: []\nchannels:\n-\n", "environment.yml:3: an entry of `channels` is empty"),
        ("dependencies: []\nchannels: a, b\n", "environment.yml:2: `channels` must be a list"),
        ("dependencies: []\nchannels:\n- conda-forge\n  bioconda\n", "environment.yml:3: 'conda-forge bioconda' holds"),
        ("dependencies: []\nplatforms: [noarch]\n", "environment.yml:2: noarch is no platform"),
        ("dependencies: []\nplatforms: [linux64]\n", "environment.yml:2: 'linux64' is no platform"),
        ("name: 3\ndependencies: []\n", "environment.yml:1: `name` must be a text, and is a number (3)"),
        ("category: [a]\ndependencies: []\n", "environment.yml:1: `category` must be a text, and is a list"),
        ("dependencies: []\nvariables: [A=b]\n", "environment.yml:2: `variables` must hold names and values"),
        ("dependencies: []\nvariables:\n  A-B: c\n", "environment.yml:3: 'A-B' is no name of a variable"),
        ("dependencies: []\nvariables:\n  A:\n", "environment.yml:3: the value of A is empty"),
        ("dependencies: []\nvariables:\n  A: [b]\n", "environment.yml:3: the value of A is a list"),
        ('dependencies: []\nvariables:\n  A: "\\0"\n', "environment.yml:3: the value of A holds a character"),
        ("a: 1\n<<<<<<< HEAD\n=======\n>>>>>>> x\n", "environment.yml:2: a merge conflict"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ManifestInvalidError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        ("", "this entry is not a package: it is empty", "name a package"),
        ("3.10", "a number (3.10) is not a package", "- python=3.12"),
        ("true", "a truth value (true) is not a package", "- python=3.12"),
        ("python: 3.10", "`python:` is a key with a value", "- python=3.10"),
        ("'numpy: >=2'", "a colon stands before the version", "numpy>=2"),
        ("numpy: '>=2'", "`numpy:` is a key with a value", "- numpy>=2"),
        ("pip:requests", "'pip:requests' is not a package", "- pip:\n    - requests"),
        ("foo =>2", "'foo =>2' is not a package: => is no operator", "foo>=2"),
        ("foo=", "there is no version after the operator", "foo=1.2"),
        ("'*'", "'*' is not a package", "name the package"),
        ('"a\\x1bb"', "'a\\x1bb' is not a package", "type the line anew"),
        ("python=3.10\n  numpy", "this entry goes on to line 3", "a dash"),
        ("https://me:secret@channel.example/t/token/x", "'https://channel.example/x' is not a package", "::name"),
    ],
)
def test_what_is_no_package_names_its_line_and_what_was_meant(
    tmp_path: Path, entry: str, message: str, hint: str
) -> None:
    with pytest.raises(MatchSpecInvalidError) as caught:
        read(tmp_path, f"dependencies:\n- {entry}\n")
    assert caught.value.message.startswith("environment.yml:2: ")
    assert message in caught.value.message
    assert hint in str(caught.value.hint)
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"


words = st.sampled_from(
    [
        *(
            "name",
            ":",
            " ",
            "- ",
            "\n",
            "[",
            "]",
            "{",
            "}",
            "&a",
            "*a",
            "!!int",
            "!x",
            "|",
            ">",
            "'",
            '"',
            "%",
            "@",
            "\t",
        ),
        *(
            "---",
            "dependencies:\n- ",
            "channels:\n- ",
            "variables:\n  ",
            "platforms: ",
            "pip:\n  - ",
            "sel(win): ",
            "<<: ",
        ),
        *("a", "=", "1.2", "::", "# [win]", "# [", "-r ", "\\0", "null", "~"),
    ]
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.one_of(
        st.lists(words, max_size=16).map("".join).map(str.encode),
        st.lists(words, max_size=9).map(lambda found: f"dependencies:\n- {''.join(found)}".encode()),
        st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.binary(max_size=30),
    )
)
def test_any_bytes_are_read_or_refused_with_a_message(tmp_path: Path, content: bytes) -> None:
    failure: PyveError | None = None
    (tmp_path / "environment.yml").write_bytes(content)
    try:
        read_environment_yml(tmp_path / "environment.yml", root=tmp_path, subdir="linux-64", environment={})
    except PyveError as error:
        failure = error
    assert failure is None or "environment.yml" in failure.message
