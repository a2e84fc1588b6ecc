# shellcheck shell=bash
# Completion of pyve for bash 3.2 and newer. It needs no other package; `pyve run` uses bash-completion where it is.
# Verbs, options and fixed values start no process and no subshell.

_pyve() {
  local IFS=$' \t\n' current=${COMP_WORDS[COMP_CWORD]} verb='' option='' ended='' project='' prefix='' word kind asked
  local index=1 operand=1
  local -a verbs options values
  COMPREPLY=()
  while [ "$index" -lt "$COMP_CWORD" ]; do
    word=${COMP_WORDS[index]}
    index=$((index + 1))
    if [ -n "$option" ]; then
      __pyve_take_value "$word"
    elif [ -z "$ended" ] && [ "${word:0:1}" = - ]; then
      __pyve_take_option "$word"
    else
      __pyve_know "$verb"
      if [ "${#verbs[@]}" -gt 0 ]; then
        verb=${verb:+$verb }$word
      elif __pyve_runs_a_command "$verb"; then
        __pyve_complete_command "$((index - 1))"
        return 0
      else
        operand=$((operand + 1))
      fi
    fi
  done
  __pyve_know "$verb"
  __pyve_complete_word
  if [ "${#COMPREPLY[@]}" -eq 0 ]; then __pyve_fall_back; fi
  return 0
}

# The word $1 follows an option that wants a value. The = of --option=value is a word of its own since bash 4.
__pyve_take_value() {
  if [ "$1" = = ]; then return 0; fi
  if [ "$option" = --project ]; then project=$1; fi
  option=
}

__pyve_take_option() {
  case $1 in
    --) ended=1 ;;
    --project=*) project=${1#*=} ;;
    --*=*) ;;
    *)
      if [ -z "$verb" ] && __pyve_is_flag_verb "$1"; then return 0; fi
      if __pyve_wants_value "$verb" "$1"; then option=$1; fi
      ;;
  esac
}

# Offer what may stand where the cursor is; kind says afterwards what the shell itself should offer.
__pyve_complete_word() {
  kind=
  if [ -n "$option" ]; then
    if [ "$current" = = ]; then current=; fi
    __pyve_wants_value "$verb" "$option"
    __pyve_offer_values
  elif [ -z "$ended" ] && [ "${current:0:2}" = -- ] && [ "${current#*=}" != "$current" ]; then
    option=${current%%=*}
    current=${current#*=}
    case $COMP_WORDBREAKS in *=*) ;; *) prefix=$option= ;; esac
    if __pyve_wants_value "$verb" "$option"; then __pyve_offer_values; fi
  elif [ -z "$ended" ] && [ "${current:0:1}" = - ]; then
    __pyve_offer ${options[@]+"${options[@]}"}
  elif [ "${#verbs[@]}" -gt 0 ]; then
    __pyve_offer "${verbs[@]}"
  elif __pyve_runs_a_command "$verb"; then
    __pyve_complete_command "$COMP_CWORD"
    kind='command'
  else
    __pyve_know_operand "$verb" "$operand"
    __pyve_offer_values
  fi
}

__pyve_offer_values() {
  case $current in [\'\"]*) current=${current:1} ;; esac
  case $kind in
    choice) __pyve_offer "${values[@]}" ;;
    names) __pyve_offer_names "$asked" ;;
  esac
}

