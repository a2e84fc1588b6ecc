# The prompt hook of pyve for zsh 5.3 and newer. Builtins alone: a prompt and a cd start no process.
# It reads nothing but what the user owns in the user's own state directory.
# Where this file is sourced, the user's aliases stay out of what follows; `eval` has parsed it before they are off.
if [[ -o interactive && -o aliases ]]; then
  __pyve_aliases=1
  \builtin setopt no_aliases
fi
if [[ -o interactive ]]; then
@ACTIVATION@

# At each prompt. Nothing has changed: as many stats as there are files to watch, and that is all.
# zsh itself keeps $? and $pipestatus for the prompt. Any option may be set here.
__pyve_prompt() {
  if [[ "$PWD" = "$__pyve_pwd" && -e "$__pyve_generation" && -z "$__pyve_left" ]]; then
    if [[ -z "$__pyve_watching" ]]; then \builtin return 0; fi
    if [[ -e "$__pyve_reference" ]]; then # without it `-nt` is false in zsh
      \builtin local __pyve_one
      for __pyve_one in "${__pyve_watch[@]}"; do
        if [[ "$__pyve_one" -nt "$__pyve_reference" ]]; then
          __pyve_look
          \builtin return 0
        fi
      done
      \builtin return 0
    fi
  fi
  __pyve_look
}

# At a cd, but not of a subshell: `$(cd x && pwd)` comes here too.
__pyve_cd() {
  if [[ "$ZSH_SUBSHELL" != 0 || "$PWD" = "$__pyve_pwd" || -n "${__pyve_sourcing-}" ]]; then \builtin return 0; fi
  # Deeper in the project that is watched, where none is registered on the way: the prompt will do.
  if [[ -n "$__pyve_watching" && "$PWD" = "$__pyve_base"/[^@]* && -e "$__pyve_generation" &&
    ! -d "${__pyve_file%@act.zsh}${${PWD#"$__pyve_base"/}%%/*}" ]]; then
    \builtin emulate -L zsh -o no_auto_name_dirs
    __pyve_pwd=$PWD
    \builtin return 0
  fi
  __pyve_look
}

# Something may be otherwise than at the last prompt: enter, leave or switch, and decide what to watch.
# As long as it goes on no generation is known, so that the next prompt takes up what Ctrl-C has interrupted.
__pyve_look() {
  \builtin emulate -L zsh -o no_aliases -o no_auto_name_dirs -o no_xtrace
  \builtin local __pyve_newest=$__pyve_generation
  __pyve_watching=
  __pyve_watch=()
  __pyve_generation=
  if [[ ! -e "$__pyve_newest" ]]; then __pyve_read_generation; fi
  if [[ -n "$__pyve_left" ]]; then
    __pyve_drop_left
  elif [[ -n "$__pyve_later" && "${DIRENV_DIFF-}${__MISE_DIFF-}" != "$__pyve_later" ]]; then
    __pyve_left=$__pyve_last_left
    __pyve_drop_left
  fi
  if [[ "$PWD" != "$__pyve_pwd" ]]; then
    __pyve_pwd=$PWD
    __pyve_deaf=
  fi
  if [[ -n "${_PYVE_PINNED-}" ]]; then
    __pyve_keep_pinned
  elif __pyve_settle && [[ -z "$__pyve_s_watch_on_cd" ]]; then
    __pyve_watch=("${__pyve_s_watch[@]}")
    __pyve_watching=${__pyve_watch:+1}
  fi
  __pyve_generation=$__pyve_newest
}

