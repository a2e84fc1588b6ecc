# What zsh does around a prompt, many times over; prints its own clock before and after.
zmodload zsh/datetime

bench_event() {
  local name
  for name in $precmd_functions; do $name; done
}

bench_report() {
  printf 'clock=%s,%s;\n' "$1" "$2"
}

# COUNT: so many prompts in the same directory.
bench_prompts() {
  local index=0 start=$EPOCHREALTIME
  while ((index++ < $1)); do bench_event; done
  bench_report "$start" "$EPOCHREALTIME"
}

# COUNT FIRST SECOND: so many times from SECOND to FIRST and back, a prompt after each. cd itself runs chpwd_functions.
bench_moves() {
  local index=0 start=$EPOCHREALTIME
  while ((index++ < $1)); do
    cd "$2"
    bench_event
    cd "$3"
    bench_event
  done
  bench_report "$start" "$EPOCHREALTIME"
}

# COUNT FIRST SECOND SCRIPT: the same by hand, with an activate script.
bench_moves_by_hand() {
  local index=0 start=$EPOCHREALTIME
  while ((index++ < $1)); do
    cd "$2"
    source "$4"
    bench_event
    cd "$3"
    deactivate
    bench_event
  done
  bench_report "$start" "$EPOCHREALTIME"
}
