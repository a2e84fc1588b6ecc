# What the installed hook adds: the completion is read at the first TAB after `pyve`. Starts no process.
# At the first prompt all startup files have been read, so that compinit has been called if ever it is.
# No directory goes on fpath: compinit would ask about its owner, and one that has been called already would not see it.
if [[ -o interactive ]]; then
  __pyve_completion=@COMPLETION@
  __pyve_offer_completion() {
    \builtin emulate -L zsh -o no_aliases
    precmd_functions=("${(@)precmd_functions:#__pyve_offer_completion}")
    if [[ -r "$__pyve_completion" && -n "${_comps+set}" && -z "${_comps[pyve]-}" ]]; then
      compdef __pyve_complete_first pyve
    fi
  }
  __pyve_complete_first() {
    \builtin source "$__pyve_completion"
    _pyve "$@"
  }
  precmd_functions+=(__pyve_offer_completion)
fi
