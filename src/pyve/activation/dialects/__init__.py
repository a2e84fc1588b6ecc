"""The shells that can be activated in."""

from collections.abc import Mapping

from pyve.activation.dialects.bash import Bash
from pyve.activation.dialects.dialect import Dialect
from pyve.activation.dialects.fish import Fish
from pyve.activation.dialects.pwsh import Pwsh
from pyve.activation.dialects.zsh import Zsh

DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (Bash(), Zsh(), Fish(), Pwsh())}
