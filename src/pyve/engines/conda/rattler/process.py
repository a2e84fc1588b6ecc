"""The process in which rattler works, as the command line's process sees it: started, asked, listened to, killed."""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pyve.engines.conda.engine import EngineSurroundings
from pyve.engines.conda.failures.engine_failure import EngineFailure
from pyve.engines.conda.failures.explanation import to_error
from pyve.engines.conda.rattler.orders import Order, write_order
from pyve.engines.redaction import Redact, redactor
from pyve.environments.progress import Progress, ProgressEvent
from pyve.system.process_group import Conversation, start_conversation

# This pyve, not another one that is installed; but what the interpreter knows already stays behind its own library.
_START = (
    "import sys; sys.path[:0] = [place for place in sys.argv[2:] if place not in sys.path]; "
    "from pyve.engines.conda.rattler.worker import main; main()"
)
_CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_SHOWN_CHARACTERS = 4000


class OrderRefusedError(Exception):
    """The worker's answer is a failure; `may_pass` says that the same order may well succeed a moment later."""

    def __init__(self, failure: EngineFailure, *, may_pass: bool) -> None:
        super().__init__(failure.text)
        self.failure = failure
        self.may_pass = may_pass


class RattlerProcess:
    """One worker at a time: started by what is asked first, and again by what is asked first after `close`."""

    def __init__(self, surroundings: EngineSurroundings) -> None:
        self._version = ""
        self._surroundings = surroundings
        self._errors = surroundings.work_directory / "rattler.stderr"
        self._redactions = [redactor(surroundings.environment)]
        self._worker: Conversation | None = None

    def keep_quiet_about(self, redact: Redact) -> None:
        """Let `redact` go over whatever the worker says, too."""
        self._redactions.append(redact)

    def read_version(self) -> str:
        """The version of rattler. Raises EngineFailedError when the worker ended before it said so."""
        with self._closed_by_failures():
            while not self._version:
                self._receive(self._start())
        return self._version

    def ask(self, order: Order, progress: Progress) -> dict[str, Any]:
        """The worker's answer. Raises OrderRefusedError, and EngineFailedError when it ended without one."""
        with self._closed_by_failures():
            worker = self._start()
            try:
                worker.send(write_order(order))
            except OSError:
                raise self._ended_without_answer() from None
            while True:
                message = self._receive(worker)
                if "progress" in message:
                    progress(ProgressEvent(**message["progress"]))
                elif "failure" in message:
                    failure = message["failure"]
                    raise OrderRefusedError(self._read_failure(failure), may_pass=failure["may_pass"])
                elif "answer" in message:
                    answer: dict[str, Any] = message["answer"]
                    return answer

    def close(self) -> int:
        """Kill it with all that it has started, keep what it said on stderr in the log; return its exit status."""
        if self._worker is None:
            return 0
        worker, self._worker = self._worker, None
        status = worker.kill()
        self._log(self._read_stderr())
        with contextlib.suppress(OSError):  # on Windows somebody may still have it open; it goes with the folder
            self._errors.unlink()
        return status

    @contextlib.contextmanager
    def _closed_by_failures(self) -> Iterator[None]:
        try:
            yield
        except OrderRefusedError:
            raise
        except BaseException:  # Ctrl-C among them, which the worker does not get: its session is its own
            self.close()
            raise

    def _start(self) -> Conversation:
        """The worker, started without waiting for it: it imports rattler while other work is done here."""
        if self._worker is None:
            self._worker = start_conversation(
                _worker_command(),
                environment=_worker_environment(self._surroundings.environment),
                errors=self._errors,
                inherited_descriptors=self._surroundings.inherited_descriptors,
            )
        return self._worker

    def _receive(self, worker: Conversation) -> dict[str, Any]:
        """The worker's next message; the first one tells the version."""
        line = worker.receive()
        if line is None:
            raise self._ended_without_answer()
        message: dict[str, Any] = json.loads(line)
        self._version = str(message.get("ready", self._version))
        return message

    def _read_failure(self, document: Mapping[str, Any]) -> EngineFailure:
        failure = EngineFailure(
            kind=document["kind"],
            text=self._redact(document["text"]),
            subject=self._redact(document["subject"]),
            virtual_packages=document["virtual_packages"],
            names=tuple(document["names"]),
            path=Path(document["path"]) if document["path"] else None,
            log=self._surroundings.log,
        )
        self._log(f"{failure.kind}: {failure.text}\n")
        return failure

    def _ended_without_answer(self) -> Exception:
        said = self._read_stderr()[-_SHOWN_CHARACTERS:]
        status = self.close()
        text = f"{said}\nrattler's process ended without an answer (status {status})".strip()
        return to_error(EngineFailure(kind="failed", text=text, log=self._surroundings.log))

    def _read_stderr(self) -> str:
        try:
            return self._redact(self._errors.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return ""

    def _redact(self, text: str) -> str:
        for redact in self._redactions:
            text = redact(text)
        return text

    def _log(self, text: str) -> None:
        if text:
            with self._surroundings.log.open("a", encoding="utf-8") as log:
                log.write(text)


def _worker_command() -> list[str]:
    """-I: what lies in the working directory, or in PYTHONPATH, is not imported; where pyve and rattler lie is told."""
    rattler = find_spec("rattler")
    places = [Path(__file__).parents[4]]
    if rattler is not None and rattler.origin:
        places.append(Path(rattler.origin).parents[1])
    # A process dies with the thread that started it, as Linux sees it; the main one lives as long as pyve.
    is_main = threading.current_thread() is threading.main_thread()
    watch = "--end-with-parent" if is_main else "--watch-stdin"
    return [sys.executable, "-I", "-c", _START, watch, *map(os.fspath, dict.fromkeys(places))]


def _worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, with the certificates where rattler's library looks for them."""
    bundle = next((environment[name] for name in _CERTIFICATES if environment.get(name)), None)
    return dict(environment) | ({"SSL_CERT_FILE": bundle} if bundle else {})
