# What the installed hook adds: the directory where fish finds the completion at the first TAB after `pyve`.
if status is-interactive
    set -l directory @COMPLETION@
    if test -d $directory; and not contains -- $directory $fish_complete_path
        set -g fish_complete_path $fish_complete_path $directory
    end
end
