"""Yanked versions (PEP 592) in a lock: taken because exactly that one is asked for."""


def tell_yanked(name: str, version: str, reason: str = "") -> str:
    """Say it of one package; `reason` is what those wrote who yanked it."""
    return f"{name}=={version} was yanked by those who published it" + (f": {reason}" if reason else "")
