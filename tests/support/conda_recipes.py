"""The packages of a test's channel that are no Python interpreter: what each is good for stands beside it."""

import random
from collections.abc import Iterator

from tests.support.conda_package import PLACEHOLDER, MadePackage, PackageFile, program, symlink, text_file

OTHER_SUBDIRS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")


def all_recipes(subdir: str) -> Iterator[MadePackage]:
    """Every package but python, pip and what is built for one python; `subdir` is this machine's."""
    for version in ("1.0", "1.1", "2.0"):
        yield tiny(version)
    yield from conflict_graph()
    yield from for_some_machines(subdir)
    yield from other_languages(subdir)
    yield from odd_files(subdir)
    yield from for_other_platforms(subdir)


def generic(name: str, version: str, *depends: str, subdir: str = "noarch", build: str = "0") -> MadePackage:
    """A package of one file, share/NAME/version.txt."""
    content = text_file(f"share/{name}/version.txt", f"{version} {build}\n")
    return MadePackage(name=name, version=version, build=build, subdir=subdir, depends=depends, files=(content,))


def heavy(number: int, *, files: int = 60, bytes_of_each: int = 100_000) -> MadePackage:
    """A package that takes a while to fetch and to link: heavy-NUMBER, with content that no other has."""
    dice = random.Random(number)
    content = tuple(
        PackageFile(path=f"share/heavy-{number}/{index:03d}.bin", data=dice.randbytes(bytes_of_each))
        for index in range(files)
    )
    return MadePackage(name=f"heavy-{number}", version="1.0", files=content)


