# As watch-scripts.bash, for a machine whose only shell is a plain sh: tells variables alone.

__pyve_out=$1
cd -- "$2" || exit
unset -v OLDPWD
shift 2

env -0 >"$__pyve_out/before-exported"
for __pyve_script; do
  printf '%s' "$__pyve_script" >|"$__pyve_out/under-way"
  command . "$__pyve_script" || printf '%s\0' "$__pyve_script" >>"$__pyve_out/failed"
done
printf '' >|"$__pyve_out/under-way"
env -0 >|"$__pyve_out/after-exported"
printf '' >|"$__pyve_out/ended"
