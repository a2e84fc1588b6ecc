# shellcheck shell=bash disable=SC2154,SC2153,SC2317
# The prompt hook of pyve for bash 3.2 and newer. Builtins alone: a prompt and a cd start no process.
# It reads nothing but what the user owns in the user's own state directory.
# Kept out for bash 3.2: associative arrays, [[ -v ]], ${x,,}, printf %()T, an array PROMPT_COMMAND.
case $- in
*i*)
@ACTIVATION@

__pyve_state=@STATE@
__pyve_command=(@COMMAND@)
__pyve_pwd=
__pyve_generation=
__pyve_file=
__pyve_deaf=
__pyve_left=
__pyve_left_values=()
__pyve_later=
__pyve_reference=
__pyve_watch=()
__pyve_clock=
if [ "${BASH_VERSINFO[0]}" -lt 5 ]; then __pyve_clock=.coarse; fi # whose -nt may compare whole seconds

# At each prompt. Nothing has changed: as many stats as there are files to watch, and that is all. Always 0: a failing last
# command would end a shell that has `set -e`, and since 5.1 bash itself keeps $? for the prompt.
__pyve_prompt() {
  if [ "${PWD-}" = "$__pyve_pwd" ] && [[ -e $__pyve_generation && -z $__pyve_left ]]; then
    for __pyve_path in ${__pyve_watch[@]+"${__pyve_watch[@]}"}; do
      if [[ $__pyve_path -nt $__pyve_reference ]]; then
        __pyve_look
        \builtin break
      fi
    done
  else
    __pyve_look
  fi
}

# Before 5.1, where all of PROMPT_COMMAND is one text: what follows in it finds $? as it was.
__pyve_prompt_in_text() {
  \builtin local "__pyve_status=$?"
  __pyve_prompt
  case $- in *e*) \builtin return 0 ;; esac
  \builtin return "$__pyve_status"
}

# Something may be otherwise than at the last prompt: enter, leave or switch, and decide what to watch.
# As long as it goes on no generation is known, so that the next prompt takes up what Ctrl-C has interrupted.
__pyve_look() {
  \builtin local "__pyve_seen=$__pyve_generation"
  if [[ -n ${__pyve_options-} ]]; then __pyve_restore_options; fi
  __pyve_watch=()
  __pyve_generation=
  if [ ! -e "$__pyve_seen" ]; then __pyve_read_generation; fi
  if [ -n "$__pyve_left" ]; then
    __pyve_drop_left
  elif [ -n "$__pyve_later" ] && [ "${DIRENV_DIFF-}${__MISE_DIFF-}" != "$__pyve_later" ]; then
    __pyve_left=$__pyve_last_left
    __pyve_drop_left
  fi
  if [ "${PWD-}" != "$__pyve_pwd" ]; then
    __pyve_pwd=${PWD-}
    __pyve_deaf=
  fi
  if [ -n "${_PYVE_PINNED-}" ]; then
    __pyve_keep_pinned
  elif __pyve_settle && [ -z "$__pyve_s_watch_on_cd" ]; then
    __pyve_watch=(${__pyve_s_watch[@]+"${__pyve_s_watch[@]}"})
  fi
  __pyve_generation=$__pyve_seen
}

# Follow the snippet, and ask pyve where a watched file has changed; 1 when there is nothing to watch.
__pyve_settle() {
  if ! __pyve_follow || [ -n "$__pyve_deaf" ]; then \builtin return 1; fi
  if __pyve_has_changed; then
    __pyve_deaf=1 # if it fails, or is interrupted: no more asking until the next cd
    if ! __pyve_ask; then \builtin return 1; fi
    __pyve_deaf=
    if ! __pyve_follow; then \builtin return 1; fi
  fi
}

