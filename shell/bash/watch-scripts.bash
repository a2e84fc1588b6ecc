# Sources scripts in a clean shell and writes down what it holds before and after: FILE OUT DIRECTORY SCRIPT...
# pyve runs it without startup files, in bash 3.2 or newer. What is written are texts that a NUL ends each.

__pyve_out=$1
\builtin cd -- "$2" || \builtin exit
\builtin unset -v OLDPWD
\builtin shift 2
__pyve_scripts=("$@")
\builtin set --

__pyve_look() {
  {
    while IFS= \builtin read -r __pyve_name; do
      if [[ -n ${!__pyve_name+x} ]]; then \builtin printf '%s=%s\0' "$__pyve_name" "${!__pyve_name}"; fi
    done <<<"$(\builtin compgen -e)"
  } >|"$__pyve_out/$1-exported" || \builtin :
  {
    \builtin printf 'names '
    \builtin compgen -v || \builtin :
    \builtin printf '\0functions '
    \builtin compgen -A function || \builtin :
    \builtin printf '\0aliases '
    \builtin alias -p || \builtin :
    \builtin printf '\0completions '
    \builtin complete -p || \builtin :
    \builtin printf '\0traps '
    \builtin trap || \builtin :
    \builtin printf '\0options %s ' "$-"
    \builtin set +o || \builtin :
    \builtin shopt -p || \builtin :
    \builtin printf '\0umask '
    \builtin umask || \builtin :
    \builtin printf '\0jobs '
    \builtin jobs -p || \builtin :
    \builtin printf '\0separators %s\0directory %s\0' "$IFS" "$PWD"
  } >|"$__pyve_out/$1-shell" || \builtin :
}

__pyve_look before
for __pyve_script in "${__pyve_scripts[@]}"; do
  \builtin printf '%s' "$__pyve_script" >|"$__pyve_out/under-way"
  \builtin . "$__pyve_script" || \builtin printf '%s\0' "$__pyve_script" >>"$__pyve_out/failed"
done
\builtin printf '' >|"$__pyve_out/under-way"
__pyve_look after
\builtin printf '' >|"$__pyve_out/ended"