# Follow the snippet, and ask pyve where a watched file has changed; 1 when there is nothing to watch.
__pyve_settle() {
  if ! __pyve_follow || [[ -n "$__pyve_deaf" ]]; then \builtin return 1; fi
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
  if [[ -n "$__pyve_found" && ( "$__pyve_found" != "$__pyve_file" || ! -e "$__pyve_reference" ) ]]; then
    __pyve_load
  fi
  if [[ -z "$__pyve_found" ]]; then
    __pyve_off=
    if [[ -n "${_PYVE_ROOT+1}" ]]; then __pyve_leave; fi
    \builtin return 1
  fi
  if [[ "${__pyve_off-}" = "$__pyve_s_root" ]]; then \builtin return 1; fi
  __pyve_off=
  if [[ -z "${__pyve_mine-}" || "${_PYVE_SERIAL-}" != "$__pyve_s_serial" ]]; then
    if [[ -n "${_PYVE_ROOT+1}" ]]; then __pyve_leave; fi
    __pyve_enter
    if [[ -z "${_PYVE_ROOT+1}" ]]; then \builtin return 1; fi # refused
  fi
  if [[ -z "$__pyve_s_notice" ]]; then
    __pyve_noticed=
  elif [[ "${__pyve_noticed-}" != "$__pyve_s_serial" ]]; then
    __pyve_noticed=$__pyve_s_serial
    \builtin printf 'pyve: %s\n' "$__pyve_s_notice" >&2
  fi
}

# Put the snippet of the nearest project at or above the directory $1 into __pyve_found; empty when there is none.
# Downwards, for the mirrored directories end where nothing is registered any more; inside a project from there on.
__pyve_find() {
  \builtin local __pyve_part __pyve_directory=$__pyve_state/projects __pyve_path=
  if [[ -n "$__pyve_file" && "$1/" = "$__pyve_base/"* && -O "$__pyve_file" ]]; then
    __pyve_path=$__pyve_base
    __pyve_directory=${__pyve_file%/@act.zsh}
  fi
  __pyve_found=
  for __pyve_part in "${(@s:/:)${1#"$__pyve_path"}}"; do
    if [[ -n "$__pyve_part" ]]; then
      __pyve_path+=/$__pyve_part
      if [[ "$__pyve_part" = '@'* ]]; then __pyve_part=@$__pyve_part; fi
      __pyve_directory+=/$__pyve_part
      if [[ ! -d "$__pyve_directory" ]]; then \builtin break; fi
    fi
    if [[ -O "$__pyve_directory/@act.zsh" && -r "$__pyve_directory/@act.zsh" ]]; then
      __pyve_found=$__pyve_directory/@act.zsh
      __pyve_found_at=$__pyve_path
    fi
  done
}

# Read the snippet __pyve_found; one of another version is as none.
__pyve_load() {
  __pyve_s_format=
  __pyve_s_conda= # not in snippets that were written before there were conda environments
  __pyve_s_scripts=()
  __pyve_s_scripts_out=()
  \builtin . "$__pyve_found"
  if [[ "$__pyve_s_format" = 1 ]]; then
    __pyve_file=$__pyve_found
    __pyve_deaf=
    __pyve_base=$__pyve_found_at
    __pyve_reference=$__pyve_s_reference # the exact one: -nt compares nanoseconds here
    \builtin return 0
  fi
  __pyve_found=
  if [[ -z "${__pyve_outdated-}" ]]; then
    __pyve_outdated=1
    \builtin printf '%s\n' "pyve: the hook of this shell is of another version of pyve; start a new shell." >&2
  fi
}

# Whether a watched file has changed. A reference that is not there makes every one of them newer.
__pyve_has_changed() {
  \builtin local __pyve_one
  if [[ -n "$__pyve_s_watch" && ! -e "$__pyve_reference" ]]; then \builtin return 0; fi
  for __pyve_one in "${__pyve_s_watch[@]}"; do
    if [[ "$__pyve_one" -nt "$__pyve_reference" ]]; then \builtin return 0; fi
  done
  \builtin return 1
}

# Start pyve, the one process of this file: it looks at what has changed and writes the snippet anew where it must.
# By none of the project's variables that let files of the project run in it: a branch may have brought those files.
__pyve_ask() {
  [[ -x "${__pyve_command[1]}" ]] && (
    for __pyve_name in PYTHONPATH PYTHONUSERBASE PYTHONPLATLIBDIR PYTHONPYCACHEPREFIX PYTHONWARNINGS; do
      __pyve_new=_PYVE_NEW_$__pyve_name
      if [[ -n "${(P)__pyve_new+1}" ]]; then \builtin unset "$__pyve_name"; fi
    done
    \builtin exec "${__pyve_command[@]}" shell-env --project "$__pyve_s_root"
  ) </dev/null >/dev/null
}

