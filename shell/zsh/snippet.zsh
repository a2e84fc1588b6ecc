# What entering this project means. Written by pyve and read by its hook: data alone; edits are lost.
# One command of many assignments: read a fifth faster than many commands.
__pyve_s_format=1 \
  __pyve_s_root=@ROOT@ \
  __pyve_s_serial=@SERIAL@ \
  __pyve_s_probe=@PROBE@ \
  __pyve_s_reference=@REFERENCE@ \
  __pyve_s_watch=(@WATCH@) \
  __pyve_s_watch_on_cd=@WATCH_ON_CD@ \
  __pyve_s_bin=(@BIN@) \
  __pyve_s_set=(@SET@) \
  __pyve_s_unset=(@UNSET@) \
  __pyve_s_conda=@CONDA@ \
  __pyve_s_scripts=(@SCRIPTS@) \
  __pyve_s_scripts_out=(@SCRIPTS_OUT@) \
  __pyve_s_prompt=@PROMPT@ \
  __pyve_s_notice=@NOTICE@ \
  __pyve_s_missing=@MISSING@