def tiny(version: str, *, build: str = "pyh0_0") -> MadePackage:
    """A Python module with a command, for any Python."""
    info = f"site-packages/tiny-{version}.dist-info"
    body = f"import sys\n\n__version__ = {version!r}\n\n\ndef main():\n    print('tiny', __version__, *sys.argv[1:])\n"
    record = f"tiny/__init__.py,,\ntiny-{version}.dist-info/METADATA,,\ntiny-{version}.dist-info/RECORD,,\n"
    return MadePackage(
        name="tiny",
        version=version,
        build=build,
        noarch="python",
        depends=("python >=3.8",),
        entry_points=("tiny-cmd = tiny:main",),
        files=(
            text_file("site-packages/tiny/__init__.py", body),
            text_file(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"),
            text_file(f"{info}/RECORD", record),
            text_file(f"{info}/INSTALLER", "conda\n"),
        ),
    )


def conflict_graph() -> Iterator[MadePackage]:
    """app-a wants libfoo 2, app-b libfoo 1; app-ok takes both, libbar forbids 2; app-missing wants what nobody has."""
    for version in ("1.0", "1.5", "2.0", "2.1"):
        yield generic("libfoo", version)
    yield generic("app-a", "1.0", "libfoo >=2,<3")
    yield generic("app-b", "1.0", "libfoo >=1,<2")
    yield generic("app-ok", "1.0", "libfoo")
    yield generic("app-ok", "1.1", "libfoo >=1.5")
    yield generic("app-missing", "1.0", "does-not-exist >=1")
    yield generic("app-oldpy", "1.0", "python >=3.6,<3.8")
    yield MadePackage(
        name="libbar", version="1.0", constrains=("libfoo <2",), format="tar.bz2", files=_version("libbar")
    )
    # Two that own one path.
    yield MadePackage(name="clash-one", version="1.0", files=(text_file("share/clash.txt", "one\n"),))
    yield MadePackage(name="clash-two", version="1.0", files=(text_file("share/clash.txt", "two\n"),))


def for_some_machines(subdir: str) -> Iterator[MadePackage]:
    """Packages that virtual packages decide on; nobody has that glibc, most have no CUDA."""
    yield generic("app-cuda", "1.0", "__cuda >=12", subdir=subdir)
    yield generic("app-glibc", "1.0", "__glibc >=2.99", subdir=subdir)
    yield generic("old-glibc", "1.0", "__glibc >=2.17", subdir=subdir)
    yield generic("linux-only", "1.0", "__linux")
    yield generic("unix-only", "1.0", "__unix")


def for_other_platforms(subdir: str) -> Iterator[MadePackage]:
    """What a lock for other platforms needs; nothing of it runs."""
    for other in OTHER_SUBDIRS:
        if other == subdir:
            continue
        condition = "__win" if other.startswith("win") else "__unix"
        yield generic("python", "3.11.7", condition, subdir=other)
        yield generic("native", "1.0", condition, subdir=other)
    yield generic("native", "1.0", "__unix", subdir=subdir)


def other_languages(subdir: str) -> Iterator[MadePackage]:
    """R, Java, Node and C as conda packages lay them out, with shell scripts where the real ones are programs."""
    script = f'#!/bin/sh\nR_HOME="{PLACEHOLDER}/lib/R"\n'
    yield MadePackage(
        name="r-base",
        version="4.4.1",
        subdir=subdir,
        files=(
            program("bin/R", script + 'echo "R version $(cat "$R_HOME/VERSION")"\n'),
            program("bin/Rscript", script + 'shift $(($# - 1)); echo "Rscript in $R_HOME: $1"\n'),
            text_file("lib/R/VERSION", "4.4.1\n"),
            text_file("lib/R/etc/Renviron", f"R_LIBS_SITE={PLACEHOLDER}/lib/R/library\n"),
            text_file("lib/R/library/base/DESCRIPTION", "Package: base\nVersion: 4.4.1\n"),
        ),
    )
    description = text_file("lib/R/library/tiny/DESCRIPTION", "Package: tiny\nVersion: 0.1\n")
    yield MadePackage(name="r-tiny", version="0.1", depends=("r-base >=4.4",), files=(description,))
    yield MadePackage(
        name="openjdk",
        version="21.0.1",
        subdir=subdir,
        files=(
            program("lib/jvm/bin/java", '#!/bin/sh\necho "java with $JAVA_HOME"\n'),
            symlink("bin/java", "../lib/jvm/bin/java"),
            text_file(
                "etc/conda/activate.d/openjdk_activate.sh",
                'export CONDA_BACKUP_JAVA_HOME="${JAVA_HOME:-}"\nexport JAVA_HOME="$CONDA_PREFIX/lib/jvm"\n',
            ),
            text_file(
                "etc/conda/deactivate.d/openjdk_deactivate.sh",
                'export JAVA_HOME="$CONDA_BACKUP_JAVA_HOME"\nunset CONDA_BACKUP_JAVA_HOME\n'
                'if [ -z "$JAVA_HOME" ]; then unset JAVA_HOME; fi\n',
            ),
        ),
    )
    yield MadePackage(
        name="nodejs",
        version="22.0.0",
        subdir=subdir,
        files=(
            program("bin/node", "#!/bin/sh\necho v22.0.0\n"),
            program("lib/node_modules/npm/bin/npm-cli.js", "#!/usr/bin/env node\n"),
            symlink("bin/npm", "../lib/node_modules/npm/bin/npm-cli.js"),
        ),
    )
    library = PackageFile(path="lib/libz.so.1.3.1", data=b"\x7fELF" + bytes(range(256)), mode=0o755)
    yield MadePackage(
        name="libz",
        version="1.3.1",
        subdir=subdir,
        files=(
            library,
            symlink("lib/libz.so.1", "libz.so.1.3.1"),
            symlink("lib/libz.so", "libz.so.1"),
            text_file("include/zlib.h", '#define ZLIB_VERSION "1.3.1"\n'),
            text_file("lib/pkgconfig/zlib.pc", f"prefix={PLACEHOLDER}\n"),
        ),
    )


def odd_files(subdir: str) -> Iterator[MadePackage]:
    """Placeholders, link scripts, menu items, modes, names that are not ASCII, and the old format."""
    placeholder = PLACEHOLDER.encode()
    blob = b"\x00\x01" + placeholder + b"/lib\x00between\x00" + placeholder + b"\x00tail"
    yield MadePackage(
        name="prefixed",
        version="1.0",
        subdir=subdir,
        files=(
            program("bin/where-am-i", f"#!/bin/sh\nprintf '%s\\n' '{PLACEHOLDER}'\n"),
            text_file(
                "etc/prefixed.conf", f"root = {PLACEHOLDER}\nlibraries = {PLACEHOLDER}/lib:{PLACEHOLDER}/lib64\n"
            ),
            PackageFile(path="lib/blob.bin", data=blob, placeholder="binary"),
            symlink("lib/link-to-blob", "blob.bin"),
        ),
    )
    yield MadePackage(
        name="postlink",
        version="1.0",
        subdir=subdir,
        files=(
            program("bin/.postlink-post-link.sh", '#!/bin/sh\necho "linked $PKG_NAME" > "$PREFIX/postlink.txt"\n'),
            program("bin/.postlink-pre-unlink.sh", '#!/bin/sh\nrm -f "$PREFIX/postlink.txt"\n'),
        ),
    )
    menu = (
        '{"$id": "https://schemas.conda.org/menuinst-1.schema.json", "menu_name": "Menu of a test",'
        ' "menu_items": [{"name": "Item", "command": ["true"], "activate": false,'
        ' "platforms": {"linux": {}, "osx": {}, "win": {}}}]}\n'
    )
    yield MadePackage(name="menu", version="1.0", files=(text_file("Menu/menu.json", menu),))
    yield MadePackage(
        name="tool-data",
        version="1.0",
        files=(
            program("share/tool-data/run.sh", "#!/bin/sh\necho ran\n"),
            text_file("share/tool-data/read-only.txt", "only read me\n", mode=0o444),
            text_file("share/tool-data/empty.txt", ""),
        ),
    )
    yield MadePackage(
        name="odd-names",
        version="1.0",
        files=(
            text_file("share/odd names/größe ☃.txt", "schön\n"),
            text_file("share/odd names/it's [a] $HOME `name`.txt", "odd\n"),
        ),
    )
    yield MadePackage(name="old-format", version="1.0", subdir=subdir, format="tar.bz2", files=_version("old-format"))


def _version(name: str) -> tuple[PackageFile, ...]:
    return (text_file(f"share/{name}/version.txt", "1.0\n"),)