# Those of the words that begin as the one at the cursor.
__pyve_offer() {
  local word
  for word in "$@"; do
    if [ "${word:0:${#current}}" = "$current" ]; then COMPREPLY[${#COMPREPLY[@]}]=$prefix$word; fi
  done
}

# Names that only the project knows: pyve is asked. They hold letters, digits and ._+- alone.
__pyve_offer_names() {
  local word
  # A directory whose name would have to be read as the shell reads it is not asked about.
  case $project in
    *[\\\'\"\$\`\(\)\<\>\|\;\&\*\?\[\]\{\}\!]*) return 0 ;;
    [~]/*) project=${HOME-}${project#?} ;;
  esac
  while IFS= read -r word; do
    if [ -n "$word" ]; then __pyve_offer "$word"; fi
  done <<<"$(\command pyve ${project:+--project "$project"} __complete "$1" 2>/dev/null </dev/null)"
}

# The command line that `pyve run` takes begins with the word number $1.
__pyve_complete_command() {
  local word
  if declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif [ "$COMP_CWORD" -eq "$1" ] && [ "${current#*/}" = "$current" ]; then
    while IFS= read -r word; do
      if [ -n "$word" ]; then
        printf -v word %q "$word"
        COMPREPLY[${#COMPREPLY[@]}]=$word
      fi
    done <<<"$(compgen -c -- "$current")"
  fi
}

# Nothing of ours fits. bash 3.2 cannot be told to offer nothing, or directories alone: there it offers files.
__pyve_fall_back() {
  if [ "${BASH_VERSINFO[0]}" -lt 4 ]; then return 0; fi
  case $kind in
    file | command) ;;
    directory) compopt +o bashdefault +o default -o dirnames 2>/dev/null || : ;;
    *) compopt +o bashdefault +o default 2>/dev/null || : ;;
  esac
}

# Sets verb where the first word is a flag that means one.
__pyve_is_flag_verb() {
  case $1 in
    --init) verb='init' ;;
    --purge) verb='purge' ;;
    --validate) verb='check' ;;
    --config) verb='config' ;;
    --install) verb='self install' ;;
    --uninstall) verb='self uninstall' ;;
    --version) verb='version' ;;
    -V) verb='version' ;;
    *) return 1 ;;
  esac
}

__pyve_runs_a_command() {
  case $1 in
    'run') ;;
    *) return 1 ;;
  esac
}

# Sets the verbs and options that may follow the verb $1.
__pyve_know() {
  verbs=()
  options=()
  case $1 in
    '') verbs=(init sync lock upgrade add remove run shell activate deactivate direnv status list detect allow deny rollback gc purge check hook completion version config self) options=(--init --purge --validate --config --install --uninstall --version -V) ;;
    'init') options=(--pin --no-pin --backend --extra --group --no-extras --no-groups --dev --no-dev --force --adopt --take-venv --ignore --no-ignore --reset-choices --strict --engine --auto-bootstrap --bootstrap-to --only-binary --offline --dry-run -n) ;;
    'sync') options=(--exact --keep-extras --upgrade --backend --extra --group --no-extras --no-groups --dev --no-dev --force --adopt --take-venv --ignore --no-ignore --reset-choices --strict --engine --auto-bootstrap --bootstrap-to --only-binary --offline --dry-run -n) ;;
    'lock') options=(--check --upgrade --upgrade-package -P --platform --python --extra --group --exclude-newer --locker --output -o --offline --dry-run -n) ;;
    'upgrade') options=(--exclude-newer --locker --engine --dry-run -n) ;;
    'add') options=(--editable -e --dev --group --extra --pip --no-lock --no-sync --offline --dry-run -n) ;;
    'remove') options=(--dev --group --extra --pip --no-lock --no-sync --offline --dry-run -n) ;;
    'run') options=(--strict) ;;
    'shell') options=(--shell --strict) ;;
    'activate') options=(--shell --exports) ;;
    'status') options=(--sizes) ;;
    'list') options=(--all --sizes) ;;
    'detect') options=(--backend) ;;
    'allow') options=(--list --prune --dry-run -n) ;;
    'deny') options=(--dry-run -n) ;;
    'rollback') options=(--dry-run -n) ;;
    'gc') options=(--days --all --gone --no-previous --keep --dry-run -n) ;;
    'purge') options=(--keep-env --dry-run -n) ;;
    'check') options=(--deep) ;;
    'hook') options=(--install --uninstall --dry-run -n) ;;
    'config') verbs=(get set unset) ;;
    'config get') options=(--user) ;;
    'config set') options=(--user) ;;
    'config unset') options=(--user) ;;
    'self') verbs=(install uninstall bootstrap) ;;
    'self install') options=(--dry-run -n) ;;
    'self uninstall') options=(--dry-run -n) ;;
    'self bootstrap') options=(--to --version --sha256 --dry-run -n) ;;
  esac
  options=(${options[@]+"${options[@]}"} --project --json --quiet -q --verbose -v --no-color --yes -y --help -h)
}

