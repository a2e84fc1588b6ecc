"""pip-tools, as a locker: for projects that use it already."""
