import pytest

from pyve.project.locking.input_changes import describe_changes
from pyve.project.locking.lock_inputs import LockInput, LockInputs

CONTENT = "#content=" + "a" * 64
OTHER_CONTENT = "#content=" + "b" * 64


def after(*inputs: tuple[str, str]) -> LockInputs:
    return LockInputs(inputs=tuple(LockInput(text=text, origin=origin) for text, origin in inputs))


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        (
            "requests>=2",
            ("requests>=3", "requirements.in:3"),
            "requests was requests>=2, is requests>=3 (requirements.in:3)",
        ),
        ("x", ("x[a]", "a.in:1"), "x was x, is x[a] (a.in:1)"),
        ("x==1", ("-e x @ https://x.example/x", "a.in:1"), "x was x==1, is -e x @ https://x.example/x (a.in:1)"),
        ("constraint: x<3", ("constraint: x<2", "c.txt:1"), "the constraint on x was x<3, is x<2 (c.txt:1)"),
        ("group dev: x<3", ("group dev: x<2", "p.toml:1"), "x in the group dev was x<3, is x<2 (p.toml:1)"),
        ("extra e: x<3", ("extra e: x<2", "p.toml:1"), "x in the extra e was x<3, is x<2 (p.toml:1)"),
        (f"lib{CONTENT}", (f"lib{OTHER_CONTENT}", "a.in:1"), "lib has changed (a.in:1)"),
        (f"-e lib{CONTENT}", (f"lib{CONTENT}", "a.in:1"), "lib was -e lib, is lib (a.in:1)"),
        ("option: --index-url a", ("option: --index-url b", "a.in:1"), "the option --index-url was a, is b (a.in:1)"),
        (
            "requires-python: >=3.10",
            ("requires-python: >=3.11", "p.toml:5"),
            "requires-python was >=3.10, is >=3.11 (p.toml:5)",
        ),
        ('setting: pre "a"', ('setting: pre "b"', "p.toml:5"), 'the setting pre of uv was "a", is "b" (p.toml:5)'),
        (
            "setting: pip-tools.pre true",
            ("setting: pip-tools.pre false", "p.toml:5"),
            "the setting pre of pip-tools was true, is false (p.toml:5)",
        ),
        ("file: setup.py sha256:a", ("file: setup.py sha256:b", "setup.py"), "setup.py has changed"),
        ("channels: a, b", ("channels: b, a", "e.yml:1"), "the channels were a, b, are b, a (e.yml:1)"),
        ("conda: c::x=1", ("conda: x=2", "e.yml:4"), "x was c::x=1, is x=2 (e.yml:4)"),
        ("pip: x", ("pip: x<1", "e.yml:4"), "x was x, is x<1 (e.yml:4)"),
    ],
)
def test_change_is_told_with_before_and_after(before: str, now: tuple[str, str], sentence: str) -> None:
    assert describe_changes([before], after(now)) == (sentence,)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (("numpy<3", "requirements.in:4"), "numpy (requirements.in:4) is new"),
        (("group dev: pytest", "p.toml:9"), "pytest (group dev, p.toml:9) is new"),
        (("constraint: x<2", "c.txt:1"), "the constraint x<2 (c.txt:1) is new"),
        (("option: --pre", "a.in:1"), "the option --pre (a.in:1) is new"),
        (
            ("option: --index-url https://i.example/", "a.in:1"),
            "the option --index-url https://i.example/ (a.in:1) is new",
        ),
        (('setting: pre "a"', "p.toml:5"), "the setting pre of uv (p.toml:5) is new"),
        (("requires-python: >=3.11", "p.toml:5"), "requires-python >=3.11 (p.toml:5) is new"),
        (("file: setup.py sha256:b", "setup.py"), "setup.py is new"),
        (("channels: a, b", "e.yml:1"), "the channels a, b (e.yml:1) are new"),
        (("conda: c::x=1", "e.yml:4"), "x (e.yml:4) is new"),
        ((f"-e ../lib{CONTENT}", "a.in:4"), "../lib (a.in:4) is new"),
        (("group dev: nothing", "p.toml"), "the group dev holds nothing now"),
    ],
)
def test_what_is_new_is_told_with_its_place(now: tuple[str, str], sentence: str) -> None:
    assert describe_changes([], after(now)) == (sentence,)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("flask>=1", "flask is no longer declared"),
        ("group dev: pytest", "pytest is no longer in the group dev"),
        ("constraint: x<2", "the constraint x<2 is no longer declared"),
        ("option: --pre", "the option --pre is no longer declared"),
        ('setting: pre "a"', "the setting pre of uv is no longer declared"),
        ("requires-python: >=3.11", "requires-python is no longer declared"),
        ("file: setup.py sha256:b", "setup.py is no longer there"),
        ("channels: a", "the channels a are no longer declared"),
        ("group dev: nothing", "the group dev is no longer declared"),
    ],
)
def test_what_is_gone_is_told(before: str, sentence: str) -> None:
    assert describe_changes([before], after()) == (sentence,)


def test_package_that_moved_into_a_group_is_not_called_undeclared() -> None:
    assert describe_changes(["pytest"], after(("group dev: pytest", "p.toml:9"))) == (
        "pytest (group dev, p.toml:9) is new",
        "pytest is only in the group dev now",
    )


def test_one_of_several_requirements_of_a_package_is_told_in_full() -> None:
    kept = 'x<2; python_version < "3.9"'
    now = after((kept, "a.in:1"), ('x>=2; python_version >= "3.9"', "a.in:2"))
    assert describe_changes([kept], now) == ('x>=2; python_version >= "3.9" (a.in:2) is new',)
    assert describe_changes([kept, "x>=3"], after((kept, "a.in:1"))) == ("x>=3 is no longer declared",)


def test_index_that_is_added_to_another_is_new() -> None:
    first, second = "option: --extra-index-url https://a.example/", "option: --extra-index-url https://b.example/"
    assert describe_changes([first], after((first, "a.in:1"), (second, "a.in:2"))) == (
        "the option --extra-index-url https://b.example/ (a.in:2) is new",
    )


def test_same_inputs_give_no_sentence() -> None:
    assert describe_changes(["x", "x"], after(("x", "a.in:1"))) == ()


def test_very_long_texts_are_cut() -> None:
    (sentence,) = describe_changes(["setting: a 1"], after((f"setting: a {'x' * 5000}", "p.toml:1")))
    assert len(sentence) < 300
