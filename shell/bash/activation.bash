# shellcheck shell=bash disable=SC2154,SC2153,SC2317
# Entering and leaving an environment, for bash 3.2 and newer: builtins alone, no process is started.
# What is entered comes from a snippet (variables __pyve_s_*); what is left, from the exported record (_PYVE_*) alone.
# Assignments that a readonly variable would turn into an abort go through `export`, which only fails. Those that a
# builtin makes are quoted as a whole: bare ones split after `\builtin`, and are taken away from it under `set -k`.
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
__pyve_enter() {
  \builtin local 'index=0' 'text=' 'kept=' 'set=' 'unset=' name
  if [[ -n $__pyve_s_probe && ! -e $__pyve_s_probe ]]; then
    __pyve_warn "$__pyve_s_missing"
    \builtin return 0
  fi
  if ! __pyve_is_writable PATH; then
    __pyve_warn 'PATH is readonly in this shell; nothing was activated.'
    \builtin return 0
  fi
  for name in ${__pyve_s_bin[@]+"${__pyve_s_bin[@]}"}; do
    text=$text:$name
    if [[ ":${PATH-}:" = *":$name:"* ]]; then kept=$kept:$name; fi
  done

  for name in ${__pyve_s_unset[@]+"${__pyve_s_unset[@]}"}; do
    unset="$unset $name"
    if [[ -n ${!name+x} ]]; then \builtin export "_PYVE_OLD_$name=${!name}"; fi
  done
  while [[ $index -lt ${#__pyve_s_set[@]} ]]; do
    name=${__pyve_s_set[index]}
    set="$set $name"
    if [[ -n ${!name+x} ]]; then \builtin export "_PYVE_OLD_$name=${!name}"; fi
    \builtin export "_PYVE_NEW_$name=${__pyve_s_set[index + 1]}"
    index=$((index + 2))
  done
  if [[ -n $kept ]]; then \builtin export "_PYVE_KEPT=${kept#:}"; fi
  if [[ -z ${PATH+x} ]]; then
    \builtin export _PYVE_NO_PATH=unset
  elif [[ -z $PATH ]]; then
    \builtin export _PYVE_NO_PATH=empty
  fi
  \builtin export "_PYVE_ROOT=$__pyve_s_root" "_PYVE_SERIAL=$__pyve_s_serial" "_PYVE_BIN=${text#:}" \
    "_PYVE_SET=${set# }" "_PYVE_UNSET=${unset# }"

  {
    for name in ${__pyve_s_unset[@]+"${__pyve_s_unset[@]}"}; do \builtin unset -v "$name" || \builtin :; done
    index=0
    while [[ $index -lt ${#__pyve_s_set[@]} ]]; do
      \builtin export "${__pyve_s_set[index]}=${__pyve_s_set[index + 1]}" || \builtin :
      index=$((index + 2))
    done
  } 2>/dev/null
  if [[ -n $text ]]; then
    \builtin export "PATH=${text#:}${PATH:+:$PATH}"
  fi
  __pyve_define_deactivate
  __pyve_show_prompt
  __pyve_mine=1 # last: what is interrupted before is left and entered anew
}

# Leave what the record says was entered: only what is still as it was set is put back.
__pyve_leave() {
  \builtin local names name new old
  if [ -z "${_PYVE_ROOT+x}" ]; then \builtin return 0; fi
  if [ -n "${_PYVE_BIN-}" ] && __pyve_is_writable PATH; then
    if [ -n "${DIRENV_DIFF-}${__MISE_DIFF-}" ]; then __pyve_left=$_PYVE_BIN; fi
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
    names=${_PYVE_SET:+"$_PYVE_SET "}
    while [[ -n $names ]]; do
      name=${names%% *}
      names=${names#* }
      new=_PYVE_NEW_$name
      old=_PYVE_OLD_$name
      if [[ -n ${!name+x} && -n ${!new+x} ]] && [ "${!name}" = "${!new}" ]; then
        if [[ -n ${!old+x} ]]; then
          \builtin export "$name=${!old}" || \builtin :
        else
          \builtin unset -v "$name" || \builtin :
        fi
      fi
      \builtin unset -v "$new" "$old"
    done
    names=${_PYVE_UNSET:+"$_PYVE_UNSET "}
    while [[ -n $names ]]; do
      name=${names%% *}
      names=${names#* }
      old=_PYVE_OLD_$name
      if [[ -z ${!name+x} && -n ${!old+x} ]]; then \builtin export "$name=${!old}" || \builtin :; fi
      \builtin unset -v "$old"
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
  \builtin unset -v _PYVE_ROOT _PYVE_SERIAL _PYVE_BIN _PYVE_KEPT _PYVE_SET _PYVE_UNSET _PYVE_NO_PATH _PYVE_PINNED
}

# Offer `deactivate`, unless the user has a function of that name: a hand-activated environment's, perhaps.
__pyve_define_deactivate() {
  if \builtin declare -F deactivate >/dev/null; then \builtin return 0; fi
  __pyve_owns_deactivate=1
  # Stock activate scripts call it as `deactivate nondestructive` before they define their own.
  function deactivate {
    if [ -z "${_PYVE_PINNED-}" ]; then
      __pyve_off=${_PYVE_ROOT-}
    else
      __pyve_pwd= # the hook looks where the shell stands
    fi
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
