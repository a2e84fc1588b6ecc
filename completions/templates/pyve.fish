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
@FLAG_VERBS@
            end
            switch "$verb $token"
                case @VALUED@
                    set option $token
            end
        else if contains -- "$verb" '' @GROUPS@
            set verb (string trim -- "$verb $token")
        else if contains -- "$verb" @RUNNERS@
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
@LINES@
