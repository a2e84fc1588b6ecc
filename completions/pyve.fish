# Completion of pyve for fish 3.1 and newer. Verbs, options and fixed values start no process.

# Prints what stands before the cursor: the verb; the place of the command that `run` takes, or 0; how many operands.
function __pyve_scan
    set -l verb ''
    set -l option ''
    set -l ended ''
    set -l place 0
    set -l command 0
    set -l operands 0
    set -l started ''
    for token in (commandline -opc)
        set place (math $place + 1)
        if test -z "$started"
            # NAME=value may stand before the program.
            string match -q -- '*=*' $token
            or set started 1
        else if test -n "$option"
            set option ''
        else if test -z "$ended"; and string match -q -- '-*' $token
            if test "$token" = --
                set ended 1
                continue
            end
            if test -z "$verb"
                switch $token
                    case --init
                        set verb 'init'
                    case --purge
                        set verb 'purge'
                    case --validate
                        set verb 'check'
                    case --config
                        set verb 'config'
                    case --install
                        set verb 'self install'
                    case --uninstall
                        set verb 'self uninstall'
                    case --version
                        set verb 'version'
                    case -V
                        set verb 'version'
                end
            end
            switch "$verb $token"
                case '* --project' 'init --backend' 'init --extra' 'init --group' 'init --engine' 'init --bootstrap-to' 'sync --backend' 'sync --extra' 'sync --group' 'sync --engine' 'sync --bootstrap-to' 'lock --upgrade-package' 'lock -P' 'lock --platform' 'lock --python' 'lock --extra' 'lock --group' 'lock --exclude-newer' 'lock --locker' 'lock --output' 'lock -o' 'upgrade --exclude-newer' 'upgrade --locker' 'upgrade --engine' 'add --editable' 'add -e' 'add --group' 'add --extra' 'remove --group' 'remove --extra' 'shell --shell' 'activate --shell' 'detect --backend' 'gc --days' 'gc --keep' 'self bootstrap --to' 'self bootstrap --version' 'self bootstrap --sha256'
                    set option $token
            end
        else if contains -- "$verb" '' 'config' 'self'
            set verb (string trim -- "$verb $token")
        else if contains -- "$verb" 'run'
            set command $place
            break
        else
            set operands (math $operands + 1)
        end
    end
    printf '%s\n' "$verb" $command $operands
end

# Whether the verb is $argv[1] and its own options may stand here.
function __pyve_at
    set -l found (__pyve_scan)
    test "$found[1]" = "$argv[1]" -a "$found[2]" -eq 0
end

# Whether the operand number $argv[2] of the verb $argv[1] is wanted; `many` for any of them.
function __pyve_operand
    set -l found (__pyve_scan)
    test "$found[1]" = "$argv[1]"
    or return 1
    test "$argv[2]" = many
    or test (math $found[3] + 1) -eq "$argv[2]"
end

# Whether this is no part of the command that `run` takes.
function __pyve_outside_command
    set -l found (__pyve_scan)
    test "$found[2]" -eq 0
end

# What the shell offers for the command that `run` takes, as if it stood alone.
function __pyve_command
    set -l found (__pyve_scan)
    set -l typed (commandline -ct)
    set -l before
    set -l place $found[2]
    if test "$place" -gt 0
        set -l tokens (commandline -opc)
        set before (string escape -- $tokens[$place..-1])
    end
    # The space in front keeps an empty line from being taken for the whole one.
    complete -C" "(string join ' ' -- $before "$typed")
end

function __pyve_directories
    __fish_complete_directories (commandline -ct | string replace -r -- '^--[^=]*=' '') ''
end

# Names that only the project knows: pyve is asked. They hold letters, digits and ._+- alone.
function __pyve_names
    set -l project
    set -l next ''
    for token in (commandline -opc)
        if test -n "$next"
            set project $token
            set next ''
        else if test "$token" = --
            break
        else if test "$token" = --project
            set next 1
        else if string match -q -- '--project=*' $token
            set project (string replace -- --project= '' $token)
        end
    end
    if string match -q -- '~/*' "$project"
        set project (string replace -- '~' "$HOME" $project)
    end
    if test -n "$project"
        command pyve --project "$project" __complete $argv[1] 2>/dev/null </dev/null
    else
        command pyve __complete $argv[1] 2>/dev/null </dev/null
    end
