# Entering one project by hand: `pyve activate | source`. `deactivate` leaves it; until then hooks leave it alone.
@ACTIVATION@

@SNIPPET@
set -g __pyve_file # what a hook had read last is not in the snippet's variables any more
if not status is-interactive
    set -g __pyve_s_prompt ''
end
__pyve_leave
# A virtual environment that was activated by hand is left by its own `deactivate`.
if test -n "$VIRTUAL_ENV" -a -n "$_OLD_VIRTUAL_PATH"; and builtin functions -q deactivate
    deactivate
end
__pyve_enter
if set -q _PYVE_ROOT
    set -gx _PYVE_PINNED 1
end
