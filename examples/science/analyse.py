"""Fit how a cup of coffee cools down, and say which environment that was computed in."""

import os
import shutil
import subprocess  # noqa: TID251  (this is not pyve)
import sys
from pathlib import Path

import numpy as np

ROOM_CELSIUS = 23.0

minute, celsius = np.loadtxt(Path(__file__).with_name("cooling.csv"), delimiter=",", skiprows=1, unpack=True)
slope, start = np.polyfit(minute, np.log(celsius - ROOM_CELSIUS), deg=1)
print(
    f"{len(minute)} measurements: the coffee loses half of its lead over the room in {np.log(2) / -slope:.1f} minutes."
)
print(f"It was served at {np.exp(start) + ROOM_CELSIUS:.0f} degrees.")
print()
print(f"Python {sys.version.split()[0]} and numpy {np.__version__} in {sys.prefix}")

r = shutil.which("R")
if r is None or not Path(r).is_relative_to(sys.prefix):
    sys.exit("R is not the one of this environment")
says = subprocess.run([r, "--version"], capture_output=True, text=True, check=True).stdout
print(f"{says.splitlines()[0]}; OMP_NUM_THREADS is {os.environ['OMP_NUM_THREADS']}")
