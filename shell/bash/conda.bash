# shellcheck shell=bash disable=SC2154,SC2153
# Conda prefixes, for bash 3.2 and newer: how one is stacked on what is active, and the scripts of its packages.
# A part of what activation.bash does; the rules are those of that file.

# Put the list of what is set into __pyve_stacked, with what tells conda that the prefix lies on what is active already,
# as `conda activate --stack` does: `conda deactivate` goes back to that. A level without a prefix counts as none.
__pyve_stack_conda() {
  \builtin local "level=${CONDA_SHLVL-}"
  __pyve_stacked=(${__pyve_s_set[@]+"${__pyve_s_set[@]}"} CONDA_SHLVL)
  if [[ -z ${CONDA_PREFIX-} || -z $level || ${#level} -gt 3 || $level = 0* || $level = *[!0123456789]* ]]; then
    __pyve_stacked+=(1)
  elif [ "$CONDA_PREFIX" = "$__pyve_s_conda" ]; then
    __pyve_stacked+=("$level")
  elif [ "$level" = 999 ]; then # the last one
    __pyve_stacked+=(1)
  else
    __pyve_stacked+=("$((level + 1))" "CONDA_PREFIX_$level" "$CONDA_PREFIX" "CONDA_STACKED_$((level + 1))" true)
  fi
}

# Source scripts of packages, those that are there and the user's own and lie where pyve keeps them. Not while another
# prefix is active: nothing of ours is then.
__pyve_source() {
  \builtin local __pyve_script __pyve_failed
  if [ "${CONDA_PREFIX-}" != "${_PYVE_NEW_CONDA_PREFIX-}" ]; then \builtin return 0; fi
  for __pyve_script; do
    case $__pyve_script in
    */../* | */./*) ;;
    "${__pyve_state:-/dev/null}"/*.sh | "${__pyve_scripts_at:-/dev/null/}"*.sh)
      if [[ -f $__pyve_script && -r $__pyve_script && -O $__pyve_script ]]; then
        __pyve_failed=0
        __pyve_clear_options
        __pyve_source_one || __pyve_failed=$?
        __pyve_restore_options
        if [ "$__pyve_failed" != 0 ]; then __pyve_warn_of_script "$__pyve_failed"; fi
      fi
      ;;
    esac
  done
}

# Without arguments, so that the script has none.
__pyve_source_one() {
  \builtin . "$__pyve_script"
}

# Switch off, and remember, what would trip a script that was written for a shell without it.
__pyve_clear_options() {
  \builtin local __pyve_name
  __pyve_options=()
  __pyve_aliases=-u
  if \builtin shopt -q expand_aliases; then __pyve_aliases=-s; fi
  for __pyve_name in xtrace allexport errexit errtrace functrace keyword noclobber noglob nounset pipefail; do
    if [[ -o $__pyve_name ]]; then
      __pyve_options+=(-o "$__pyve_name")
      \builtin set +o "$__pyve_name"
    else
      __pyve_options+=(+o "$__pyve_name")
    fi
  done
  \builtin shopt -u expand_aliases
}

# Whatever a script has left, or one that was interrupted has not: the options are as they were.
__pyve_restore_options() {
  \builtin shopt "$__pyve_aliases" expand_aliases
  \builtin set "${__pyve_options[@]}"
  __pyve_options=() # last: what is interrupted before is done again
}

# On leaving nothing is said: what was active goes in any case.
__pyve_warn_of_script() {
  if [[ -n ${__pyve_mine-} ]]; then
    __pyve_warn "${__pyve_script##*/} of a package failed (status $1); the environment is active all the same."
  fi
}

# Source what the record says, unless `conda deactivate` or `conda activate` has done so. What is interrupted is not
# begun again.
__pyve_source_on_leaving() {
  \builtin local "__pyve_rest=$_PYVE_SCRIPTS" "__pyve_mine="
  \builtin local -a __pyve_scripts
  \builtin unset -v _PYVE_SCRIPTS
  if [[ $__pyve_rest = [A-Za-z]:[\\/]* ]]; then
    __pyve_translate "$__pyve_rest"
    __pyve_rest=$__pyve_text
  fi
  __pyve_rest=$__pyve_rest:
  while [[ -n $__pyve_rest ]]; do
    __pyve_scripts+=("${__pyve_rest%%:*}")
    __pyve_rest=${__pyve_rest#*:}
  done
  __pyve_source "${__pyve_scripts[@]}"
}