end

complete -c pyve -e
complete -c pyve -f
complete -c pyve -n '__pyve_outside_command' -l project -f -a '(__pyve_directories)' -r -d 'Act as if started in DIR; run stays here'
complete -c pyve -n '__pyve_outside_command' -l json -d 'One JSON document on stdout'
complete -c pyve -n '__pyve_outside_command' -l quiet -s q -d 'No progress, no notes'
complete -c pyve -n '__pyve_outside_command' -l verbose -s v -d 'Show the installer\'s own output'
complete -c pyve -n '__pyve_outside_command' -l no-color -d 'No colours (as NO_COLOR)'
complete -c pyve -n '__pyve_outside_command' -l yes -s y -d 'Assent to what would be asked'
complete -c pyve -n '__pyve_outside_command' -l help -s h -d 'Show the help and exit'
complete -c pyve -n '__pyve_at \'\'' -a init -d 'Make this directory a project and build its environment'
complete -c pyve -n '__pyve_at \'\'' -a sync -d 'Bring the environment up to what the project\'s files declare'
complete -c pyve -n '__pyve_at \'\'' -a lock -d 'Turn what the project declares into exact pins'
complete -c pyve -n '__pyve_at \'\'' -a upgrade -d 'Lock the newest versions that are allowed, and install them'
complete -c pyve -n '__pyve_at \'\'' -a add -d 'Declare packages, lock them and install them, as one change'
complete -c pyve -n '__pyve_at \'\'' -a remove -d 'Take packages out of what is declared, lock and install the rest, as one change'
complete -c pyve -n '__pyve_at \'\'' -a run -d 'Run a command inside the environment; its exit status is pyve\'s'
complete -c pyve -n '__pyve_at \'\'' -a shell -d 'Open a shell inside the environment; `exit` leaves it'
complete -c pyve -n '__pyve_at \'\'' -a activate -d 'Print what a shell evaluates to enter the environment once'
complete -c pyve -n '__pyve_at \'\'' -a deactivate -d 'Say how to leave: type `deactivate`, the shell\'s own function'
complete -c pyve -n '__pyve_at \'\'' -a direnv -d 'Print lines for .envrc, by which direnv keeps the environment'
complete -c pyve -n '__pyve_at \'\'' -a status -d 'Show this project\'s environment'
complete -c pyve -n '__pyve_at \'\'' -a list -d 'List the environments of this project, with size and last use'
complete -c pyve -n '__pyve_at \'\'' -a detect -d 'Explain what the project gets, and why'
complete -c pyve -n '__pyve_at \'\'' -a allow -d 'Let a project act on cd, with the variables of its env file'
complete -c pyve -n '__pyve_at \'\'' -a deny -d 'Let a project do nothing on cd any more'
complete -c pyve -n '__pyve_at \'\'' -a rollback -d 'Put the environment back in use that was in use before'
complete -c pyve -n '__pyve_at \'\'' -a gc -d 'Remove environments that have not been used for long'
complete -c pyve -n '__pyve_at \'\'' -a purge -d 'Take everything of pyve out of the project'
complete -c pyve -n '__pyve_at \'\'' -a check -d 'Examine machine, project and environment'
complete -c pyve -n '__pyve_at \'\'' -a hook -d 'Print the shell code that activates on cd, for eval; or install it'
complete -c pyve -n '__pyve_at \'\'' -a completion -d 'Print the shell code that completes pyve\'s command line with TAB'
complete -c pyve -n '__pyve_at \'\'' -a version -d 'Show pyve\'s version'
complete -c pyve -n '__pyve_at \'\'' -a config -d 'Show and change settings'
complete -c pyve -n '__pyve_at \'\'' -a self -d 'Install or uninstall pyve itself, or a program that it can use'
complete -c pyve -n '__pyve_at \'\'' -l init -d 'Make this directory a project and build its environment'
complete -c pyve -n '__pyve_at \'\'' -l purge -d 'Take everything of pyve out of the project'
complete -c pyve -n '__pyve_at \'\'' -l validate -d 'Examine machine, project and environment'
complete -c pyve -n '__pyve_at \'\'' -l config -d 'Show and change settings'
complete -c pyve -n '__pyve_at \'\'' -l install -d 'Put the command of this pyve into ~/.local/bin; install.sh does it for you'
complete -c pyve -n '__pyve_at \'\'' -l uninstall -d 'Take out what install.sh made, the command and pyve\'s own environment, and the hooks of shells'
complete -c pyve -n '__pyve_at \'\'' -l version -d 'Show pyve\'s version'
complete -c pyve -n '__pyve_at \'\'' -s V -d 'Show pyve\'s version'
complete -c pyve -n '__pyve_at \'init\'' -l pin -d 'Write PYTHON into .python-version'
complete -c pyve -n '__pyve_at \'init\'' -l no-pin -d 'The contrary of --pin'
complete -c pyve -n '__pyve_at \'init\'' -l backend -f -a 'venv micromamba' -r -d 'venv or micromamba; detected when not given'
complete -c pyve -n '__pyve_at \'init\'' -l extra -f -a '(__pyve_names extras)' -r -d 'Install this extra (repeatable)'
complete -c pyve -n '__pyve_at \'init\'' -l group -f -a '(__pyve_names groups)' -r -d 'Install this dependency group (repeatable)'
complete -c pyve -n '__pyve_at \'init\'' -l no-extras -d 'No extras any more'
complete -c pyve -n '__pyve_at \'init\'' -l no-groups -d 'No groups any more'
complete -c pyve -n '__pyve_at \'init\'' -l dev -d 'With or without the group dev and requirements-dev.txt'
complete -c pyve -n '__pyve_at \'init\'' -l no-dev -d 'The contrary of --dev'
complete -c pyve -n '__pyve_at \'init\'' -l force -d 'Build anew, whatever is there'
complete -c pyve -n '__pyve_at \'init\'' -l adopt -d 'Use a matching environment that came from elsewhere'
complete -c pyve -n '__pyve_at \'init\'' -l take-venv -d 'Move a .venv that is not pyve\'s aside and put the link there'
complete -c pyve -n '__pyve_at \'init\'' -l ignore -d 'May lines go into .gitignore or .dockerignore?'
complete -c pyve -n '__pyve_at \'init\'' -l no-ignore -d 'The contrary of --ignore'
complete -c pyve -n '__pyve_at \'init\'' -l reset-choices -d 'Give up what earlier options chose; the files decide again'
complete -c pyve -n '__pyve_at \'init\'' -l strict -d 'Fail where a lock is out of date, and write no manifest'
complete -c pyve -n '__pyve_at \'init\'' -l engine -f -r -d 'rattler or micromamba, for conda packages'
complete -c pyve -n '__pyve_at \'init\'' -l auto-bootstrap -d 'Download micromamba where it is asked for and not there'
complete -c pyve -n '__pyve_at \'init\'' -l bootstrap-to -f -r -d 'user (the default) or project'
complete -c pyve -n '__pyve_at \'init\'' -l only-binary -d 'Build no package from source; only the project itself may be'
complete -c pyve -n '__pyve_at \'init\'' -l offline -d 'Use the caches alone'
complete -c pyve -n '__pyve_at \'init\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'sync\'' -l exact -d 'Leave out what was installed by hand'
complete -c pyve -n '__pyve_at \'sync\'' -l keep-extras -d 'Carry what was installed by hand over into a new environment'
complete -c pyve -n '__pyve_at \'sync\'' -l upgrade -d 'Build anew with the newest versions that are allowed'
complete -c pyve -n '__pyve_at \'sync\'' -l backend -f -a 'venv micromamba' -r -d 'venv or micromamba; detected when not given'
complete -c pyve -n '__pyve_at \'sync\'' -l extra -f -a '(__pyve_names extras)' -r -d 'Install this extra (repeatable)'
complete -c pyve -n '__pyve_at \'sync\'' -l group -f -a '(__pyve_names groups)' -r -d 'Install this dependency group (repeatable)'
complete -c pyve -n '__pyve_at \'sync\'' -l no-extras -d 'No extras any more'
complete -c pyve -n '__pyve_at \'sync\'' -l no-groups -d 'No groups any more'
complete -c pyve -n '__pyve_at \'sync\'' -l dev -d 'With or without the group dev and requirements-dev.txt'
complete -c pyve -n '__pyve_at \'sync\'' -l no-dev -d 'The contrary of --dev'
complete -c pyve -n '__pyve_at \'sync\'' -l force -d 'Build anew, whatever is there'
complete -c pyve -n '__pyve_at \'sync\'' -l adopt -d 'Use a matching environment that came from elsewhere'
complete -c pyve -n '__pyve_at \'sync\'' -l take-venv -d 'Move a .venv that is not pyve\'s aside and put the link there'
complete -c pyve -n '__pyve_at \'sync\'' -l ignore -d 'May lines go into .gitignore or .dockerignore?'
complete -c pyve -n '__pyve_at \'sync\'' -l no-ignore -d 'The contrary of --ignore'
complete -c pyve -n '__pyve_at \'sync\'' -l reset-choices -d 'Give up what earlier options chose; the files decide again'
complete -c pyve -n '__pyve_at \'sync\'' -l strict -d 'Fail where a lock is out of date, and write no manifest'
complete -c pyve -n '__pyve_at \'sync\'' -l engine -f -r -d 'rattler or micromamba, for conda packages'
complete -c pyve -n '__pyve_at \'sync\'' -l auto-bootstrap -d 'Download micromamba where it is asked for and not there'
complete -c pyve -n '__pyve_at \'sync\'' -l bootstrap-to -f -r -d 'user (the default) or project'
complete -c pyve -n '__pyve_at \'sync\'' -l only-binary -d 'Build no package from source; only the project itself may be'
complete -c pyve -n '__pyve_at \'sync\'' -l offline -d 'Use the caches alone'
complete -c pyve -n '__pyve_at \'sync\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'lock\'' -l check -d 'Only tell whether the locks are up to date (exit 1: no)'
complete -c pyve -n '__pyve_at \'lock\'' -l upgrade -d 'The newest versions that are allowed, of everything'
complete -c pyve -n '__pyve_at \'lock\'' -l upgrade-package -s P -f -r -d 'The newest NAME (repeatable)'
complete -c pyve -n '__pyve_at \'lock\'' -l platform -f -r -d 'Lock for this platform: linux-64 (repeatable)'
complete -c pyve -n '__pyve_at \'lock\'' -l python -f -r -d 'The Python to lock for'
complete -c pyve -n '__pyve_at \'lock\'' -l extra -f -a '(__pyve_names extras)' -r -d 'Lock this extra; all of them without (repeatable)'
complete -c pyve -n '__pyve_at \'lock\'' -l group -f -a '(__pyve_names groups)' -r -d 'Lock this group; all of them without (repeatable)'
complete -c pyve -n '__pyve_at \'lock\'' -l exclude-newer -f -r -d 'Leave out what was uploaded after DATE'
complete -c pyve -n '__pyve_at \'lock\'' -l locker -f -r -d 'uv, pip-tools, rattler or conda-lock'
complete -c pyve -n '__pyve_at \'lock\'' -l output -s o -F -r -d 'Write to FILE'
complete -c pyve -n '__pyve_at \'lock\'' -l offline -d 'Use the caches alone'
complete -c pyve -n '__pyve_at \'lock\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'upgrade\'' -l exclude-newer -f -r -d 'Leave out what was uploaded after DATE'
complete -c pyve -n '__pyve_at \'upgrade\'' -l locker -f -r -d 'uv, pip-tools, rattler or conda-lock'
complete -c pyve -n '__pyve_at \'upgrade\'' -l engine -f -r -d 'rattler or micromamba, for conda packages'
complete -c pyve -n '__pyve_at \'upgrade\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'add\'' -l editable -s e -f -a '(__pyve_directories)' -r -d 'A project on this machine (repeatable)'
complete -c pyve -n '__pyve_at \'add\'' -l dev -d 'What development needs: the group dev'
complete -c pyve -n '__pyve_at \'add\'' -l group -f -a '(__pyve_names groups)' -r -d 'A dependency group'
complete -c pyve -n '__pyve_at \'add\'' -l extra -f -a '(__pyve_names extras)' -r -d 'An extra of the project itself'
complete -c pyve -n '__pyve_at \'add\'' -l pip -d 'The pip section of environment.yml'
complete -c pyve -n '__pyve_at \'add\'' -l no-lock -d 'Leave the locks as they are'
complete -c pyve -n '__pyve_at \'add\'' -l no-sync -d 'Leave the environment as it is'
complete -c pyve -n '__pyve_at \'add\'' -l offline -d 'Use the caches alone'
complete -c pyve -n '__pyve_at \'add\'' -l dry-run -s n -d 'Show what would be written, and resolve nothing'
complete -c pyve -n '__pyve_at \'remove\'' -l dev -d 'What development needs: the group dev'
complete -c pyve -n '__pyve_at \'remove\'' -l group -f -a '(__pyve_names groups)' -r -d 'A dependency group'
complete -c pyve -n '__pyve_at \'remove\'' -l extra -f -a '(__pyve_names extras)' -r -d 'An extra of the project itself'
complete -c pyve -n '__pyve_at \'remove\'' -l pip -d 'The pip section of environment.yml'
complete -c pyve -n '__pyve_at \'remove\'' -l no-lock -d 'Leave the locks as they are'
complete -c pyve -n '__pyve_at \'remove\'' -l no-sync -d 'Leave the environment as it is'
complete -c pyve -n '__pyve_at \'remove\'' -l offline -d 'Use the caches alone'
complete -c pyve -n '__pyve_at \'remove\'' -l dry-run -s n -d 'Show what would be written, and resolve nothing'
complete -c pyve -n '__pyve_at \'run\'' -l strict -d 'Exit with 125 when the environment is out of date'
complete -c pyve -n '__pyve_operand \'run\' many' -a '(__pyve_command)'
complete -c pyve -n '__pyve_at \'shell\'' -l shell -f -a 'bash zsh fish pwsh' -r -d 'Not the one pyve runs in: a path, or a name on PATH'
complete -c pyve -n '__pyve_at \'shell\'' -l strict -d 'Exit with 125 when the environment is out of date'
complete -c pyve -n '__pyve_at \'activate\'' -l shell -f -a 'bash zsh fish pwsh' -r -d 'bash, zsh, fish or pwsh; without it, the one pyve runs in'
complete -c pyve -n '__pyve_at \'activate\'' -l exports -d 'Plain statements that set and unset variables, for other tools'
complete -c pyve -n '__pyve_at \'status\'' -l sizes -d 'Measure the disk anew'
complete -c pyve -n '__pyve_at \'list\'' -l all -d 'Of all projects on this machine'
complete -c pyve -n '__pyve_at \'list\'' -l sizes -d 'Measure the disk anew'
complete -c pyve -n '__pyve_at \'detect\'' -l backend -f -a 'venv micromamba' -r -d 'venv or micromamba; detected when not given'
complete -c pyve -n '__pyve_at \'allow\'' -l list -d 'Show every project that is registered'
complete -c pyve -n '__pyve_at \'allow\'' -l prune -d 'Forget projects whose directory is gone'
complete -c pyve -n '__pyve_at \'allow\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_operand \'allow\' 1' -f -a '(__pyve_directories)'
complete -c pyve -n '__pyve_at \'deny\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_operand \'deny\' 1' -f -a '(__pyve_directories)'
complete -c pyve -n '__pyve_at \'rollback\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'gc\'' -l days -f -r -d 'Unused for N days (default: gc.days, 30)'
complete -c pyve -n '__pyve_at \'gc\'' -l all -d 'In all projects on this machine'
complete -c pyve -n '__pyve_at \'gc\'' -l gone -d 'With --all: forget projects that are gone'
complete -c pyve -n '__pyve_at \'gc\'' -l no-previous -d 'The previous environment may go too'
complete -c pyve -n '__pyve_at \'gc\'' -l keep -f -a '(__pyve_names environments)' -r -d 'Keep this one (repeatable)'
complete -c pyve -n '__pyve_at \'gc\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'purge\'' -l keep-env -d 'Keep the environments; `run` goes on working'
complete -c pyve -n '__pyve_at \'purge\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'check\'' -l deep -d 'Compare every installed file with what was installed'
complete -c pyve -n '__pyve_at \'hook\'' -l install -d 'Load it from the shell\'s startup file from now on'
complete -c pyve -n '__pyve_at \'hook\'' -l uninstall -d 'Take it out again; of every shell where none is named'
complete -c pyve -n '__pyve_at \'hook\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_operand \'hook\' 1' -f -a 'bash zsh fish pwsh'
complete -c pyve -n '__pyve_operand \'completion\' 1' -f -a 'bash zsh fish pwsh'
complete -c pyve -n '__pyve_at \'config\'' -a get -d 'Show one setting; exit status 1 when it has no value'
complete -c pyve -n '__pyve_at \'config\'' -a set -d 'Set one in pyve.toml (or [tool.pyve] where that is used)'
complete -c pyve -n '__pyve_at \'config\'' -a unset -d 'Take one out'
complete -c pyve -n '__pyve_at \'config get\'' -l user -d 'The user\'s settings instead of the project\'s'
complete -c pyve -n '__pyve_operand \'config get\' 1' -f -a 'auto-sync backend conda.channel-priority conda.channels conda.compile conda.download-url conda.engine conda.keyring conda.link-scripts conda.links conda.micromamba conda.mirrors dev env-file extras gc.days groups ignore index-strategy lock.conda-lock lock.exclude-newer lock.format lock.locker lock.pip-tools lock.platforms name prompt python store.location venv.system-site-packages'
complete -c pyve -n '__pyve_at \'config set\'' -l user -d 'The user\'s settings instead of the project\'s'
complete -c pyve -n '__pyve_operand \'config set\' 1' -f -a 'auto-sync backend conda.channel-priority conda.channels conda.compile conda.download-url conda.engine conda.keyring conda.link-scripts conda.links conda.micromamba conda.mirrors dev env-file extras gc.days groups ignore index-strategy lock.conda-lock lock.exclude-newer lock.format lock.locker lock.pip-tools lock.platforms name prompt python store.location venv.system-site-packages'
complete -c pyve -n '__pyve_at \'config unset\'' -l user -d 'The user\'s settings instead of the project\'s'
complete -c pyve -n '__pyve_operand \'config unset\' 1' -f -a 'auto-sync backend conda.channel-priority conda.channels conda.compile conda.download-url conda.engine conda.keyring conda.link-scripts conda.links conda.micromamba conda.mirrors dev env-file extras gc.days groups ignore index-strategy lock.conda-lock lock.exclude-newer lock.format lock.locker lock.pip-tools lock.platforms name prompt python store.location venv.system-site-packages'
complete -c pyve -n '__pyve_at \'self\'' -a install -d 'Put the command of this pyve into ~/.local/bin; install.sh does it for you'
complete -c pyve -n '__pyve_at \'self\'' -a uninstall -d 'Take out what install.sh made, the command and pyve\'s own environment, and the hooks of shells'
complete -c pyve -n '__pyve_at \'self\'' -a bootstrap -d 'Download micromamba, a second engine for conda environments'
complete -c pyve -n '__pyve_at \'self install\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'self uninstall\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_at \'self bootstrap\'' -l to -f -r -d 'user or project'
complete -c pyve -n '__pyve_at \'self bootstrap\'' -l version -f -r -d 'Another version'
complete -c pyve -n '__pyve_at \'self bootstrap\'' -l sha256 -f -r -d 'What it must be, where pyve does not know'
complete -c pyve -n '__pyve_at \'self bootstrap\'' -l dry-run -s n -d 'Show the plan, do nothing'
complete -c pyve -n '__pyve_operand \'self bootstrap\' 1' -f -a 'bash zsh fish pwsh'
