# Conda prefixes, for fish 3.1 and newer: how one is stacked on what is active, and the scripts of its packages.
# A part of what activation.fish does; the rules are those of that file.

# Put into __pyve_stacked what tells conda that the prefix lies on what is active already, as `conda activate --stack`
# does: `conda deactivate` goes back to that. What is no level, or has no prefix, counts as 0.
function __pyve_stack_conda
    if not test -n "$CONDA_PREFIX"; or not string match -qr '^[1-9][0-9]?[0-9]?\z' -- "$CONDA_SHLVL"
        set __pyve_stacked CONDA_SHLVL 1
    else if test "$CONDA_PREFIX" = "$__pyve_s_conda"
        set __pyve_stacked CONDA_SHLVL $CONDA_SHLVL
    else if test "$CONDA_SHLVL" = 999 # the last one
        set __pyve_stacked CONDA_SHLVL 1
    else
        set -l __pyve_level (builtin math $CONDA_SHLVL + 1)
        set __pyve_stacked CONDA_SHLVL $__pyve_level
        set -a __pyve_stacked CONDA_PREFIX_$CONDA_SHLVL "$CONDA_PREFIX" CONDA_STACKED_$__pyve_level true
    end
end

# Source scripts of packages, those that are there and the user's own and lie where pyve keeps them. On leaving nothing
# is said when one fails. Not while another prefix is active: nothing of ours is then.
function __pyve_source
    if test "$CONDA_PREFIX" != "$_PYVE_NEW_CONDA_PREFIX"
        return 0
    end
    set -g __pyve_sourcing 1 # a cd of theirs is none of the user's
    for __pyve_script in $argv
        set -l __pyve_below 0
        for __pyve_place in $__pyve_state/ $__pyve_scripts_at
            if test (string sub -l (string length -- $__pyve_place) -- $__pyve_script) = $__pyve_place
                set __pyve_below 1
            end
        end
        if test $__pyve_below = 0; or not string match -q '*.fish' -- $__pyve_script
            continue
        else if string match -q '*/../*' -- $__pyve_script
            continue
        else if test -f $__pyve_script -a -r $__pyve_script -a -O $__pyve_script
            __pyve_source_one $__pyve_script
            set -l __pyve_status $status
            if test $__pyve_status != 0 -a -n "$__pyve_mine"
                set __pyve_script (string replace -r '.*/' '' -- $__pyve_script)" of a package failed"
                __pyve_warn "$__pyve_script (status $__pyve_status); the environment is active all the same."
            end
        end
    end
    set -g __pyve_sourcing
end

# A function by itself, for a `return` in a script is one of the function that sources it.
function __pyve_source_one
    builtin source $argv[1]
end
