# What entering this project means. Written by pyve and read by its hook: data alone; edits are lost.
$global:__pyve_s_format = 1
$global:__pyve_s_root = @ROOT@
$global:__pyve_s_serial = @SERIAL@
$global:__pyve_s_probe = @PROBE@
$global:__pyve_s_reference = @REFERENCE@
$global:__pyve_s_watch = @(@WATCH@)
$global:__pyve_s_watch_on_cd = @WATCH_ON_CD@
$global:__pyve_s_bin = @(@BIN@)
$global:__pyve_s_set = @(@SET@)
$global:__pyve_s_unset = @(@UNSET@)
$global:__pyve_s_conda = @CONDA@
$global:__pyve_s_scripts = @(@SCRIPTS@)
$global:__pyve_s_scripts_out = @(@SCRIPTS_OUT@)
$global:__pyve_s_prompt = @PROMPT@
$global:__pyve_s_notice = @NOTICE@
$global:__pyve_s_missing = @MISSING@
