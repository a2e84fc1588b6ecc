"""conda-lock as a locker: for teams whose locks must come from that tool. It solves with a micromamba executable."""
