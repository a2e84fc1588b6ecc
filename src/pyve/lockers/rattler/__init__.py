"""The locker that comes with pyve for conda packages: each platform is solved by rattler, its pip section by uv.

`locker` puts the lock together, `platform_solve` finds the packages of one platform, `conda_rows` makes rows of them;
`pip_section` decides what of a pip section is locked, `pip_compile` runs uv for that, `locked_file` and `file_choice`
take the file that fits the platform best, and `portability` refuses files that only this machine can reach.
"""
