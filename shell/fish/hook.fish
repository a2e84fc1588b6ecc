# The prompt hook of pyve for fish 3.1 and newer. Builtins alone: a prompt and a cd start no process.
# It reads nothing but what the user owns in the user's own state directory.
# fish itself keeps $status and $pipestatus around the handlers of events.
if status is-interactive
@ACTIVATION@

# At each prompt. Nothing has changed: as many stats as there are files to watch, and that is all.
function __pyve_prompt --on-event fish_prompt
    if test "$PWD" != "$__pyve_pwd" -o ! -e "$__pyve_generation" -o -n "$__pyve_left" $__pyve_watch
        __pyve_look
    end
end

# At a cd, but not of a command substitution: `(cd x; pwd)` comes here too.
function __pyve_cd --on-variable PWD
    if status is-command-substitution; or test -n "$__pyve_sourcing"
        return 0
    end
    # Deeper in the project that is watched, where none is registered below: the prompt will do.
    if test -n "$__pyve_inside" -a -e "$__pyve_generation"
        if set -q __pyve_watch[1]; and string match -q -- $__pyve_inside $PWD
            set -g __pyve_pwd $PWD
            return 0
        end
    end
    __pyve_look
end

# Put a pattern of the directories below the project into __pyve_inside; one of none where another project is below.
# At the second cd that ends in it, for there will be more.
# A wildcard: fish takes longer to compile a regular expression than for all else at a cd.
function __pyve_describe_inside
    set -g __pyve_inside /
    for __pyve_one in $__pyve_directory/*/
        if test "$__pyve_one" != $__pyve_directory/@state/
            return 0
        end
    end
    set -l __pyve_path (string replace -- $__pyve_state/projects '' $__pyve_directory | string replace -a /@@ /@)
    for __pyve_one in \\ '*' '?'
        set __pyve_path (string replace -a -- $__pyve_one \\$__pyve_one $__pyve_path)
    end
    set -g __pyve_inside $__pyve_path'/*'
end

# Something may be otherwise than at the last prompt: enter, leave or switch, and decide what to watch.
# As long as it goes on no generation is known, so that the next prompt takes up what Ctrl-C has interrupted.
function __pyve_look
    set -l __pyve_newest $__pyve_generation
    set -g __pyve_watch
    set -g __pyve_generation
    set -g __pyve_sourcing
    if not test -e "$__pyve_newest"
        set -g __pyve_inside # another project may be below now
        set __pyve_newest
        if test -r $__pyve_state/generation
            read __pyve_newest <$__pyve_state/generation
        end
        if test -n "$__pyve_newest" # without it there is nothing whose end would be seen: the next prompt looks again
            set __pyve_newest $__pyve_state/generations/$__pyve_newest
        end
    end
    if test -n "$__pyve_left"
        __pyve_drop_left
    end
    if test "$PWD" != "$__pyve_pwd"
        set -g __pyve_pwd $PWD
        set -g __pyve_deaf
    end
    if test -n "$_PYVE_PINNED"
        __pyve_keep_pinned
    else if __pyve_settle; and test -z "$__pyve_s_watch_on_cd"
        if test -n "$__pyve_compares"
            set -g __pyve_watch $__pyve_newer
        else if set -q __pyve_newer[1]
            set -g __pyve_watch -o ! -e $__pyve_reference
        end
    end
    set -g __pyve_generation $__pyve_newest
end

# Follow the snippet, and ask pyve where a watched file has changed; 1 when there is nothing to watch.
function __pyve_settle
    if not __pyve_follow; or test -n "$__pyve_deaf"
        return 1
    end
    if __pyve_has_changed
        set -g __pyve_deaf 1 # if it fails, or is interrupted: no more asking until the next cd
        if not __pyve_ask
            return 1
        end
        set -g __pyve_deaf
        if not __pyve_follow
            return 1
        end
    end
    return 0
end

# Bring the shell to what the nearest snippet says; 1 when there is nothing to watch here.
function __pyve_follow
    __pyve_find $__pyve_pwd
    if test -n "$__pyve_found"
        if test "$__pyve_found" != "$__pyve_file" -o ! -e "$__pyve_reference"
            __pyve_load
        else if test -z "$__pyve_inside"
            __pyve_describe_inside
        end
    end
    if test -z "$__pyve_found"
        set -g __pyve_off
        if set -q _PYVE_ROOT
            __pyve_leave
        end
        return 1
    end
    if test "$__pyve_off" = "$__pyve_s_root"
        return 1
    end
    set -g __pyve_off
    if test -z "$__pyve_mine" -o "$_PYVE_SERIAL" != "$__pyve_s_serial"
        if set -q _PYVE_ROOT
            __pyve_leave
        end
        __pyve_enter
        if not set -q _PYVE_ROOT # refused
            return 1
        end
    end
    if test -z "$__pyve_s_notice"
        set -g __pyve_noticed
    else if test "$__pyve_noticed" != "$__pyve_s_serial"
        set -g __pyve_noticed $__pyve_s_serial
        builtin printf 'pyve: %s\n' "$__pyve_s_notice" >&2
    end
    return 0
end

# Put the snippet of the nearest project at or above the directory $argv[1] into __pyve_found; empty when there is none.
# First downwards, for the mirrored directories end where nothing is registered any more.
function __pyve_find
    set -g __pyve_found
    set -l __pyve_path $argv[1]
    if string match -q '*'\n'*' -- $__pyve_path # no project has a newline in its path, a directory in it may
        set __pyve_path (string split -m 1 \n -- $__pyve_path)[1]
        set __pyve_path (string replace -r '[^/]*$' '' -- $__pyve_path)
    end
    if string match -q '*/@*' -- $__pyve_path
        set __pyve_path (string replace -a /@ /@@ -- $__pyve_path)
    end
    set -l __pyve_directories $__pyve_state/projects
    set -l __pyve_parts
    builtin echo $__pyve_path | read -d / -a __pyve_parts # half the price of a command substitution
    set -e __pyve_parts[1] # what is before the first slash: nothing
    for __pyve_part in $__pyve_parts
        set __pyve_directories $__pyve_directories[1]/$__pyve_part $__pyve_directories
        if not test -d $__pyve_directories[1]
            break
        end
    end
    for __pyve_one in $__pyve_directories
        if test -O $__pyve_one/@act.fish -a -r $__pyve_one/@act.fish
            set -g __pyve_found $__pyve_one/@act.fish
            set -g __pyve_directory $__pyve_one
            break
        end
    end