# Read the newest generation into the caller's __pyve_newest.
__pyve_read_generation() {
  \builtin local __pyve_number=
  if [[ -r "$__pyve_state/generation" ]]; then
    IFS= \builtin read -r __pyve_number <"$__pyve_state/generation" || \builtin :
  fi
  # Without a number there is nothing whose end would be seen: the next prompt looks again.
  __pyve_newest=${__pyve_number:+$__pyve_state/generations/$__pyve_number}
  __pyve_base=- # of no directory the beginning, not even of /: snippets have come or gone
}

# A shell inside `pyve shell`, or below a `pyve activate`: once, after its own startup files, be first on PATH again.
__pyve_keep_pinned() {
  if [[ -n "${__pyve_mine-}" ]]; then \builtin return 0; fi
  __pyve_mine=1
  __pyve_find "$_PYVE_ROOT"
  if [[ -z "$__pyve_found" ]]; then \builtin return 0; fi
  __pyve_load
  if [[ -n "$__pyve_found" && "$__pyve_s_root" = "$_PYVE_ROOT" ]]; then
    __pyve_leave
    __pyve_enter
    if [[ -n "${_PYVE_ROOT+1}" ]]; then \builtin export _PYVE_PINNED=1; fi
  fi
}

# Another tool may have put back a whole PATH that it saved while our entries were on it, and values that were ours.
# What was entered meanwhile is left then: it would remember values of before that the tool has taken away.
# As the tool may do so later as well, when it leaves a directory, this is done once more when its own record has changed.
__pyve_drop_left() {
  \builtin local __pyve_entries=$__pyve_left __pyve_back= __pyve_name __pyve_value __pyve_old __pyve_new
  __pyve_later=${DIRENV_DIFF-}${__MISE_DIFF-}
  __pyve_last_left=$__pyve_left
  __pyve_left=
  if [[ "$__pyve_entries" = "${_PYVE_BIN-}" || -n "${_PYVE_PINNED-}" ]]; then \builtin return 0; fi
  if [[ ":${PATH-}:" = *":${__pyve_entries%%:*}:"* ]]; then __pyve_back=1; fi
  for __pyve_name __pyve_value __pyve_old in "${__pyve_left_values[@]}"; do
    __pyve_new=_PYVE_NEW_$__pyve_name
    if [[ "${(Pt)__pyve_name}" = scalar* && "${(Pt)__pyve_name}" != *readonly* &&
      "${(P)__pyve_name}" = "$__pyve_value" && "${(P)__pyve_new-}" != "$__pyve_value" ]]; then
      __pyve_back=1
      if [[ -n "$__pyve_old" ]]; then
        \builtin export "$__pyve_name=${__pyve_old#x}"
      else
        \builtin unset "$__pyve_name"
      fi
    fi
  done
  if [[ -n "$__pyve_back" ]]; then __pyve_leave; fi
  __pyve_left=
  if [[ -z "${_PYVE_BIN-}" && "${(t)PATH}" != *readonly* ]]; then
    \builtin local _PYVE_BIN=$__pyve_entries
    __pyve_without_record "${PATH-}"
    \builtin export "PATH=$__pyve_text"
  fi
}

# Be first in both lists, once. In a function, so that `auto_name_dirs` makes no name of the state directory.
__pyve_start() {
  \builtin emulate -L zsh -o no_aliases -o no_auto_name_dirs -o no_xtrace
  __pyve_state=@STATE@
  __pyve_command=(@COMMAND@)
  __pyve_pwd=
  __pyve_generation=
  __pyve_file=
  __pyve_base=-
  __pyve_deaf=
  __pyve_left=
  __pyve_left_values=()
  __pyve_later=
  __pyve_reference=
  __pyve_watch=()
  __pyve_watching=
  __pyve_unexported=(${__pyve_unexported-})
  \builtin export "_PYVE_HOOK=zsh:$$"
  precmd_functions=(__pyve_prompt "${(@)precmd_functions:#__pyve_prompt}")
  chpwd_functions=(__pyve_cd "${(@)chpwd_functions:#__pyve_cd}")
}
__pyve_start
fi
if [[ -n "${__pyve_aliases-}" ]]; then
  \builtin unset __pyve_aliases
  \builtin setopt aliases
fi
