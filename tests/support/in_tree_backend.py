"""The build backend that made-up source trees carry: PEP 517 and 660, standard library only, offline.

Everything it needs stands beside it in plan.json, which made_up_package.project_files writes.
"""

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Dict, Optional  # noqa: UP035  (runs on any Python that the tests install into)


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Optional[str] = None) -> str:  # noqa: UP045
    """Build a wheel of the module and the other files."""
    plan = _plan(config_settings)
    return _write(wheel_directory, plan, {path: Path(path).read_text(encoding="utf-8") for path in plan["files"]})


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: Optional[str] = None) -> str:  # noqa: UP045
    """Build a wheel that leads here."""
    plan = _plan(config_settings)
    return _write(wheel_directory, plan, {"__editable__" + plan["stem"] + ".pth": f"{Path.cwd()}\n"})


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """Refuse: nothing needs it."""
    raise RuntimeError("the tests build no sdist with this backend")


def _plan(config_settings: Any) -> Dict[str, Any]:  # noqa: UP006
    plan: Dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))  # noqa: UP006
    if plan["failing_with"]:
        sys.stdout.write(plan["failing_with"] + "\n")
        sys.exit(1)
    if config_settings:
        plan["files"].append("settings.json")
        Path("settings.json").write_text(json.dumps(config_settings), encoding="utf-8")
    return plan


def _write(directory: str, plan: Dict[str, Any], files: Dict[str, str]) -> str:  # noqa: UP006
    info = plan["stem"] + ".dist-info/"
    files[info + "METADATA"] = plan["metadata"]
    files[info + "WHEEL"] = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    if plan["entry_points"]:
        files[info + "entry_points.txt"] = plan["entry_points"]
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text.encode())}\n"
    files[info + "RECORD"] = record + info + "RECORD,,\n"
    name: str = plan["stem"] + "-py3-none-any.whl"
    with zipfile.ZipFile(Path(directory) / name, "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, date_time=(2020, 1, 1, 0, 0, 0)), text)
    return name
