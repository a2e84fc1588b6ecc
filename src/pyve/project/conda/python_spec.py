"""The Python that is asked for, as a MatchSpec (CEP 29)."""

from pyve.project.python_request import PythonRequest


def spec_of_python(request: PythonRequest) -> str:
    """`python 3.12.*` for 3.12, `python >=3.11,<3.14` for a range, a build string for PyPy and free threading."""
    versions = [".".join(map(str, request.release)) + ".*"] if request.release else []
    if request.release and len(request.release) > 2:
        versions = ["==" + ".".join(map(str, request.release))]
    if not versions and request.specifier:
        versions = [request.specifier.replace(" ", "")]
    versions += [request.also.replace(" ", "")] if request.also else []
    version = ",".join(versions)
    build = ""
    if request.implementation not in (None, "cpython"):
        build = f"*_{request.implementation}"
    elif request.free_threaded:
        build = "*_cp*t"
    return " ".join(filter(None, ("python", version or ("*" if build else ""), build)))