# Bring the shell to what the nearest snippet says; 1 when there is nothing to watch here.
__pyve_follow() {
  __pyve_find "$__pyve_pwd"
  if [ -n "$__pyve_found" ] && { [ "$__pyve_found" != "$__pyve_file" ] || [ ! -e "$__pyve_reference" ]; }; then
    __pyve_load
  fi
  if [ -z "$__pyve_found" ]; then
    __pyve_off=
    __pyve_leave
    \builtin return 1
  fi
  if [ "${__pyve_off-}" = "$__pyve_s_root" ]; then \builtin return 1; fi
  __pyve_off=
  if [ -z "${__pyve_mine-}" ] || [ "${_PYVE_SERIAL-}" != "$__pyve_s_serial" ]; then
    __pyve_leave
    __pyve_enter
    if [ -z "${_PYVE_ROOT+x}" ]; then \builtin return 1; fi # refused
  fi
  if [ -z "$__pyve_s_notice" ]; then
    __pyve_noticed=
  elif [ "${__pyve_noticed-}" != "$__pyve_s_serial" ]; then
    __pyve_noticed=$__pyve_s_serial
    \builtin printf 'pyve: %s\n' "$__pyve_s_notice" >&2
  fi
}

# Put the snippet of the nearest project at or above the directory $1 into __pyve_found; empty when there is none.
# A root is C:\a for all programs of Windows: its folder is C/a, where the case of the letter makes no difference.
__pyve_find() {
  \builtin local "directory=${1%/}" 'at=/@' 'escaped=/@@'
  if [[ $directory = [A-Za-z]:[\\/]* ]]; then
    directory=/${directory%%:*}${directory#*:}
    directory=${directory//\\//}
  fi
  if [ "${directory#*"$at"}" != "$directory" ]; then directory=${directory//"$at"/$escaped}; fi
  while \builtin :; do
    __pyve_found=$__pyve_state/projects$directory/@act.bash
    if [[ -O $__pyve_found && -r $__pyve_found ]]; then \builtin return 0; fi
    if [[ $directory != */* ]]; then \builtin break; fi # empty, or the end of what is no path at all
    directory=${directory%/*}
  done
  __pyve_found=
}

# Read the snippet __pyve_found; one of another version is as none.
__pyve_load() {
  __pyve_s_format=
  __pyve_s_conda= # not in snippets that were written before there were conda environments
  __pyve_s_scripts=()
  __pyve_s_scripts_out=()
  \builtin . "$__pyve_found"
  if [ "$__pyve_s_format" = 1 ]; then
    __pyve_file=$__pyve_found
    __pyve_deaf=
    __pyve_reference=$__pyve_s_reference$__pyve_clock
    \builtin return 0
  fi
  __pyve_found=
  if [ -z "${__pyve_outdated-}" ]; then
    __pyve_outdated=1
    \builtin printf '%s\n' "pyve: the hook of this shell is of another version of pyve; start a new shell." >&2
  fi
}

# Whether a watched file has changed. A reference that is not there makes every one of them newer.
__pyve_has_changed() {
  \builtin local path
  for path in ${__pyve_s_watch[@]+"${__pyve_s_watch[@]}"}; do
    if [[ $path -nt $__pyve_reference ]]; then \builtin return 0; fi
  done
  \builtin return 1
}

# Start pyve, the one process of this file: it looks at what has changed and writes the snippet anew where it must.
# By none of the project's variables that let files of the project run in it: a branch may have brought those files.
__pyve_ask() {
  [ -x "${__pyve_command[0]}" ] && (
    for __pyve_name in PYTHONPATH PYTHONUSERBASE PYTHONPLATLIBDIR PYTHONPYCACHEPREFIX PYTHONWARNINGS; do
      __pyve_new=_PYVE_NEW_$__pyve_name
      if [[ -n ${!__pyve_new+x} ]]; then \builtin unset -v "$__pyve_name"; fi
    done
    \builtin exec "${__pyve_command[@]}" shell-env --project "$__pyve_s_root"
  ) </dev/null >/dev/null
}

# Read the newest generation into the caller's `__pyve_seen`.
__pyve_read_generation() {
  \builtin local 'number='
  if [ -r "$__pyve_state/generation" ]; then
    IFS= \builtin read -r number <"$__pyve_state/generation" || \builtin :
  fi
  # Without a number there is nothing whose end would be seen: the next prompt looks again.
  __pyve_seen=${number:+$__pyve_state/generations/$number}
}

# A shell inside `pyve shell`, or below a `pyve activate`: once, after its own startup files, be first on PATH again.
__pyve_keep_pinned() {
  if [ -n "${__pyve_mine-}" ]; then \builtin return 0; fi
  __pyve_mine=1
  __pyve_find "$_PYVE_ROOT"
  if [ -z "$__pyve_found" ]; then \builtin return 0; fi
  __pyve_load
  if [ -n "$__pyve_found" ] && [ "$__pyve_s_root" = "$_PYVE_ROOT" ]; then
    __pyve_leave
    __pyve_enter
    if [ -n "${_PYVE_ROOT-}" ]; then \builtin export _PYVE_PINNED=1; fi
  fi
}

# Another tool may have put back a whole PATH that it saved while our entries were on it, and values that were ours.
# What was entered meanwhile is left then: it would remember values of before that the tool has taken away.
# As the tool may do so later as well, when it leaves a directory, this is done once more when its own record has changed.
__pyve_drop_left() {
  \builtin local "__pyve_entries=$__pyve_left" '__pyve_back=' '__pyve_i=0' __pyve_name __pyve_new __pyve_old
  __pyve_later=${DIRENV_DIFF-}${__MISE_DIFF-}
  __pyve_last_left=$__pyve_left
  __pyve_left=
  if [ "$__pyve_entries" = "${_PYVE_BIN-}" ] || [ -n "${_PYVE_PINNED-}" ]; then \builtin return 0; fi
  if [[ ":${PATH-}:" = *":${__pyve_entries%%:*}:"* ]]; then __pyve_back=1; fi
  while [[ $__pyve_i -lt ${#__pyve_left_values[@]} ]]; do
    __pyve_name=${__pyve_left_values[__pyve_i]}
    __pyve_new=_PYVE_NEW_$__pyve_name
    __pyve_old=${__pyve_left_values[__pyve_i + 2]}
    if [[ -n ${!__pyve_name+x} ]] && [ "${!__pyve_name}" = "${__pyve_left_values[__pyve_i + 1]}" ] &&
      [ "${!__pyve_name}" != "${!__pyve_new-}" ]; then
      __pyve_back=1
      if [[ -n $__pyve_old ]]; then
        if [[ $- != *e* ]] || __pyve_is_writable "$__pyve_name"; then
          \builtin export "$__pyve_name=${__pyve_old#x}" || \builtin :
        fi
      else
        \builtin unset -v "$__pyve_name" || \builtin :
      fi
    fi
    __pyve_i=$((__pyve_i + 3))
  done 2>/dev/null
  if [ -n "$__pyve_back" ]; then __pyve_leave; fi
  __pyve_left=
  if [ -z "${_PYVE_BIN-}" ] && __pyve_is_writable PATH; then
    \builtin local "_PYVE_BIN=$__pyve_entries"
    __pyve_without_record "${PATH-}"
    \builtin export "PATH=$__pyve_text"
  fi
}

# Be first in PROMPT_COMMAND: a list since bash 5.1, where each command finds $? and PIPESTATUS as they were. The `:`
# before it is what a later `PROMPT_COMMAND=...`, made for a text, replaces.
__pyve_start() {
  \builtin local command
  \builtin export "_PYVE_HOOK=bash:$$"
  for command in ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"}; do
    if [ "${command#*__pyve_prompt}" != "$command" ]; then \builtin return 0; fi
  done
  if [ "${BASH_VERSINFO[0]}" -gt 5 ] || { [ "${BASH_VERSINFO[0]}" -eq 5 ] && [ "${BASH_VERSINFO[1]}" -ge 1 ]; }; then
    PROMPT_COMMAND=(: __pyve_prompt ${PROMPT_COMMAND[@]+"${PROMPT_COMMAND[@]}"})
  else
    # shellcheck disable=SC2128,SC2178 # a text there
    PROMPT_COMMAND="__pyve_prompt_in_text${PROMPT_COMMAND:+; $PROMPT_COMMAND}"
  fi
}
__pyve_start
;;
esac
