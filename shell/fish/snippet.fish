# What entering this project means. Written by pyve and read by its hook: data alone; edits are lost.
set -g __pyve_s_format 1
set -g __pyve_s_root @ROOT@
set -g __pyve_s_serial @SERIAL@
set -g __pyve_s_probe @PROBE@
set -g __pyve_s_reference @REFERENCE@
set -g __pyve_s_watch @WATCH@
set -g __pyve_s_watch_on_cd @WATCH_ON_CD@
set -g __pyve_s_bin @BIN@
set -g __pyve_s_set @SET@
set -g __pyve_s_unset @UNSET@
set -g __pyve_s_conda @CONDA@
set -g __pyve_s_scripts @SCRIPTS@
set -g __pyve_s_scripts_out @SCRIPTS_OUT@
set -g __pyve_s_prompt @PROMPT@
set -g __pyve_s_notice @NOTICE@
set -g __pyve_s_missing @MISSING@