# Sets kind, values and asked for the option $2 of the verb $1; 1 when it takes no value.
__pyve_wants_value() {
  kind=
  values=()
  asked=
  case $2 in
    --project) kind='directory'; return 0 ;;
  esac
  case "$1 $2" in
    'init --backend') kind='choice' values=(venv micromamba) ;;
    'init --extra') kind='names' asked=extras ;;
    'init --group') kind='names' asked=groups ;;
    'init --engine') kind='free' ;;
    'init --bootstrap-to') kind='free' ;;
    'sync --backend') kind='choice' values=(venv micromamba) ;;
    'sync --extra') kind='names' asked=extras ;;
    'sync --group') kind='names' asked=groups ;;
    'sync --engine') kind='free' ;;
    'sync --bootstrap-to') kind='free' ;;
    'lock --upgrade-package' | 'lock -P') kind='free' ;;
    'lock --platform') kind='free' ;;
    'lock --python') kind='free' ;;
    'lock --extra') kind='names' asked=extras ;;
    'lock --group') kind='names' asked=groups ;;
    'lock --exclude-newer') kind='free' ;;
    'lock --locker') kind='free' ;;
    'lock --output' | 'lock -o') kind='file' ;;
    'upgrade --exclude-newer') kind='free' ;;
    'upgrade --locker') kind='free' ;;
    'upgrade --engine') kind='free' ;;
    'add --editable' | 'add -e') kind='directory' ;;
    'add --group') kind='names' asked=groups ;;
    'add --extra') kind='names' asked=extras ;;
    'remove --group') kind='names' asked=groups ;;
    'remove --extra') kind='names' asked=extras ;;
    'shell --shell') kind='choice' values=(bash zsh fish pwsh) ;;
    'activate --shell') kind='choice' values=(bash zsh fish pwsh) ;;
    'detect --backend') kind='choice' values=(venv micromamba) ;;
    'gc --days') kind='free' ;;
    'gc --keep') kind='names' asked=environments ;;
    'self bootstrap --to') kind='free' ;;
    'self bootstrap --version') kind='free' ;;
    'self bootstrap --sha256') kind='free' ;;
    *) return 1 ;;
  esac
}

# Sets kind, values and asked for the operand number $2 of the verb $1.
__pyve_know_operand() {
  kind=
  values=()
  asked=
  case "$1 $2" in
    'allow 1') kind='directory' ;;
    'deny 1') kind='directory' ;;
    'hook 1') kind='choice' values=(bash zsh fish pwsh) ;;
    'completion 1') kind='choice' values=(bash zsh fish pwsh) ;;
    'config get 1') kind='choice' values=(auto-sync backend conda.channel-priority conda.channels conda.compile conda.download-url conda.engine conda.keyring conda.link-scripts conda.links conda.micromamba conda.mirrors dev env-file extras gc.days groups ignore index-strategy lock.conda-lock lock.exclude-newer lock.format lock.locker lock.pip-tools lock.platforms name prompt python store.location venv.system-site-packages) ;;
    'config set 1') kind='choice' values=(auto-sync backend conda.channel-priority conda.channels conda.compile conda.download-url conda.engine conda.keyring conda.link-scripts conda.links conda.micromamba conda.mirrors dev env-file extras gc.days groups ignore index-strategy lock.conda-lock lock.exclude-newer lock.format lock.locker lock.pip-tools lock.platforms name prompt python store.location venv.system-site-packages) ;;
    'config unset 1') kind='choice' values=(auto-sync backend conda.channel-priority conda.channels conda.compile conda.download-url conda.engine conda.keyring conda.link-scripts conda.links conda.micromamba conda.mirrors dev env-file extras gc.days groups ignore index-strategy lock.conda-lock lock.exclude-newer lock.format lock.locker lock.pip-tools lock.platforms name prompt python store.location venv.system-site-packages) ;;
    'self bootstrap 1') kind='choice' values=(bash zsh fish pwsh) ;;
  esac
}

complete -o bashdefault -o default -F _pyve pyve
