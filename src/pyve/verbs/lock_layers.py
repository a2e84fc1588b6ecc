"""The pins of a requirements.txt, as what other locks must agree with."""

import re

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?(?P<rest>\s*(?:===?|@)\s*[^\\#]+)")


def list_pins(text: str) -> tuple[str, ...]:
    """Return `name==version ; marker` for every pin: lines of a constraints file, without extras and hashes."""
    pins = []
    for line in text.splitlines():
        found = _PIN.match(line)
        if found:
            pins.append(f"{found['name']}{found['rest'].partition(' --hash=')[0].rstrip()}")
    return tuple(pins)
