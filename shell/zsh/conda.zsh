# Conda prefixes, for zsh 5.3 and newer: how one is stacked on what is active, and the scripts of its packages.
# A part of what activation.zsh does; the rules are those of that file.

# Put into __pyve_stacked what tells conda that the prefix lies on what is active already, as `conda activate --stack`
# does: `conda deactivate` goes back to that. What is no level, or has no prefix, counts as 0.
__pyve_stack_conda() {
  \builtin local __pyve_level=${CONDA_SHLVL-}
  if [[ -z "${CONDA_PREFIX-}" || -z "$__pyve_level" || "${#__pyve_level}" -gt 3 || "$__pyve_level" = 0* ||
    "$__pyve_level" = *[^0123456789]* ]]; then
    __pyve_stacked=(CONDA_SHLVL 1)
  elif [[ "$CONDA_PREFIX" = "$__pyve_s_conda" ]]; then
    __pyve_stacked=(CONDA_SHLVL "$__pyve_level")
  elif [[ "$__pyve_level" = 999 ]]; then # the last one
    __pyve_stacked=(CONDA_SHLVL 1)
  else
    __pyve_stacked=(CONDA_SHLVL $((__pyve_level + 1)) "CONDA_PREFIX_$__pyve_level" "$CONDA_PREFIX"
      "CONDA_STACKED_$((__pyve_level + 1))" true)
  fi
}

# Source scripts of packages, those that are there and the user's own and lie where pyve keeps them. Not while another
# prefix is active: nothing of ours is then.
__pyve_source() {
  \builtin local __pyve_script __pyve_sourcing=1 # a cd of theirs is none of the user's
  if [[ "${CONDA_PREFIX-}" != "${_PYVE_NEW_CONDA_PREFIX-}" ]]; then \builtin return 0; fi
  for __pyve_script in "$@"; do
    if [[ "$__pyve_script" != "${__pyve_state:-/dev/null}"/*.sh &&
      "$__pyve_script" != "${__pyve_scripts_at:-/dev/null/}"*.sh ]]; then \builtin continue; fi
    if [[ "$__pyve_script" = */../* || ! -f "$__pyve_script" || ! -r "$__pyve_script" || ! -O "$__pyve_script" ]]; then
      \builtin continue
    fi
    __pyve_source_one || __pyve_warn_of_script "$?"
  done
}

# In zsh as it is without options, whatever the script sets; without arguments, so that it has none. An error ends it
# alone: by a block in quotes, for under `ignore_braces` it is none.
__pyve_source_one() {
  \builtin emulate -L zsh -o no_aliases -o no_all_export -o no_auto_name_dirs -o clobber -o no_err_exit \
    -o no_err_return -o no_pipe_fail -o no_xtrace
  \builtin eval '{ \builtin . "$__pyve_script" } always { \builtin setopt no_all_export no_xtrace; TRY_BLOCK_ERROR=0 }'
}

# On leaving nothing is said: what was active goes in any case.
__pyve_warn_of_script() {
  if [[ -n "${__pyve_mine-}" ]]; then
    __pyve_warn "${__pyve_script##*/} of a package failed (status $1); the environment is active all the same."
  fi
}

# Source what the record says, unless `conda deactivate` or `conda activate` has done so. What is interrupted is not
# begun again.
__pyve_source_on_leaving() {
  \builtin local __pyve_mine=
  \builtin local -a __pyve_scripts
  __pyve_scripts=("${(@s.:.)_PYVE_SCRIPTS}")
  \builtin unset _PYVE_SCRIPTS
  __pyve_source "${__pyve_scripts[@]}"
}
