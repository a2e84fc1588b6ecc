# Entering and leaving an environment, for zsh 5.3 and newer: builtins alone, no process is started.
# What is entered comes from a snippet (variables __pyve_s_*); what is left, from the exported record (_PYVE_*) alone.
# Every command begins with a backslash against aliases, every local name with __pyve_: a project may set any other.
# No $parameters or $functions: they load the module zsh/parameter.

# Say why nothing was entered, once for each state of the project.
__pyve_warn() {
  if [[ "${__pyve_warned-}" != "$__pyve_s_serial" ]]; then
    __pyve_warned=$__pyve_s_serial
    \builtin printf 'pyve: %s\n' "$1" >&2
  fi
}

# Enter what the snippet's variables describe. The record comes first, so that Ctrl-C leaves something to undo.
# Few commands and calls with many arguments: each costs ten tests.
__pyve_enter() {
  \builtin emulate -L zsh -o no_aliases -o no_auto_name_dirs -o no_xtrace
  \builtin local __pyve_name __pyve_value __pyve_type
  \builtin local -a __pyve_kept __pyve_record __pyve_names __pyve_changes __pyve_had __pyve_stacked
  if [[ -n "$__pyve_s_probe" && ! -e "$__pyve_s_probe" ]]; then
    __pyve_warn "$__pyve_s_missing"
    \builtin return 0
  fi
  if [[ "${(t)PATH}" = *readonly* ]]; then
    __pyve_warn 'PATH is readonly in this shell; nothing was activated.'
    \builtin return 0
  fi
  if [[ -n "$__pyve_s_conda" ]]; then __pyve_stack_conda; fi
  for __pyve_name __pyve_value in "${__pyve_s_set[@]}" "${__pyve_stacked[@]}"; do
    __pyve_names+=("$__pyve_name")
    __pyve_record+=("_PYVE_NEW_$__pyve_name=$__pyve_value")
    # Assigning to a readonly variable, or a text to a list, would end this function.
    __pyve_type=${(Pt)__pyve_name}
    if [[ ( -z "$__pyve_type" || "$__pyve_type" = scalar* ) && "$__pyve_type" != *readonly* ]]; then
      __pyve_changes+=("$__pyve_name=$__pyve_value")
    fi
  done
  __pyve_record+=(
    "_PYVE_ROOT=$__pyve_s_root" "_PYVE_SERIAL=$__pyve_s_serial" "_PYVE_BIN=${(j.:.)__pyve_s_bin}"
    "_PYVE_SET=${(j. .)__pyve_names}" "_PYVE_UNSET=${(j. .)__pyve_s_unset}"
  )
  for __pyve_name in "${__pyve_s_bin[@]}"; do
    if [[ ":${PATH-}:" = *":$__pyve_name:"* ]]; then __pyve_kept+=("$__pyve_name"); fi
  done
  if [[ "${#__pyve_kept}" -gt 0 ]]; then __pyve_record+=("_PYVE_KEPT=${(j.:.)__pyve_kept}"); fi
  if [[ -z "${PATH+1}" ]]; then
    __pyve_record+=(_PYVE_NO_PATH=unset)
  elif [[ -z "$PATH" ]]; then
    __pyve_record+=(_PYVE_NO_PATH=empty)
  fi
  if [[ "${#__pyve_s_scripts_out}" -gt 0 ]]; then __pyve_record+=("_PYVE_SCRIPTS=${(j.:.)__pyve_s_scripts_out}"); fi
  __pyve_had=(-)
  __pyve_unexported=() # known to this shell alone
  for __pyve_name in "${__pyve_s_unset[@]}" "${__pyve_names[@]}"; do
    if [[ -n "${(P)__pyve_name+1}" ]]; then
      __pyve_had+=("$__pyve_name")
      __pyve_record+=("_PYVE_OLD_$__pyve_name=${(P)__pyve_name}")
      if [[ "${(Pt)__pyve_name}" != *export* ]]; then __pyve_unexported+=("$__pyve_name"); fi
    fi
  done

  \builtin export "${__pyve_record[@]}" "_PYVE_HAD=${(j. .)__pyve_had}"
  for __pyve_name in "${__pyve_s_unset[@]}"; do
    if [[ "${(Pt)__pyve_name}" != *readonly* ]]; then \builtin unset "$__pyve_name"; fi
  done
  if [[ "${#__pyve_s_bin}" -gt 0 ]]; then __pyve_changes+=("PATH=${(j.:.)__pyve_s_bin}${PATH:+:$PATH}"); fi
  if [[ "${#__pyve_changes}" -gt 0 ]]; then \builtin export "${__pyve_changes[@]}"; fi
  # Not where the user has a function of that name: a hand-activated environment's, perhaps.
  if ! \builtin typeset +f deactivate >/dev/null; then
    __pyve_owns_deactivate=1
    # Stock activate scripts call it as `deactivate nondestructive` before they define their own.
    function 'deactivate' {
      \builtin emulate -L zsh -o no_aliases -o no_auto_name_dirs -o no_xtrace
      __pyve_off=${_PYVE_ROOT-}
      if [[ -n "${_PYVE_PINNED-}" ]]; then __pyve_pwd=; fi # the hook looks where the shell stands
      __pyve_leave
    }
  fi
  if [[ -n "$__pyve_s_prompt" && -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]]; then __pyve_show_prompt; fi
  __pyve_mine=1 # what is interrupted before is left and entered anew
  if [[ "${#__pyve_s_scripts}" -gt 0 ]]; then # what is interrupted of these is not begun again
    __pyve_scripts_at=${__pyve_s_reference%/*}/
    __pyve_source "${__pyve_s_scripts[@]}"
  fi
}

# Leave what the record says was entered: only what is still as it was set is put back.
# An old value counts where the record names its variable: direnv, when it puts a record back, leaves those of another.
__pyve_leave() {
  \builtin emulate -L zsh -o no_aliases -o no_auto_name_dirs -o no_xtrace
  \builtin local __pyve_name __pyve_type __pyve_new __pyve_old
  \builtin local -a __pyve_back __pyve_gone
  if [[ -z "${_PYVE_ROOT+1}" ]]; then \builtin return 0; fi
  if [[ -n "${_PYVE_SCRIPTS-}" ]]; then __pyve_source_on_leaving; fi
  if [[ -n "${DIRENV_DIFF-}${__MISE_DIFF-}" && -n "${_PYVE_BIN-}" && -z "${_PYVE_KEPT-}" ]]; then
    __pyve_left=$_PYVE_BIN
    __pyve_left_values=()
  fi
  for __pyve_name in "${(@s. .)${_PYVE_SET-}}" "${(@s. .)${_PYVE_UNSET-}}"; do
    if [[ -z "$__pyve_name" ]]; then \builtin continue; fi
    __pyve_new=_PYVE_NEW_$__pyve_name
    __pyve_old=_PYVE_OLD_$__pyve_name
    __pyve_gone+=("$__pyve_new" "$__pyve_old")
    if [[ " ${_PYVE_HAD-} " != *" $__pyve_name "* ]]; then __pyve_old=_PYVE_OLD_; fi # which is of no variable
    if [[ -n "${__pyve_left-}" && -n "${(P)__pyve_new+1}" ]]; then # and its old value behind an x
      __pyve_left_values+=("$__pyve_name" "${(P)__pyve_new}" "${(P)__pyve_old+x}${(P)__pyve_old-}")
    fi
    # Both as they were entered: the same text, or both unset.
    if [[ "${(P)__pyve_name+1}${(P)__pyve_name-}" != "${(P)__pyve_new+1}${(P)__pyve_new-}" ]]; then
      \builtin continue
    fi
    __pyve_type=${(Pt)__pyve_name}
    if [[ -n "$__pyve_type" && "$__pyve_type" != scalar* || "$__pyve_type" = *readonly* ]]; then
      \builtin continue
    elif [[ -z "${(P)__pyve_old+1}" ]]; then
      __pyve_gone+=("$__pyve_name")
    elif [[ -n "${__pyve_unexported[(re)$__pyve_name]-}" ]]; then
      \builtin typeset -g +x "$__pyve_name=${(P)__pyve_old}"
    else
      __pyve_back+=("$__pyve_name=${(P)__pyve_old}")
    fi
  done
  if [[ -n "${_PYVE_BIN-}" && "${(t)PATH}" != *readonly* ]]; then
    __pyve_without_record "${PATH-}"
    if [[ -n "$__pyve_text" || "${_PYVE_NO_PATH-}" != unset ]]; then
      __pyve_back+=("PATH=$__pyve_text")
    else
      __pyve_gone+=(PATH)
    fi
    if [[ -n "${_OLD_VIRTUAL_PATH-}" ]]; then
      __pyve_without_record "$_OLD_VIRTUAL_PATH"
      _OLD_VIRTUAL_PATH=$__pyve_text
    fi
  fi
  if [[ "${#__pyve_back}" -gt 0 ]]; then \builtin export "${__pyve_back[@]}"; fi
  if [[ "${#__pyve_gone}" -gt 0 ]]; then \builtin unset "${__pyve_gone[@]}"; fi
  if [[ -n "${__pyve_psvars-}" || "${PS1-}" = *'%(20V.%20v.)'* ]]; then __pyve_hide_prompt; fi
  if [[ -n "${__pyve_owns_deactivate-}" ]]; then
    # A stock activate script has put its own in the place of ours, as long as this variable is there.
    if [[ -z "${_OLD_VIRTUAL_PATH-}" ]]; then \builtin unset -f deactivate; fi
    __pyve_owns_deactivate=
  fi
  __pyve_unexported=()
  __pyve_mine=
  # Last: what is interrupted before is left again.
  \builtin unset _PYVE_ROOT _PYVE_SERIAL _PYVE_BIN _PYVE_KEPT _PYVE_SET _PYVE_UNSET _PYVE_HAD \
    _PYVE_NO_PATH _PYVE_PINNED
}

# Take the record's entries out of the PATH-like text $1, into __pyve_text.
__pyve_without_record() {
  \builtin local __pyve_entry
  \builtin local -a __pyve_entries
  __pyve_entries=("${(@s.:.)1}")
  for __pyve_entry in "${(@s.:.)_PYVE_BIN}"; do
    if [[ ":${_PYVE_KEPT-}:" != *":$__pyve_entry:"* ]]; then
      __pyve_entries=("${(@)__pyve_entries:#$__pyve_entry}")
    elif [[ "${(t)path}" != *unique* ]]; then # where `typeset -U path` has made one of two, that is the user's
      __pyve_entries[${__pyve_entries[(ie)$__pyve_entry]}]=() # so written, it parses under `sh_glob` too
    fi
  done
  __pyve_text="${(j.:.)__pyve_entries}"
}

# The prompt shows the text as an element of psvar, where nothing in it is code. It is the 20th: themes use the first ones.
# `(V)` hides it where that element is empty or gone, as in a child shell that has inherited the prompt.
__pyve_show_prompt() {
  if [[ ! -o prompt_percent || "${(t)PS1}" = *readonly* ]]; then \builtin return 0; fi
  # Themes that show VIRTUAL_ENV themselves: starship, oh-my-posh, liquidprompt, powerline, powerlevel10k.
  if [[ -n "${STARSHIP_SHELL-}${POSH_THEME-}${POSH_PID-}${LP_VERSION-}${POWERLINE_COMMAND-}${P9K_VERSION-}" ]]; then
    \builtin return 0
  fi
  if [[ -n "${psvar[20]-}" ]]; then \builtin return 0; fi
  __pyve_psvars=${#psvar}
  psvar[20]=$__pyve_s_prompt
  if [[ "${PS1-}" != *'%(20V.%20v.)'* ]]; then PS1="%(20V.%20v.)${PS1-}"; fi
}

__pyve_hide_prompt() {
  if [[ -n "${__pyve_psvars-}" ]]; then
    if [[ "${#psvar}" -ge 20 ]]; then psvar[20]=''; fi
    if [[ -z "${(j..)psvar:$__pyve_psvars}" ]]; then psvar=("${(@)psvar[1,__pyve_psvars]}"); fi
    __pyve_psvars=
  fi
  if [[ "${PS1-}" = *'%(20V.%20v.)'* && "${(t)PS1}" != *readonly* ]]; then
    PS1=${PS1%%'%(20V.%20v.)'*}${PS1#*'%(20V.%20v.)'}
  fi
}
