# Entering and leaving an environment, for fish 3.1 and newer: builtins alone, no process is started.
# What is entered comes from a snippet (variables __pyve_s_*); what is left, from the exported record (_PYVE_*) alone.
# Every local name begins with __pyve_: a project may set any other. fish lets nobody define a function named as one of its
# own words (set, test, string, read, status ...); for the other builtins `builtin` is written.
# Kept out for fish 3.1: $(...), set --function, string split --fields, string match --groups-only, path, test -nt.
# Command substitutions start no process, but cost ten times a builtin: there are none on the usual way.

# Say why nothing was entered, once for each state of the project.
function __pyve_warn
    if test "$__pyve_warned" != "$__pyve_s_serial"
        set -g __pyve_warned $__pyve_s_serial
        builtin printf 'pyve: %s\n' "$argv[1]" >&2
    end
end

# Enter what the snippet's variables describe. The record comes first, so that Ctrl-C leaves something to undo.
# In this shell the record's lists are lists; fish exports them joined, by ":" those of paths and by a space the others.
# PATH cannot be readonly in fish; before 3.3 it warns of entries that are not there.
function __pyve_enter
    if test -n "$__pyve_s_probe"; and not test -e "$__pyve_s_probe"
        __pyve_warn $__pyve_s_missing
        return 0
    end
    set -l __pyve_kept
    for __pyve_entry in $__pyve_s_bin
        if builtin contains -- $__pyve_entry $PATH
            set -a __pyve_kept $__pyve_entry
        end
    end
    set -g __pyve_shadowing
    set -g __pyve_unexported
    set -l __pyve_names
    set -l __pyve_name
    set -g __pyve_stacked
    if test -n "$__pyve_s_conda"
        __pyve_stack_conda
    end
    for __pyve_one in $__pyve_s_set $__pyve_stacked
        if not set -q __pyve_name[1]
            set __pyve_name $__pyve_one
        else
            set -gx _PYVE_NEW_$__pyve_name $__pyve_one
            set -a __pyve_names $__pyve_name
            set __pyve_name
        end
    end
    set -l __pyve_had -
    for __pyve_name in $__pyve_s_unset $__pyve_names
        if set -q $__pyve_name
            set -a __pyve_had $__pyve_name
            __pyve_save $__pyve_name
        end
    end
    if set -q __pyve_kept[1]
        set -gx --path _PYVE_KEPT $__pyve_kept
    end
    if not set -q PATH
        set -gx _PYVE_NO_PATH unset
    else if test -z "$PATH" # a list without elements: of an empty text fish makes "."
        set -gx _PYVE_NO_PATH empty
    end
    if set -q __pyve_s_scripts_out[1]
        set -gx --path _PYVE_SCRIPTS $__pyve_s_scripts_out
    end
    set -gx _PYVE_HAD $__pyve_had
    set -gx _PYVE_UNSET $__pyve_s_unset
    set -gx _PYVE_SET $__pyve_names
    set -gx --path _PYVE_BIN $__pyve_s_bin
    set -gx _PYVE_SERIAL $__pyve_s_serial
    set -gx _PYVE_ROOT $__pyve_s_root

    for __pyve_name in $__pyve_s_unset
        set -e -g $__pyve_name
        if set -q $__pyve_name # a universal one: behind one that is not exported
            set -g -u $__pyve_name
        end
    end
    begin
        for __pyve_name in $__pyve_names
            set -l __pyve_new _PYVE_NEW_$__pyve_name
            set -gx $__pyve_name $$__pyve_new
        end
        if not set -q __pyve_s_bin[1]
        else if test -n "$_PYVE_NO_PATH"
            set -gx PATH $__pyve_s_bin
        else
            set -gx PATH $__pyve_s_bin $PATH
        end
    end 2>/dev/null # a variable that fish itself holds; a warning about an entry of PATH
    # Not where the user has a function of that name: a hand-activated environment's, perhaps.
    if not builtin functions -q deactivate
        set -g __pyve_owns_deactivate 1
        # Stock activate scripts call it as `deactivate nondestructive` before they define their own.
        function deactivate
            set -g __pyve_off $_PYVE_ROOT
            if test -n "$_PYVE_PINNED"
                set -g __pyve_pwd # the hook looks where the shell stands
            end
            __pyve_leave
        end
    end
    if test -n "$__pyve_s_prompt" -a -z "$VIRTUAL_ENV_DISABLE_PROMPT"
        __pyve_show_prompt
    end
    set -g __pyve_mine 1 # what is interrupted before is left and entered anew
    if set -q __pyve_s_scripts[1] # what is interrupted of these is not begun again
        set -g __pyve_scripts_at (string replace -r '[^/]*$' '' -- $__pyve_s_reference)
        __pyve_source $__pyve_s_scripts
    end
