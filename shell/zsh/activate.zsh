# Entering one project by hand: `eval "$(pyve activate)"`. `deactivate` leaves it; until then hooks leave it alone.
@ACTIVATION@

@SNIPPET@
__pyve_file='' # what a hook had read last is not in the snippet's variables any more
if [[ ! -o interactive ]]; then __pyve_s_prompt=''; fi
__pyve_leave
# A virtual environment that was activated by hand is left by its own `deactivate`.
if [[ -n "${VIRTUAL_ENV-}" && -n "${_OLD_VIRTUAL_PATH-}" ]] && \builtin typeset +f deactivate >/dev/null; then
  deactivate
fi
__pyve_enter
if [[ -n "${_PYVE_ROOT+1}" ]]; then \builtin export _PYVE_PINNED=1; fi
