"""Python installations that Windows' registry knows (PEP 514): what the launcher `py` lists, without starting it."""

import sys
from collections.abc import Iterator
from pathlib import PureWindowsPath

if sys.platform == "win32":
    import winreg

    def registered_directories() -> Iterator[str]:
        """The directories of the executables of every registered installation."""
        for hive, view in (
            (winreg.HKEY_CURRENT_USER, 0),
            (winreg.HKEY_LOCAL_MACHINE, winreg.KEY_WOW64_64KEY),
            (winreg.HKEY_LOCAL_MACHINE, winreg.KEY_WOW64_32KEY),
        ):
            for company in _subkeys(hive, r"Software\Python", view):
                if company == "PyLauncher":  # reserved by PEP 514, not a vendor
                    continue
                for tag in _subkeys(hive, rf"Software\Python\{company}", view):
                    directory = _install_directory(hive, rf"Software\Python\{company}\{tag}\InstallPath", view)
                    if directory and PureWindowsPath(directory).is_absolute():
                        yield directory

    def _install_directory(hive: int, key: str, view: int) -> str | None:
        executable = _value(hive, key, "ExecutablePath", view)
        return str(PureWindowsPath(executable).parent) if executable else _value(hive, key, "", view)

    def _subkeys(hive: int, key: str, view: int) -> list[str]:
        names: list[str] = []
        try:
            with winreg.OpenKeyEx(hive, key, 0, winreg.KEY_READ | view) as opened:
                names.extend(winreg.EnumKey(opened, index) for index in range(winreg.QueryInfoKey(opened)[0]))
        except OSError:  # no such key: nothing is registered there
            return names
        return names

    def _value(hive: int, key: str, name: str, view: int) -> str | None:
        try:
            with winreg.OpenKeyEx(hive, key, 0, winreg.KEY_READ | view) as opened:
                value = winreg.QueryValueEx(opened, name)[0]
        except OSError:
            return None
        return value if isinstance(value, str) and value else None

else:

    def registered_directories() -> Iterator[str]:
        """Nothing: other systems have no registry."""
        return iter(())
