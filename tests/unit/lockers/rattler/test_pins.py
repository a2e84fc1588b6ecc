"""What uv wrote about a resolution, as pins."""

from pyve.lockers.rattler.pip_compile import read_pins

WRITTEN = """\
-e ./lib
    # via -r /private/requirements.txt
alpha==1.0
    # via
    #   -r /private/requirements.txt
    #   lib
    # from https://index.example/simple
beta-gamma[extra]==1.1.post2
    # via alpha
    # from file:///wheels
delta @ git+https://host.example/delta@0123
    # via -r /private/requirements.txt
here @ file:///project/here
    # via -r /private/requirements.txt
./there
    # via -r /private/requirements.txt
"""


def test_pins_have_index_and_those_that_need_them() -> None:
    pins = {pin.name: pin for pin in read_pins(WRITTEN)}

    assert pins["alpha"].version == "1.0"
    assert pins["alpha"].via == ("lib",)
    assert pins["alpha"].index == "https://index.example/simple"
    assert (pins["beta-gamma"].version, pins["beta-gamma"].via) == ("1.1.post2", ("alpha",))
    assert pins["beta-gamma"].index == "file:///wheels"


def test_repositories_are_pins_without_a_version() -> None:
    delta = next(pin for pin in read_pins(WRITTEN) if pin.name == "delta")

    assert (delta.line, delta.version) == ("delta @ git+https://host.example/delta@0123", None)


def test_source_trees_of_this_machine_are_no_pins() -> None:
    assert {pin.name for pin in read_pins(WRITTEN)} == {"alpha", "beta-gamma", "delta"}
