# shellcheck shell=bash
# What bash does around a prompt, many times over; prints its own clock before and after (bash 5 and newer).

bench_event() {
  local command
  for command in "${PROMPT_COMMAND[@]}"; do eval "$command"; done
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

# COUNT FIRST SECOND: so many times from SECOND to FIRST and back, a prompt after each.
bench_moves() {
  local index=0 start=$EPOCHREALTIME
  while ((index++ < $1)); do
    cd "$2" || return
    bench_event
    cd "$3" || return
    bench_event
  done
  bench_report "$start" "$EPOCHREALTIME"
}

# COUNT FIRST SECOND SCRIPT: the same by hand, with an activate script.
bench_moves_by_hand() {
  local index=0 start=$EPOCHREALTIME
  while ((index++ < $1)); do
    cd "$2" || return
    # shellcheck disable=SC1090 # what is measured
    source "$4"
    bench_event
    cd "$3" || return
    deactivate
    bench_event
  done
  bench_report "$start" "$EPOCHREALTIME"
}
