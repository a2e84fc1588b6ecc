# shellcheck shell=bash disable=SC2154,SC2153,SC2317
# Entering and leaving an environment, for bash 3.2 and newer: builtins alone, no process is started.
# What is entered comes from a snippet (variables __pyve_s_*); what is left, from the exported record (_PYVE_*) alone.
# Assignments that a readonly variable would turn into an abort go through `export`, which only fails; but that ends a
# shell which has `set -e`, whatever stands behind it, so there it is asked for first. Assignments that a builtin makes
# are quoted as a whole: bare ones split after `\builtin`, and are taken away from it under `set -k`.
# For speed: what may well be missing is looked for by [[ ]], since a `${x#*y}` that finds nothing takes the square of the
# length, half a millisecond for a long PATH. [[ ]] may ignore case, so it does not decide alone what is taken out. And
# one redirection stands around a loop, not many in it: each costs as much as five commands.

# Take the record's entries out of the PATH-like text $1, into __pyve_text: all of each, but of a kept one the first.
__pyve_without_record() {
  \builtin local "rest=$_PYVE_BIN:" "kept=:${_PYVE_KEPT-}:" entry before
  __pyve_text=":$1:"
  while [[ -n $rest ]]; do
    entry=":${rest%%:*}:"
    rest=${rest#*:}
    while [[ $__pyve_text = *"$entry"* ]]; do
      before=${__pyve_text%%"$entry"*}
      if [ "$before" = "$__pyve_text" ]; then \break; fi
      __pyve_text="$before:${__pyve_text#*"$entry"}"
      if [[ $kept = *"$entry"* ]]; then \break; fi
    done
  done
  __pyve_text=${__pyve_text#:}
  __pyve_text=${__pyve_text%:}
}

# Put the list $1 of Windows (C:\a;D:\b) into __pyve_text as MSYS has it (/c/a:/d/b). Never called in bash 3.2.
__pyve_translate() {
  \builtin local "rest=$1;" entry drive
  __pyve_text=
  while [[ -n $rest ]]; do
    entry=${rest%%;*}
    rest=${rest#*;}
    drive=${entry%%:*}
    entry=/${drive,}${entry#*:}
    __pyve_text=$__pyve_text:${entry//\\//}
  done
  __pyve_text=${__pyve_text#:}
}

# Say why nothing was entered, once for each state of the project.
__pyve_warn() {
  if [ "${__pyve_warned-}" != "$__pyve_s_serial" ]; then
    __pyve_warned=$__pyve_s_serial
    \builtin printf 'pyve: %s\n' "$1" >&2
  fi
}

# Whether the variable $1 may be assigned. Before bash 5: a readonly one cannot be made local either.
__pyve_is_writable() {
  if [[ ${BASH_VERSINFO[0]} -ge 5 && -n ${!1+x} ]]; then
    [[ ${!1@a} != *r* ]]
  else
    \builtin local "$1" 2>/dev/null
  fi
}

# Enter what the snippet's variables describe. The record comes first, so that Ctrl-C leaves something to undo.
__pyve_enter() { # the locals of all that leads here are named so that they hide no variable of a project
  \builtin local '__pyve_i=0' '__pyve_bins=' '__pyve_kept=' '__pyve_names=' '__pyve_gone=' '__pyve_had=-' __pyve_name
  if [[ -n $__pyve_s_probe && ! -e $__pyve_s_probe ]]; then
    __pyve_warn "$__pyve_s_missing"
    \builtin return 0
  fi
  if ! __pyve_is_writable PATH; then
    __pyve_warn 'PATH is readonly in this shell; nothing was activated.'
    \builtin return 0
  fi
  if [[ -n $__pyve_s_conda ]]; then # in a list of this function's own
    __pyve_stack_conda
    \builtin local -a __pyve_s_set
    __pyve_s_set=("${__pyve_stacked[@]}")
  fi
  for __pyve_name in ${__pyve_s_bin[@]+"${__pyve_s_bin[@]}"}; do
    __pyve_bins=$__pyve_bins:$__pyve_name
    if [[ ":${PATH-}:" = *":$__pyve_name:"* ]]; then __pyve_kept=$__pyve_kept:$__pyve_name; fi
  done

  for __pyve_name in ${__pyve_s_unset[@]+"${__pyve_s_unset[@]}"}; do
    __pyve_gone="$__pyve_gone $__pyve_name"
    if [[ -n ${!__pyve_name+x} ]]; then
      __pyve_had="$__pyve_had $__pyve_name"
      \builtin export "_PYVE_OLD_$__pyve_name=${!__pyve_name}"
    fi
  done
  while [[ $__pyve_i -lt ${#__pyve_s_set[@]} ]]; do
    __pyve_name=${__pyve_s_set[__pyve_i]}
    __pyve_names="$__pyve_names $__pyve_name"
    if [[ -n ${!__pyve_name+x} ]]; then
      __pyve_had="$__pyve_had $__pyve_name"
      \builtin export "_PYVE_OLD_$__pyve_name=${!__pyve_name}"
    fi
    \builtin export "_PYVE_NEW_$__pyve_name=${__pyve_s_set[__pyve_i + 1]}"
    __pyve_i=$((__pyve_i + 2))
  done
  if [[ -n $__pyve_kept ]]; then \builtin export "_PYVE_KEPT=${__pyve_kept#:}"; fi
  if [[ -z ${PATH+x} ]]; then
    \builtin export _PYVE_NO_PATH=unset
  elif [[ -z $PATH ]]; then
    \builtin export _PYVE_NO_PATH=empty
  fi
  if [[ ${#__pyve_s_scripts_out[@]} -gt 0 ]]; then
    __pyve_text=
    for __pyve_name in "${__pyve_s_scripts_out[@]}"; do __pyve_text=$__pyve_text:$__pyve_name; done
    \builtin export "_PYVE_SCRIPTS=${__pyve_text#:}"
  fi
  \builtin export "_PYVE_ROOT=$__pyve_s_root" "_PYVE_SERIAL=$__pyve_s_serial" "_PYVE_BIN=${__pyve_bins#:}" \
    "_PYVE_SET=${__pyve_names# }" "_PYVE_UNSET=${__pyve_gone# }" "_PYVE_HAD=$__pyve_had"

  {
    for __pyve_name in ${__pyve_s_unset[@]+"${__pyve_s_unset[@]}"}; do \builtin unset -v "$__pyve_name" || \builtin :; done
    __pyve_i=0
    while [[ $__pyve_i -lt ${#__pyve_s_set[@]} ]]; do
      if [[ $- != *e* ]] || __pyve_is_writable "${__pyve_s_set[__pyve_i]}"; then
        \builtin export "${__pyve_s_set[__pyve_i]}=${__pyve_s_set[__pyve_i + 1]}" || \builtin :
      fi
      __pyve_i=$((__pyve_i + 2))
    done
  } 2>/dev/null
  if [[ -n $__pyve_bins ]]; then
    \builtin export "PATH=${__pyve_bins#:}${PATH:+:$PATH}"
  fi
  __pyve_define_deactivate
  __pyve_show_prompt
  __pyve_mine=1 # what is interrupted before is left and entered anew
  if [[ ${#__pyve_s_scripts[@]} -gt 0 ]]; then # what is interrupted of these is not begun again
    __pyve_scripts_at=${__pyve_s_reference%/*}/
    __pyve_source "${__pyve_s_scripts[@]}"
  fi
}

# Leave what the record says was entered: only what is still as it was set is put back.
# An old value counts where the record names its variable: direnv, when it puts a record back, leaves those of another.
__pyve_leave() {
  \builtin local "__pyve_had= ${_PYVE_HAD-} " __pyve_names __pyve_name __pyve_new __pyve_old
  if [ -z "${_PYVE_ROOT+x}" ]; then \builtin return 0; fi
  if [[ -n ${__pyve_options-} ]]; then __pyve_restore_options; fi
  if [[ -n ${_PYVE_SCRIPTS-} ]]; then __pyve_source_on_leaving; fi
  if [[ ${_PYVE_BIN-} = [A-Za-z]:[\\/]* ]]; then
    __pyve_translate "$_PYVE_BIN"
    _PYVE_BIN=$__pyve_text
    if [ -n "${_PYVE_KEPT-}" ]; then
      __pyve_translate "$_PYVE_KEPT"
      _PYVE_KEPT=$__pyve_text
    fi
  fi
  if [ -n "${_PYVE_BIN-}" ] && __pyve_is_writable PATH; then
    if [ -n "${DIRENV_DIFF-}${__MISE_DIFF-}" ] && [ -z "${_PYVE_KEPT-}" ]; then
      __pyve_left=$_PYVE_BIN
      __pyve_left_values=()
    fi
    __pyve_without_record "${PATH-}"
    if [ -n "$__pyve_text" ] || [ "${_PYVE_NO_PATH-}" != unset ]; then
      \builtin export "PATH=$__pyve_text"
    else
      \builtin unset -v PATH
    fi
    if [ -n "${_OLD_VIRTUAL_PATH-}" ]; then
      __pyve_without_record "$_OLD_VIRTUAL_PATH"
      _OLD_VIRTUAL_PATH=$__pyve_text
    fi
  fi
  {
    __pyve_names=${_PYVE_SET:+"$_PYVE_SET "}
    while [[ -n $__pyve_names ]]; do
      __pyve_name=${__pyve_names%% *}
      __pyve_names=${__pyve_names#* }
      __pyve_new=_PYVE_NEW_$__pyve_name
      __pyve_old=_PYVE_OLD_$__pyve_name
      if [[ $__pyve_had != *" $__pyve_name "* ]]; then \builtin unset -v "$__pyve_old"; fi
      if [[ -n ${__pyve_left-} ]]; then # a name, what it was set to, and its old value behind an x
        __pyve_left_values+=("$__pyve_name" "${!__pyve_new-}" "${!__pyve_old+x}${!__pyve_old-}")
      fi
      if [[ -n ${!__pyve_name+x} && -n ${!__pyve_new+x} ]] && [ "${!__pyve_name}" = "${!__pyve_new}" ]; then
        if [[ -n ${!__pyve_old+x} ]]; then
          if [[ $- != *e* ]] || __pyve_is_writable "$__pyve_name"; then
            \builtin export "$__pyve_name=${!__pyve_old}" || \builtin :
          fi
        else
          \builtin unset -v "$__pyve_name" || \builtin :
        fi
      fi
      \builtin unset -v "$__pyve_new" "$__pyve_old"
    done
    __pyve_names=${_PYVE_UNSET:+"$_PYVE_UNSET "}
    while [[ -n $__pyve_names ]]; do
      __pyve_name=${__pyve_names%% *}
      __pyve_names=${__pyve_names#* }
      __pyve_old=_PYVE_OLD_$__pyve_name
      if [[ -z ${!__pyve_name+x} && -n ${!__pyve_old+x} && $__pyve_had = *" $__pyve_name "* ]]; then
        \builtin export "$__pyve_name=${!__pyve_old}" || \builtin :
      fi
      \builtin unset -v "$__pyve_old"
    done
  } 2>/dev/null
  __pyve_hide_prompt
  if [ -n "${__pyve_owns_deactivate-}" ]; then
    # A stock activate script has put its own in the place of ours, as long as this variable is there.
    if [ -z "${_OLD_VIRTUAL_PATH-}" ]; then \builtin unset -f deactivate; fi
    __pyve_owns_deactivate=
  fi
  __pyve_mine=
  # Last: what is interrupted before is left again.
  \builtin unset -v _PYVE_ROOT _PYVE_SERIAL _PYVE_BIN _PYVE_KEPT _PYVE_SET _PYVE_UNSET _PYVE_HAD \
    _PYVE_NO_PATH _PYVE_PINNED
}

# Offer `deactivate`, unless the user has a function of that name: a hand-activated environment's, perhaps.
__pyve_define_deactivate() {
  if \builtin declare -F deactivate >/dev/null; then \builtin return 0; fi
  __pyve_owns_deactivate=1
  # Stock activate scripts call it as `deactivate nondestructive` before they define their own.
  function deactivate {
    __pyve_off=${_PYVE_ROOT-}
    if [ -n "${_PYVE_PINNED-}" ]; then __pyve_pwd=; fi # the hook looks where the shell stands
    __pyve_leave
  }
}

# Put a reference to the prompt's text in front of PS1; the text itself never becomes a part of it.
__pyve_show_prompt() {
  if [ -z "$__pyve_s_prompt" ] || [ -n "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then \builtin return 0; fi
  # Themes that show VIRTUAL_ENV themselves: starship, oh-my-posh, liquidprompt, powerline.
  if [ -n "${STARSHIP_SHELL-}${POSH_THEME-}${POSH_PID-}${LP_VERSION-}${POWERLINE_COMMAND-}" ]; then \builtin return 0; fi
  if ! \builtin shopt -q promptvars || ! __pyve_is_writable PS1; then \builtin return 0; fi
  # shellcheck disable=SC2016 # a reference, expanded when the prompt is shown
  \builtin local 'reference=${__pyve_ps1-}'
  __pyve_ps1=$__pyve_s_prompt
  if [[ ${PS1-} != *"$reference"* ]]; then PS1=$reference${PS1-}; fi
}

__pyve_hide_prompt() {
  # shellcheck disable=SC2016
  \builtin local 'reference=${__pyve_ps1-}'
  __pyve_ps1=
  if [[ ${PS1-} = *"$reference"* ]] && __pyve_is_writable PS1; then
    PS1=${PS1%%"$reference"*}${PS1#*"$reference"}
  fi
}
