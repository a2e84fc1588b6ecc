# What fish does around a prompt, many times over. Its clock is the keyword `time`, which writes to standard error.
# Drawing (the function fish_prompt) is not part of it, as PS1 is not in the other shells' loops.

# COUNT: so many prompts in the same directory.
function bench_prompts
    set -l turns (seq $argv[1])
    time for turn in $turns
        emit fish_prompt
    end
end

# COUNT FIRST SECOND: so many times from SECOND to FIRST and back, a prompt after each. cd itself runs what is on PWD.
function bench_moves
    set -l turns (seq $argv[1])
    time for turn in $turns
        cd $argv[2]
        emit fish_prompt
        cd $argv[3]
        emit fish_prompt
    end
end

# COUNT FIRST SECOND SCRIPT: the same by hand, with an activate script.
function bench_moves_by_hand
    set -l turns (seq $argv[1])
    time for turn in $turns
        cd $argv[2]
        source $argv[4]
        emit fish_prompt
        cd $argv[3]
        deactivate
        emit fish_prompt
    end
end
