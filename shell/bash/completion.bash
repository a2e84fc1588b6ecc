# shellcheck shell=bash
# What the installed hook adds: the completion is read at the first TAB after `pyve`. Starts no process.
case $- in
*i*)
__pyve_completion=@COMPLETION@
__pyve_complete_first() {
  \builtin . "$__pyve_completion"
  _pyve "$@"
}
if [ -r "$__pyve_completion" ] && ! \builtin complete -p pyve >/dev/null 2>&1; then
  \builtin complete -o bashdefault -o default -F __pyve_complete_first pyve
fi
;;
esac
