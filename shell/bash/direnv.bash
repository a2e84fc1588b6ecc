# >>> pyve >>>
# shellcheck shell=bash
# The environment of this project, for direnv; as `pyve direnv` prints it.
if has pyve; then
  watch_file @WATCH@
  eval "$(pyve activate --exports --shell bash)"
else
  log_error 'pyve is not on PATH: the environment of this project is not active here.'
fi
# <<< pyve <<<
