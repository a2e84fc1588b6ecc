"""What users set in each shell: options, variables, aliases, functions and traps that hooks have stumbled over."""

BUILTINS = ("local", "unset", "export", "printf", "return", "read", "set", "eval", "test", "typeset", "echo")
SETTINGS: dict[str, list[str]] = {
    "bash": [
        *(
            "set -u",
            "set -e",
            "set -o pipefail",
            "set -eu -o pipefail",
            "set -f",
            "set -C",
            "set -k",
            "set +h",
            "set -T",
        ),
        *("set -E", "set -P", "set -o posix", "set +o history", "set -B", "set +B", "set +H"),
        "trap 'echo trapped an error' ERR",
        "set -E; trap 'echo trapped an error' ERR",
        "trap 'echo bye' EXIT; trap : INT TERM",
        *(f"shopt -s {name}" for name in ("nocasematch", "nocaseglob", "failglob", "nullglob", "dotglob", "extglob")),
        *(f"shopt -s {name}" for name in ("xpg_echo", "cdable_vars", "cdspell", "huponexit", "shift_verbose")),
        *("shopt -u sourcepath", "shopt -u expand_aliases", "shopt -u interactive_comments"),
        *("IFS=/", "IFS=1234567890", "IFS=abcdefghijklmnopqrstuvwxyz", "IFS=", "unset -v IFS", "IFS=:", "IFS=_PYVE"),
        *(
            "CDPATH=/:..",
            "GLOBIGNORE='*'",
            "POSIXLY_CORRECT=1",
            "unset -v OLDPWD",
            "TMOUT=0",
            "LC_ALL=C",
            "LC_ALL=POSIX",
        ),
        "; ".join(f"alias {name}='echo aliased'" for name in BUILTINS),
        "; ".join(f"{name}() {{ echo a function; }}" for name in BUILTINS if name not in ("set", "return")),
        'cd() { builtin cd "$@"; }',
        "path=1 text=2 name=3 names=4 index=5 status=6 command=7 entry=8 rest=9 kept=10 directory=11 number=12 old=13",
        "trap 'last=$BASH_COMMAND' DEBUG",
        "set -T; trap 'last=$BASH_COMMAND' DEBUG RETURN",
    ],
    "zsh": [
        *(
            f"setopt {name}"
            for name in (
                *(
                    "ksh_arrays",
                    "sh_word_split",
                    "posix_identifiers",
                    "auto_name_dirs",
                    "nomatch",
                    "warn_create_global",
                ),
                *("no_clobber", "no_unset", "err_return", "glob_subst", "null_glob", "csh_null_glob", "extended_glob"),
                *("no_case_match", "no_case_glob", "ksh_glob", "sh_glob", "rc_quotes", "posix_builtins", "glob_assign"),
                *("sh_file_expansion", "no_bare_glob_qual", "prompt_subst", "auto_pushd", "pushd_silent", "no_glob"),
                *("chase_links", "posix_cd", "cdable_vars", "ksh_typeset", "no_function_argzero", "no_equals"),
                *("hash_cmds", "no_hash_cmds", "no_multios", "no_bad_pattern", "no_short_loops", "magic_equal_subst"),
                *(
                    "local_options",
                    "local_traps",
                    "posix_traps",
                    "posix_jobs",
                    "no_rcs",
                    "bsd_echo",
                    "c_bases",
                    "octal_zeroes",
                ),
                *("ignore_braces", "brace_ccl", "rc_expand_param", "mark_dirs", "numeric_glob_sort", "no_monitor"),
                *("posix_argzero", "posix_strings", "sh_nullcmd", "csh_nullcmd", "sh_option_letters", "path_script"),
            )
        ),
        *("set -e", "set -u", "set -o pipefail", "set -eu -o pipefail", "no_such_alias=1; unsetopt aliases"),
        *("trap 'echo trapped an error' ZERR", "TRAPZERR() { echo trapped an error }", "trap 'last=1' DEBUG"),
        *("IFS=/", "IFS=1234567890", "IFS=", "unset IFS", "IFS=:", "CDPATH=/:..", "LC_ALL=C", "unset OLDPWD"),
        "; ".join(f"alias {name}='echo aliased'" for name in BUILTINS),
        "alias -g G='| grep' E='>/dev/null' ; alias -s bash=echo zsh=echo",
        "; ".join(f"{name}() {{ echo a function; }}" for name in BUILTINS if name not in ("set", "return")),
        'cd() { builtin cd "$@"; }',
        "text=2 name=3 names=4 index=5 command=7 entry=8 rest=9 kept=10 directory=11 number=12 old=13",
        "psvar=(one two)",
    ],
    "fish": [
        *("set -g IFS", "set -g IFS /", "set -g IFS ''", "set -g CDPATH / ..", "set -gx LC_ALL C"),
        "; ".join(
            f"set -g {name} 1" for name in ("text", "name", "names", "index", "entry", "rest", "kept", "directory")
        ),
        "function cd; builtin cd $argv; end",
        "; ".join(f"function {name}; builtin echo a function; end" for name in ("contains", "ls", "string_", "math_")),
        "set -g seen; function on_pwd --on-variable PWD; set -g seen $PWD; end",
        "set -g prompted; function on_prompt --on-event fish_prompt; set -g prompted 1; end",
        "set -g fish_greeting hello",
        "fish_vi_key_bindings",
    ],
}
