"""Say hello with the packages of requirements.txt, and say which environment they came from."""

import sys
from datetime import timedelta

import humanize
import pyfiglet

print(pyfiglet.figlet_format("hello", font="small").rstrip())
print()
print(f"Python {sys.version.split()[0]} in {sys.prefix}")
print(f"A minute is {humanize.precisedelta(timedelta(minutes=1))}.")
