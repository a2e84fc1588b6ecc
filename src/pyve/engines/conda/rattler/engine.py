"""The engine that is embedded: py-rattler, in a worker process that ends with the command."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pyve.engines.conda.credentials.credentials import read_credentials
from pyve.engines.conda.engine import BuiltPrefix, EngineSurroundings, PrefixRequest, Solution, SolveRequest
from pyve.engines.conda.failures.engine_failure import name_foreign_channel
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.rattler.cache import ExtractedPackages
from pyve.engines.conda.rattler.channel_routes import ChannelRoutes
from pyve.engines.conda.rattler.network import find_ambiguous
from pyve.engines.conda.rattler.orders import BuildOrder, MatchOrder, SolveOrder, Surroundings
from pyve.engines.conda.rattler.process import OrderRefusedError, RattlerProcess
from pyve.environments.progress import Progress, ProgressEvent, report_nothing
from pyve.errors.conda import ChannelUnauthorisedError
from pyve.project.conda.channel import Channel
from pyve.project.conda.package import CondaPackage, package_from_json
from pyve.system.directories import home_directory
from pyve.system.files import tell_disk_errors

_TIMEOUT_SECONDS = 60
_ARCHIVE_URL = re.compile(r"(?P<scheme>https?):/*(?P<rest>[^\s'\",\]]+\.(?:conda|tar\.bz2))", re.IGNORECASE)
_WORTH_ANOTHER_SOURCE = frozenset({"channel", "unauthorised", "corrupt"})


class RattlerEngine:
    """py-rattler. Its process is started by the first request and lives until `close`."""

    name = "rattler"

    def __init__(self, surroundings: EngineSurroundings) -> None:
        self._surroundings = surroundings
        self._cache = surroundings.cache_directory / "conda" / "rattler"
        self._routes = ChannelRoutes()
        self._process = RattlerProcess(surroundings)
        self._notes: list[str] = []

    def version(self) -> str:
        """Its own version, as in `0.28.0`."""
        return self._process.read_version()

    def solve(self, request: SolveRequest, progress: Progress) -> Solution:
        """Find the packages; a channel that fails is asked at its next source."""
        self._routes.add(request.channels)
        progress(ProgressEvent(phase="solve", message="Solving with rattler"))
        tries = _Tries(self._routes)
        while True:
            try:
                answer = self._process.ask(self._solve_order(request), progress)
                break
            except OrderRefusedError as refused:
                if not tries.allow_another(refused):
                    failure = replace(refused.failure, assumes_machine=request.virtual_packages is not None)
                    raise to_error(failure, origins=request.origins) from None
        packages = (package_from_json(document) for document in answer["packages"])
        return Solution(
            packages=tuple(replace(one, url=self._routes.to_canonical(one.url)) for one in packages),
            virtual_packages=answer["virtual_packages"],
        )

    def build(self, request: PrefixRequest, progress: Progress) -> BuiltPrefix:
        """Make the prefix; what fails on the way is tried once more, or at the channel's next source.

        A further try has a process of its own: rattler's threads go on linking after a failure.
        """
        self._routes.add(request.channels)
        order = self._build_order(request)
        tries = _Tries(self._routes)
        while True:
            try:
                answer = self._process.ask(order, progress)
                break
            except OrderRefusedError as refused:
                self.close()
                if not tries.allow_another(refused):
                    raise to_error(refused.failure) from None
                progress(ProgressEvent(phase="download", message="Fetching once more what could not be used"))
                order = replace(self._build_order(request), again=True, distrust=_names(request.packages, refused))
        return BuiltPrefix(
            link_scripts=tuple(answer["link_scripts"]),
            menus=tuple(answer["menus"]),
            clobbered=tuple(answer["clobbered"]),
            unverified=tuple(answer["unverified"]),
            notes=tuple(self._notes),
            virtual_packages=answer["virtual_packages"],
        )

    def find_unmet(self, specs: tuple[str, ...], packages: tuple[CondaPackage, ...]) -> tuple[str, ...]:
        """The specs that neither a package nor a virtual package of this machine satisfies."""
        try:
            return tuple(self._process.ask(MatchOrder(specs=specs, packages=packages), report_nothing)["unmet"])
        except OrderRefusedError as refused:
            raise to_error(refused.failure) from None

    def close(self) -> None:
        """Kill the process with all that it has started."""
        self._process.close()

    def _solve_order(self, request: SolveRequest) -> SolveOrder:
        specs = []
        for text in request.specs:
            translated = self._routes.translate_spec(text, request.channels)
            if translated is None:
                raise to_error(name_foreign_channel(text, request.channels), origins=request.origins)
            specs.append(translated)
        return SolveOrder(
            surroundings=self._tell_surroundings(request.channels, urls=_find_archives(specs)),
            specs=tuple(specs),
            channels=tuple(map(self._routes.base_of, request.channels)),
            subdir=request.subdir,
            virtual_packages=request.virtual_packages,
            prefer=tuple(replace(one, url=self._routes.to_source(one.url)) for one in request.prefer),
            prefer_from_channels=request.prefer_from_channels,
            strict_priority=request.priority == "strict",
            exclude_newer=request.exclude_newer,
            offline=request.offline,
        )

    def _build_order(self, request: PrefixRequest) -> BuildOrder:
        sources = {one.url: self._routes.to_source(one.url) for one in request.packages}
        return BuildOrder(
            surroundings=self._tell_surroundings(request.channels, urls=tuple(sources.values())),
            packages=request.packages,
            prefix=os.fspath(request.prefix),
            subdir=request.subdir,
            sources={url: source for url, source in sources.items() if url != source},
            copy=request.links == "copy",
            run_link_scripts=request.run_link_scripts,
            offline=request.offline,
        )

    def _tell_surroundings(self, channels: tuple[Channel, ...], *, urls: tuple[str, ...] = ()) -> Surroundings:
        environment = self._surroundings.environment
        credentials = read_credentials(channels, environment=environment, home=Path(home_directory(environment)))
        self._process.keep_quiet_about(credentials.redact)
        self._notes += [note for note in credentials.notes if note not in self._notes]
        headers = credentials.reveal_headers_beside(urls)
        _refuse_ambiguous(headers)
        with tell_disk_errors(self._cache):
            ExtractedPackages(self._cache).prepare()
        return Surroundings(
            cache=os.fspath(self._cache),
            timeout_seconds=_read_timeout(environment),
            headers=headers,
            tokens=credentials.reveal_tokens(),
        )


class _Tries:
    """How often one request is tried: at each source of the channel that fails, and once more where that may help."""

    def __init__(self, routes: ChannelRoutes) -> None:
        self._routes = routes
        self._repeated = False

    def allow_another(self, refused: OrderRefusedError) -> bool:
        """Whether there is another try, by another source or by the same one."""
        failure = refused.failure
        if failure.kind in _WORTH_ANOTHER_SOURCE and self._routes.leave(failure.subject):
            return True
        allowed = refused.may_pass and not self._repeated
        self._repeated = True
        return allowed


def _find_archives(specs: Iterable[str]) -> tuple[str, ...]:
    """The URLs of archives that specs name themselves, however carelessly they are written."""
    found = (match for text in specs for match in _ARCHIVE_URL.finditer(text.replace("\\", "/")))
    return tuple(f"{match['scheme'].lower()}://{match['rest']}" for match in found)


def _refuse_ambiguous(headers: Mapping[str, Mapping[str, str]]) -> None:
    place = find_ambiguous(headers)
    if place:
        raise ChannelUnauthorisedError(
            f"The credentials for {place} are not sent: packages come from another port of that server too, "
            "and rattler does not tell one from the other.",
            hint="name the server otherwise in one of the channels, or take the other engine: --engine micromamba",
        )


def _read_timeout(environment: Mapping[str, str]) -> int:
    text = environment.get("PYVE_HTTP_TIMEOUT", "")
    return int(text) if text.isdecimal() and int(text) > 0 else _TIMEOUT_SECONDS


def _names(packages: tuple[CondaPackage, ...], refused: OrderRefusedError) -> tuple[str, ...]:
    """The packages that a failure is about: those whose archive its text names."""
    said = f"{refused.failure.subject} {refused.failure.text}"
    return tuple(one.name for one in packages if one.file_name in said) if refused.failure.kind == "corrupt" else ()