end

# Remember the value of the variable $argv[1]; and, in this shell alone, that it was not a global variable
# or not exported.
function __pyve_save
    if set -q --path $argv[1]
        set -gx --path _PYVE_OLD_$argv[1] $$argv[1]
    else
        set -gx --unpath _PYVE_OLD_$argv[1] $$argv[1]
    end
    if not set -qg $argv[1]
        set -a __pyve_shadowing $argv[1]
    else if not set -qgx $argv[1]
        set -a __pyve_unexported $argv[1]
    end
end

# Give the variable $argv[1] the value back that the record has of it.
function __pyve_put_back
    set -l __pyve_old _PYVE_OLD_$argv[1]
    if builtin contains -- $argv[1] $__pyve_shadowing
        set -e -g $argv[1]
        return 0
    end
    set -l __pyve_kind --unpath
    if set -q --path $__pyve_old
        set __pyve_kind --path
    end
    set -l __pyve_export -x
    if builtin contains -- $argv[1] $__pyve_unexported
        set __pyve_export -u
    end
    set -g $__pyve_export $__pyve_kind $argv[1] $$__pyve_old 2>/dev/null
end

# Leave what the record says was entered: only what is still as it was set is put back.
# An old value counts where the record names its variable: direnv, when it puts a record back, leaves those of another.
function __pyve_leave
    if not set -q _PYVE_ROOT
        return 0
    end
    if test -z "$__pyve_mine" # inherited: texts as yet
        __pyve_read_record
    end
    if set -q _PYVE_SCRIPTS
        # Unless `conda deactivate` or `conda activate` has done so. What is interrupted is not begun again.
        set -l __pyve_scripts $_PYVE_SCRIPTS
        set -e _PYVE_SCRIPTS
        set -g __pyve_mine
        __pyve_source $__pyve_scripts
    end
    if set -q _PYVE_BIN[1]
        if test -n "$DIRENV_DIFF$__MISE_DIFF" -a -z "$_PYVE_KEPT"
            set -g __pyve_left $_PYVE_BIN
            set -g __pyve_left_values
        end
        __pyve_drop_record $PATH
        if set -q __pyve_rest[1]
            set -gx PATH $__pyve_rest 2>/dev/null
        else if test "$_PYVE_NO_PATH" != unset
            set -gx PATH
        else
            set -e PATH
        end
        if set -q _OLD_VIRTUAL_PATH[1]
            __pyve_drop_record $_OLD_VIRTUAL_PATH
            set _OLD_VIRTUAL_PATH $__pyve_rest
        end
    end
    for __pyve_name in $_PYVE_SET
        set -l __pyve_new _PYVE_NEW_$__pyve_name
        if test -n "$__pyve_left" # a name, what it was set to, and its old value behind an x
            set -l __pyve_old _PYVE_OLD_$__pyve_name
            set -l __pyve_was
            if set -q $__pyve_old; and builtin contains -- $__pyve_name $_PYVE_HAD
                if not builtin contains -- $__pyve_name $__pyve_shadowing
                    set __pyve_was x"$$__pyve_old"
                end
            end
            set -a __pyve_left_values $__pyve_name "$$__pyve_new" "$__pyve_was"
        end
        if set -q $__pyve_name; and set -q $__pyve_new; and test "$$__pyve_name" = "$$__pyve_new"
            if set -q _PYVE_OLD_$__pyve_name; and builtin contains -- $__pyve_name $_PYVE_HAD
                __pyve_put_back $__pyve_name
            else
                set -e -g $__pyve_name
            end
        end
        set -e $__pyve_new
        set -e _PYVE_OLD_$__pyve_name
    end
    for __pyve_name in $_PYVE_UNSET
        if builtin contains -- $__pyve_name $__pyve_shadowing
            set -e -g $__pyve_name
        else if set -q _PYVE_OLD_$__pyve_name; and not set -qg $__pyve_name
            builtin contains -- $__pyve_name $_PYVE_HAD; and __pyve_put_back $__pyve_name
        end
        set -e _PYVE_OLD_$__pyve_name
    end
    if test -n "$__pyve_ps1"
        __pyve_hide_prompt
    end
    if test -n "$__pyve_owns_deactivate"
        # A stock activate script has put its own in the place of ours, as long as this variable is there.
        if test -z "$_OLD_VIRTUAL_PATH"
            builtin functions -e deactivate
        end
        set -g __pyve_owns_deactivate
    end
    set -g __pyve_shadowing
    set -g __pyve_unexported
    set -g __pyve_mine
    # The root last: what is interrupted before is left again.
    for __pyve_name in SERIAL BIN KEPT SET UNSET HAD NO_PATH PINNED ROOT
        set -e _PYVE_$__pyve_name
    end