end

# Read the snippet __pyve_found; one of another version is as none.
function __pyve_load
    set -g __pyve_s_format
    set -g __pyve_s_conda # not in snippets that were written before there were conda environments
    set -g __pyve_s_scripts
    set -g __pyve_s_scripts_out
    builtin source $__pyve_found
    if test "$__pyve_s_format" = 1
        set -g __pyve_file $__pyve_found
        set -g __pyve_deaf
        set -g __pyve_reference $__pyve_s_reference # the exact one: -nt compares nanoseconds here
        set -g __pyve_inside
        set -g __pyve_newer
        if set -q __pyve_s_watch[1]
            set __pyve_newer -o ! -e $__pyve_reference
            for __pyve_one in $__pyve_s_watch
                set -a __pyve_newer -o $__pyve_one -nt $__pyve_reference
            end
        end
        return 0
    end
    set -g __pyve_found
    if test -z "$__pyve_outdated"
        set -g __pyve_outdated 1
        builtin printf '%s\n' "pyve: the hook of this shell is of another version of pyve; start a new shell." >&2
    end
end

# Whether a watched file has changed. A reference that is not there makes every one of them newer.
# Before fish 3.6 no builtin compares times: there the program `test` does, one process at a cd, and the prompt only sees
# a snippet that was written anew.
function __pyve_has_changed
    if not set -q __pyve_newer[1]
        return 1
    else if test -n "$__pyve_compares"
        test -z always $__pyve_newer
    else
        test ! -e $__pyve_reference; or command test -z always $__pyve_newer
    end
end

