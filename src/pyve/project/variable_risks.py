"""What a variable can do when a repository's file sets it: nothing, more than its name says, or too much.

The lists name what programs everywhere read. They cannot be complete, which is why every value is shown as well.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

# Patterns for names in capitals; a name is compared in capitals, since Windows and some shells do not tell them apart.
_NEVER: Mapping[str, tuple[str, ...]] = {
    "it decides which commands are found": ("PATH", "PATHEXT", "CDPATH", "FPATH", "MODULE_PATH", "EXECIGNORE"),
    "it changes the shell itself": (
        *(
            "IFS",
            "ENV",
            "BASH",
            "BASH_*",
            "BASHPID",
            "BASHOPTS",
            "SHELLOPTS",
            "SHELL",
            "POSIXLY_CORRECT",
            "GLOBIGNORE",
            "TMOUT",
        ),
        *("PS[0-9]", "PROMPT", "PROMPT[0-9]", "PROMPT_COMMAND", "PROMPT_DIRTRIM", "RPROMPT", "RPROMPT2", "RPS[0-9]"),
        *("SPROMPT", "PSVAR", "PSMODULEPATH", "PSEXECUTIONPOLICY*", "ZDOTDIR", "ZSH", "ZSH_*", "NULLCMD"),
        *("READNULLCMD", "FCEDIT", "INPUTRC", "READLINE_*", "MAIL", "MAILPATH", "MAILCHECK", "FISH_*", "__FISH_*"),
        *("HISTFILE", "HISTFILESIZE", "HISTSIZE", "HISTCMD", "HISTCHARS", "HISTCONTROL", "HISTIGNORE", "SAVEHIST"),
        *("COMP_WORDBREAKS", "COMP_WORDS", "COMP_CWORD", "COMPREPLY", "FUNCNEST", "FUNCNAME", "OPTIND", "OPTARG"),
        *("OPTERR", "ARGC", "DIRSTACK", "GROUPS", "PWD", "OLDPWD", "SHLVL", "_", "PPID", "UID", "EUID", "GID", "EGID"),
        *("USERNAME", "RANDOM", "SRANDOM", "SECONDS", "EPOCH*", "LINENO", "LINES", "COLUMNS", "KEYBOARD_HACK"),
        *("TTYIDLE", "TRY_BLOCK_*", "CMD_DURATION", "COMSPEC", "SYSTEMROOT", "WINDIR", "STTY"),
        *("PSMODULEANALYSISCACHEPATH", "__PSLOCKDOWNPOLICY"),
    ),
    "it runs commands at every prompt": (
        *("STARSHIP_*", "POSH_*", "POWERLEVEL9K_*", "P9K_*", "POWERLINE_*", "LP_PS1*", "SPACESHIP_*", "GIT_PS1_*"),
    ),
    "it loads code into every program": ("LD_*", "DYLD_*", "_RLD*", "LIBPATH", "SHLIB_PATH", "GCONV_PATH", "GLIBC_*"),
    "it moves the files that pyve and others believe": (
        *("HOME", "HOMEDRIVE", "HOMEPATH", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "XDG_*"),
    ),
    "pyve or another activation sets it": (
        *("PYVE_*", "_PYVE_*", "__PYVE_*", "VIRTUAL_ENV*", "_OLD_VIRTUAL_*", "CONDA_*", "_CONDA_*", "_CE_*"),
        *(
            "CONDARC",
            "MAMBARC",
            "MAMBA_*",
            "DIRENV_*",
            "MISE_*",
            "__MISE_*",
            "PYTHONHOME",
            "PYTHONEXECUTABLE",
            "__PYVENV_LAUNCHER__",
        ),
    ),
}
# Names as they are: zsh and fish give these a meaning of their own, and assigning to some ends a script.
_NEVER_IN_SMALL_LETTERS = (
    *("aliases", "argv", "builtins", "cdpath", "commands", "dirstack", "dis_*", "epochtime", "errnos", "fignore"),
    *("fpath", "func*trace", "funcstack", "functions", "functions_source", "galiases", "histchars", "history"),
    *("historywords", "hostname", "jobdirs", "jobstates", "jobtexts", "keymaps", "langinfo", "mailpath", "manpath"),
    *("mapfile", "module_path", "modules", "nameddirs", "options", "parameters", "patchars", "path", "pipestatus"),
    *("prompt", "psvar", "reswords", "saliases", "signals", "status", "status_generation", "sysparams", "termcap"),
    *("terminfo", "umask", "userdirs", "usergroups", "version", "watch", "widgets", "zsh_eval_context"),
)

_ASK: Mapping[str, tuple[str, ...]] = {
    "runs code in every Python": (
        *("PYTHONSTARTUP", "PYTHONPATH", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONUSERBASE", "PYTHONPLATLIBDIR"),
        *("PYTHONWARNINGS", "PYTHONPYCACHEPREFIX", "PYTHONCASEOK", "PYTHON_*", "PYTEST_ADDOPTS", "PYTEST_PLUGINS"),
        *("IPYTHONDIR", "JUPYTER_*", "MPLBACKEND", "MPLCONFIGDIR", "PYTHONSAFEPATH", "PYTHONHTTPSVERIFY"),
        *(
            "COVERAGE_PROCESS_*",
            "COVERAGE_RCFILE",
            "COV_CORE_*",
            "PYDEVD_*",
            "DEBUGPY_*",
            "PYLINTRC",
            "MYPYPATH",
            "PYENV_*",
            "ASDF_*",
        ),
        *("SETUPTOOLS_USE_DISTUTILS", "DISTUTILS_*", "GUNICORN_CMD_ARGS", "PYSPARK_*"),
    ),
    "runs code in other programs": (
        *("NODE_OPTIONS", "NODE_PATH", "NODE_REPL_*", "PERL*", "RUBY*", "GEM_*", "BUNDLE_*", "LUA_*", "TCLLIBPATH"),
        *("JAVA_*", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH", "MAVEN_*", "GRADLE_*", "SBT_OPTS", "JULIA_*"),
        *("R_PROFILE*", "R_ENVIRON*", "R_LIBS*", "PHPRC", "PHP_INI_SCAN_DIR", "ERL_*", "GOFLAGS", "GOTOOLCHAIN"),
        *("RUSTC*", "RUSTFLAGS", "RUSTDOC*", "CARGO_*", "CC", "CXX", "CPP", "LD", "AR", "AS", "FC", "MAKE*", "MFLAGS"),
        *("GNUMAKEFLAGS", "CMAKE_*", "CTEST_*", "NINJA_*", "COMPILER_PATH", "GCC_*", "CPATH", "*_INCLUDE_PATH"),
        *(
            "LIBRARY_PATH",
            "CFLAGS",
            "CXXFLAGS",
            "CPPFLAGS",
            "LDFLAGS",
            "PKG_CONFIG*",
            "CCACHE_*",
            "DISTCC_*",
            "SCCACHE_*",
        ),
        *("GOENV", "GOROOT", "GOPATH", "GOBIN", "GOCACHEPROG", "GOAUTH", "GODEBUG", "CGO_*", "BASHRCSH", "AWKPATH"),
        *(
            "AWKLIBPATH",
            "TAR_OPTIONS",
            "GZIP",
            "UNZIP",
            "ZIPOPT",
            "BC_ENV_ARGS",
            "GREP_OPTIONS",
            "GETCONF_DIR",
        ),
        *(
            "MALLOC_TRACE",
            "MALLOC_CONF",
            "DBUS_*",
            "GST_PLUGIN*",
            "GDK_*",
            "VK_ICD_*",
            "VK_LAYER*",
            "VK_DRIVER*",
            "LIBGL_*",
            "ALSA_*",
            "OCL_*",
            "GROFF_*",
            "TEXMF*",
            "GS_OPTIONS",
            "GS_LIB",
        ),
        *(
            "MAGICK_*",
            "FZF_*",
            "RIPGREP_CONFIG_PATH",
            "BAT_CONFIG_*",
            "_ZO_*",
            "ATUIN_*",
            "ANSIBLE_*",
            "TF_CLI_*",
            "TF_PLUGIN*",
            "HELM_*",
        ),
        *("CLOUDSDK_*", "AZURE_*_DIR", "PSQLRC", "GNUPGHOME", "PASSWORD_STORE_*", "APT_CONFIG", "RPM_*", "NIX_*"),
        *("TMUX*", "SCREENRC", "VIM", "MYVIMRC", "GVIMINIT", "NVIM*", "EMACS*", "ELECTRON_*", "VSCODE_*", "COMPLUS_*"),
        *(
            "OCAMLRUNPARAM",
            "CAML_LD_LIBRARY_PATH",
            "GHC*",
            "STACK_ROOT",
            "STACK_YAML",
            "CABAL_*",
            "MIX_HOME",
            "MIX_EXS",
            "MIX_PATH",
            "MIX_ARCHIVES",
            "ELIXIR_*",
            "GUILE_*",
        ),
        *(
            "NVM_*",
            "VOLTA_*",
            "COREPACK_*",
            "DENO_*",
            "BUN_*",
            "ANT_OPTS",
            "ANT_ARGS",
            "COMPOSER*",
            "PRE_COMMIT_HOME",
            "NODE_V8_*",
        ),
        *("EMACSLOADPATH", "VIMINIT", "EXINIT", "NVIM_APPNAME", "VIMRUNTIME", "GIO_*", "GTK_*", "QT_*", "DOTNET_*"),
        *("CORECLR_*", "COR_*", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
    ),
    "names a program that others start": (
        *("EDITOR", "VISUAL", "PAGER", "*_PAGER", "MANPAGER", "BROWSER", "*_ASKPASS", "LESS*", "MORE", "MANOPT"),
        *(
            "*_EDITOR",
            "ALTERNATE_EDITOR",
            "MANPATH",
            "TROFF",
            "SUDO_*",
            "GH_HOST",
            "GH_PATH",
            "GH_CONFIG_DIR",
            "GH_BROWSER",
            "P4*",
            "RSYNC_*",
        ),
        *("GIT_*", "SVN_*", "HG*", "CVS*", "TERMINAL", "MANROFFOPT"),
    ),
    "sends traffic or credentials elsewhere": (
        *(
            "*_PROXY",
            "SSL_CERT_*",
            "REQUESTS_CA_BUNDLE",
            "CURL_*",
            "*_CA_BUNDLE",
            "NODE_EXTRA_CA_CERTS",
            "SSLKEYLOGFILE",
        ),
        *("NODE_TLS_*", "OPENSSL_*", "SSH_*", "NETRC", "DOCKER_*", "KUBE*", "HOSTALIASES", "RES_OPTIONS"),
        *("LOCALDOMAIN", "KRB5*", "WGETRC", "AWS_ENDPOINT_URL*", "CONTAINER_HOST", "BOTO_CONFIG", "PGSERVICEFILE"),
    ),
    "decides where packages come from": (
        *("PIP_*", "UV_*", "POETRY_*", "PDM_*", "PIPENV_*", "PIPX_*", "HATCH_*", "TWINE_*", "NPM_CONFIG_*", "YARN_*"),
        *("VIRTUALENV_*", "RYE_*", "WORKON_HOME"),
        *("GOPROXY", "GONOSUM*", "GOSUMDB", "GOPRIVATE", "GOINSECURE", "PIXI_*", "RATTLER_*", "HOMEBREW_*"),
    ),
    "changes how the terminal or the user is seen": (
        *("TERM", "TERMINFO*", "TERMCAP", "USER", "LOGNAME", "LOCPATH", "NLSPATH"),
    ),
}


def is_variable_name(name: str) -> bool:
    """Whether every shell takes `name` for the name of a variable."""
    return _NAME.fullmatch(name) is not None


def tell_why_never(name: str) -> str | None:
    """Why no file of a repository may set `name`, whoever approves it; None when it may."""
    if any(fnmatchcase(name, pattern) for pattern in _NEVER_IN_SMALL_LETTERS):
        return "shells give it a meaning of their own"
    return _find_reason(name, _NEVER)


def tell_why_ask(name: str) -> str | None:
    """What setting `name` can do beyond the project's own programs; None when nothing is known."""
    return _find_reason(name, _ASK)


def _find_reason(name: str, reasons: Mapping[str, tuple[str, ...]]) -> str | None:
    capitals = name.upper()
    for reason, patterns in reasons.items():
        if any(fnmatchcase(capitals, pattern) for pattern in patterns):
            return reason
    return None