end

# Make lists of an inherited record.
function __pyve_read_record
    set -gx --path _PYVE_BIN $_PYVE_BIN
    if set -q _PYVE_KEPT
        set -gx --path _PYVE_KEPT $_PYVE_KEPT
    end
    if set -q _PYVE_SCRIPTS
        set -gx --path _PYVE_SCRIPTS $_PYVE_SCRIPTS
    end
    if test -z "$_PYVE_BIN" # one empty entry
        set -gx _PYVE_BIN
    end
    set -gx _PYVE_SET (string split --no-empty ' ' -- $_PYVE_SET)
    set -gx _PYVE_UNSET (string split --no-empty ' ' -- $_PYVE_UNSET)
    set -gx _PYVE_HAD (string split --no-empty ' ' -- $_PYVE_HAD)
end

# Put the entries $argv without the record's into __pyve_rest.
function __pyve_drop_record
    set -g __pyve_rest $argv
    for __pyve_entry in $_PYVE_BIN
        if test "$__pyve_rest[1]" = "$__pyve_entry"
            set -e __pyve_rest[1]
        else if builtin contains -- $__pyve_entry $_PYVE_KEPT $__pyve_rest
            set -l __pyve_at (builtin contains -i -- $__pyve_entry $__pyve_rest)
            and set -e __pyve_rest[$__pyve_at]
        end
        if builtin contains -- $__pyve_entry $_PYVE_KEPT
            continue
        end
        while builtin contains -- $__pyve_entry $__pyve_rest
            set -e __pyve_rest[(builtin contains -i -- $__pyve_entry $__pyve_rest)]
        end
    end
end

# The prompt is the user's own function, behind one that prints the text first.
function __pyve_show_prompt
    # Themes that show VIRTUAL_ENV themselves: starship, oh-my-posh, powerline.
    if test -n "$STARSHIP_SHELL$POSH_THEME$POSH_PID$POSH_SHELL_VERSION$POWERLINE_COMMAND"
        return 0
    end
    set -g __pyve_ps1 $__pyve_s_prompt
    # Another tool has ours inside its own still: it shows the text again.
    if builtin functions -q __pyve_user_prompt; or not builtin functions -q fish_prompt
        return 0
    end
    builtin functions -c fish_prompt __pyve_user_prompt
    builtin functions -e fish_prompt
    function fish_prompt
        set -l __pyve_statuses $status $pipestatus
        builtin printf '%s' "$__pyve_ps1"
        __pyve_set_statuses $__pyve_statuses
        __pyve_user_prompt
    end
end

function __pyve_hide_prompt
    set -g __pyve_ps1
    if builtin functions -q __pyve_user_prompt
        # Not when it is somebody else's by now, which may call ours.
        if builtin functions fish_prompt | string match -q '*__pyve_user_prompt*'
            builtin functions -e fish_prompt
            builtin functions -c __pyve_user_prompt fish_prompt
            builtin functions -e __pyve_user_prompt
        end
    end
end

# Make $status be $argv[1] and $pipestatus the rest.
function __pyve_set_statuses
    if set -q argv[3]
        builtin eval (string join ' | ' -- '__pyve_set_statuses '$argv[2..-1])
    else
        return $argv[1]
    end
end