# Start pyve, the one process of this file: it looks at what has changed and writes the snippet anew where it must.
function __pyve_ask
    # Hidden are the project's variables that let files of the project run in it: a branch may have brought those files.
    set -q _PYVE_NEW_PYTHONPATH; and set -l PYTHONPATH
    set -q _PYVE_NEW_PYTHONUSERBASE; and set -l PYTHONUSERBASE
    set -q _PYVE_NEW_PYTHONPLATLIBDIR; and set -l PYTHONPLATLIBDIR
    set -q _PYVE_NEW_PYTHONPYCACHEPREFIX; and set -l PYTHONPYCACHEPREFIX
    set -q _PYVE_NEW_PYTHONWARNINGS; and set -l PYTHONWARNINGS
    test -x "$__pyve_command[1]"
    and command $__pyve_command shell-env --project $__pyve_s_root </dev/null >/dev/null
end

# A shell inside `pyve shell`, or below a `pyve activate`: once, after its own startup files, be first on PATH again.
function __pyve_keep_pinned
    if test -n "$__pyve_mine"
        return 0
    end
    __pyve_find $_PYVE_ROOT
    if test -n "$__pyve_found"
        __pyve_load
        if test -n "$__pyve_found" -a "$__pyve_s_root" = "$_PYVE_ROOT"
            __pyve_leave
            __pyve_enter
            if set -q _PYVE_ROOT
                set -gx _PYVE_PINNED 1
            end
            return 0
        end
    end
    __pyve_read_record
    set -g __pyve_mine 1
end

# Another tool may have put back a whole PATH that it saved while our entries were on it, and values that were ours.
# What was entered meanwhile is left then: it would remember values of before that the tool has taken away.
function __pyve_drop_left
    if test "$__pyve_left" != "$_PYVE_BIN" -a -z "$_PYVE_PINNED"
        set -l __pyve_back
        if builtin contains -- $__pyve_left[1] $PATH
            set __pyve_back 1
        end
        set -l __pyve_entries $__pyve_left
        set -l __pyve_values $__pyve_left_values
        set -l __pyve_rest_values $__pyve_left_values
        while set -q __pyve_rest_values[3]
            set -l __pyve_name $__pyve_rest_values[1]
            set -l __pyve_new _PYVE_NEW_$__pyve_name
            if set -qg $__pyve_name
                and test "$$__pyve_name" = "$__pyve_rest_values[2]" -a "$$__pyve_new" != "$__pyve_rest_values[2]"
                set __pyve_back 1
                if test -n "$__pyve_rest_values[3]"
                    set -gx $__pyve_name (string sub -s 2 -- $__pyve_rest_values[3])
                else
                    set -e -g $__pyve_name
                end
            end
            set -e __pyve_rest_values[1..3]
        end
        if test -n "$__pyve_back"
            __pyve_leave
            set -g __pyve_left $__pyve_entries
            set -g __pyve_left_values $__pyve_values
        end
    end
    if not set -q _PYVE_BIN[1]
        set -lx --path _PYVE_BIN $__pyve_left # functions see no other local variables
        __pyve_drop_record $PATH
        set -gx PATH $__pyve_rest 2>/dev/null
    end
    if test -n "$__pyve_left_once"
        set -g __pyve_left
        set -g __pyve_left_once
    else # direnv does so at a prompt, and that may be this one: after us
        set -g __pyve_left_once 1
    end
end

set -g __pyve_state @STATE@
set -g __pyve_command @COMMAND@
set -g __pyve_pwd
set -g __pyve_generation
set -g __pyve_file
set -g __pyve_sourcing
set -g __pyve_inside
set -g __pyve_deaf
set -g __pyve_left
set -g __pyve_left_once
set -g __pyve_left_values
set -g __pyve_reference
set -g __pyve_newer
set -g __pyve_watch # more words for the prompt's test: -o, and what is true when something has changed
set -g __pyve_compares # whether `test` knows -nt: since fish 3.6
if test / -nt /dev/null/none 2>/dev/null
    set -g __pyve_compares 1
end
set -gx _PYVE_HOOK fish:$fish_pid
end
