# Completion of pyve for PowerShell 5.1 and 7. Verbs, options and fixed values start no process.

function global:__pyve_complete {
    param($wordToComplete, $commandAst, $cursorPosition)

    # Names and descriptions, in turn: a list in a list would not stay one.
    # $valueOf and $operandOf: how a value is found, and the words for it.
    $verbsBelow = @{
        '' = @(
            'init', 'Make this directory a project and build its environment',
            'sync', 'Bring the environment up to what the project''s files declare',
            'lock', 'Turn what the project declares into exact pins',
            'upgrade', 'Lock the newest versions that are allowed, and install them',
            'add', 'Declare packages, lock them and install them, as one change',
            'remove', 'Take packages out of what is declared, lock and install the rest, as one change',
            'run', 'Run a command inside the environment; its exit status is pyve''s',
            'shell', 'Open a shell inside the environment; `exit` leaves it',
            'activate', 'Print what a shell evaluates to enter the environment once',
            'deactivate', 'Say how to leave: type `deactivate`, the shell''s own function',
            'direnv', 'Print lines for .envrc, by which direnv keeps the environment',
            'status', 'Show this project''s environment',
            'list', 'List the environments of this project, with size and last use',
            'detect', 'Explain what the project gets, and why',
            'allow', 'Let a project act on cd, with the variables of its env file',
            'deny', 'Let a project do nothing on cd any more',
            'rollback', 'Put the environment back in use that was in use before',
            'gc', 'Remove environments that have not been used for long',
            'purge', 'Take everything of pyve out of the project',
            'check', 'Examine machine, project and environment',
            'hook', 'Print the shell code that activates on cd, for eval; or install it',
            'completion', 'Print the shell code that completes pyve''s command line with TAB',
            'version', 'Show pyve''s version',
            'config', 'Show and change settings',
            'self', 'Install or uninstall pyve itself, or a program that it can use'
        )
        'config' = @(
            'get', 'Show one setting; exit status 1 when it has no value',
            'set', 'Set one in pyve.toml (or [tool.pyve] where that is used)',
            'unset', 'Take one out'
        )
        'self' = @(
            'install', 'Put the command of this pyve into ~/.local/bin; install.sh does it for you',
            'uninstall', 'Take out what install.sh made, the command and pyve''s own environment, and the hooks of shells',
            'bootstrap', 'Download micromamba, a second engine for conda environments'
        )
    }
    $optionsOf = @{
        '' = @(
            '--init', 'Make this directory a project and build its environment',
            '--purge', 'Take everything of pyve out of the project',
            '--validate', 'Examine machine, project and environment',
            '--config', 'Show and change settings',
            '--install', 'Put the command of this pyve into ~/.local/bin; install.sh does it for you',
            '--uninstall', 'Take out what install.sh made, the command and pyve''s own environment, and the hooks of shells',
            '--version', 'Show pyve''s version',
            '-V', 'Show pyve''s version'
        )
        'init' = @(
            '--pin', 'Write PYTHON into .python-version',
            '--no-pin', 'The contrary of --pin',
            '--backend', 'venv or micromamba; detected when not given',
            '--extra', 'Install this extra (repeatable)',
            '--group', 'Install this dependency group (repeatable)',
            '--no-extras', 'No extras any more',
            '--no-groups', 'No groups any more',
            '--dev', 'With or without the group dev and requirements-dev.txt',
            '--no-dev', 'The contrary of --dev',
            '--force', 'Build anew, whatever is there',
            '--adopt', 'Use a matching environment that came from elsewhere',
            '--take-venv', 'Move a .venv that is not pyve''s aside and put the link there',
            '--ignore', 'May lines go into .gitignore or .dockerignore?',
            '--no-ignore', 'The contrary of --ignore',
            '--reset-choices', 'Give up what earlier options chose; the files decide again',
            '--strict', 'Fail where a lock is out of date, and write no manifest',
            '--engine', 'rattler or micromamba, for conda packages',
            '--auto-bootstrap', 'Download micromamba where it is asked for and not there',
            '--bootstrap-to', 'user (the default) or project',
            '--only-binary', 'Build no package from source; only the project itself may be',
            '--offline', 'Use the caches alone',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'sync' = @(
            '--exact', 'Leave out what was installed by hand',
            '--keep-extras', 'Carry what was installed by hand over into a new environment',
            '--upgrade', 'Build anew with the newest versions that are allowed',
            '--backend', 'venv or micromamba; detected when not given',
            '--extra', 'Install this extra (repeatable)',
            '--group', 'Install this dependency group (repeatable)',
            '--no-extras', 'No extras any more',
            '--no-groups', 'No groups any more',
            '--dev', 'With or without the group dev and requirements-dev.txt',
            '--no-dev', 'The contrary of --dev',
            '--force', 'Build anew, whatever is there',
            '--adopt', 'Use a matching environment that came from elsewhere',
            '--take-venv', 'Move a .venv that is not pyve''s aside and put the link there',
            '--ignore', 'May lines go into .gitignore or .dockerignore?',
            '--no-ignore', 'The contrary of --ignore',
            '--reset-choices', 'Give up what earlier options chose; the files decide again',
            '--strict', 'Fail where a lock is out of date, and write no manifest',
            '--engine', 'rattler or micromamba, for conda packages',
            '--auto-bootstrap', 'Download micromamba where it is asked for and not there',
            '--bootstrap-to', 'user (the default) or project',
            '--only-binary', 'Build no package from source; only the project itself may be',
            '--offline', 'Use the caches alone',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'lock' = @(
            '--check', 'Only tell whether the locks are up to date (exit 1: no)',
            '--upgrade', 'The newest versions that are allowed, of everything',
            '--upgrade-package', 'The newest NAME (repeatable)',
            '-P', 'The newest NAME (repeatable)',
            '--platform', 'Lock for this platform: linux-64 (repeatable)',
            '--python', 'The Python to lock for',
            '--extra', 'Lock this extra; all of them without (repeatable)',
            '--group', 'Lock this group; all of them without (repeatable)',
            '--exclude-newer', 'Leave out what was uploaded after DATE',
            '--locker', 'uv, pip-tools, rattler or conda-lock',
            '--output', 'Write to FILE',
            '-o', 'Write to FILE',
            '--offline', 'Use the caches alone',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'upgrade' = @(
            '--exclude-newer', 'Leave out what was uploaded after DATE',
            '--locker', 'uv, pip-tools, rattler or conda-lock',
            '--engine', 'rattler or micromamba, for conda packages',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'add' = @(
            '--editable', 'A project on this machine (repeatable)',
            '-e', 'A project on this machine (repeatable)',
            '--dev', 'What development needs: the group dev',
            '--group', 'A dependency group',
            '--extra', 'An extra of the project itself',
            '--pip', 'The pip section of environment.yml',
            '--no-lock', 'Leave the locks as they are',
            '--no-sync', 'Leave the environment as it is',
            '--offline', 'Use the caches alone',
            '--dry-run', 'Show what would be written, and resolve nothing',
            '-n', 'Show what would be written, and resolve nothing'
        )
        'remove' = @(
            '--dev', 'What development needs: the group dev',
            '--group', 'A dependency group',
            '--extra', 'An extra of the project itself',
            '--pip', 'The pip section of environment.yml',
            '--no-lock', 'Leave the locks as they are',
            '--no-sync', 'Leave the environment as it is',
            '--offline', 'Use the caches alone',
            '--dry-run', 'Show what would be written, and resolve nothing',
            '-n', 'Show what would be written, and resolve nothing'
        )
        'run' = @(
            '--strict', 'Exit with 125 when the environment is out of date'
        )
        'shell' = @(
            '--shell', 'Not the one pyve runs in: a path, or a name on PATH',
            '--strict', 'Exit with 125 when the environment is out of date'
        )
        'activate' = @(
            '--shell', 'bash, zsh, fish or pwsh; without it, the one pyve runs in',
            '--exports', 'Plain statements that set and unset variables, for other tools'
        )
        'status' = @(
            '--sizes', 'Measure the disk anew'
        )
        'list' = @(
            '--all', 'Of all projects on this machine',
            '--sizes', 'Measure the disk anew'
        )
        'detect' = @(
            '--backend', 'venv or micromamba; detected when not given'
        )
        'allow' = @(
            '--list', 'Show every project that is registered',
            '--prune', 'Forget projects whose directory is gone',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'deny' = @(
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'rollback' = @(
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'gc' = @(
            '--days', 'Unused for N days (default: gc.days, 30)',
            '--all', 'In all projects on this machine',
            '--gone', 'With --all: forget projects that are gone',
            '--no-previous', 'The previous environment may go too',
            '--keep', 'Keep this one (repeatable)',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'purge' = @(
            '--keep-env', 'Keep the environments; `run` goes on working',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'check' = @(
            '--deep', 'Compare every installed file with what was installed'
        )
        'hook' = @(
            '--install', 'Load it from the shell''s startup file from now on',
            '--uninstall', 'Take it out again; of every shell where none is named',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'config get' = @(
            '--user', 'The user''s settings instead of the project''s'
        )
        'config set' = @(
            '--user', 'The user''s settings instead of the project''s'
        )
        'config unset' = @(
            '--user', 'The user''s settings instead of the project''s'
        )
        'self install' = @(
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'self uninstall' = @(
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
        'self bootstrap' = @(
            '--to', 'user or project',
            '--version', 'Another version',
            '--sha256', 'What it must be, where pyve does not know',
            '--dry-run', 'Show the plan, do nothing',
            '-n', 'Show the plan, do nothing'
        )
    }
    $globalOptions = @(
        '--project', 'Act as if started in DIR; run stays here',
        '--json', 'One JSON document on stdout',
        '--quiet', 'No progress, no notes',
        '-q', 'No progress, no notes',
        '--verbose', 'Show the installer''s own output',
        '-v', 'Show the installer''s own output',
        '--no-color', 'No colours (as NO_COLOR)',
        '--yes', 'Assent to what would be asked',
        '-y', 'Assent to what would be asked',
        '--help', 'Show the help and exit',
        '-h', 'Show the help and exit'
    )
    $valueOf = @{
        '--project' = @('directory')
        'init --backend' = @('choice', 'venv', 'micromamba')
        'init --extra' = @('names', 'extras')
        'init --group' = @('names', 'groups')
        'init --engine' = @('free')
        'init --bootstrap-to' = @('free')
        'sync --backend' = @('choice', 'venv', 'micromamba')
        'sync --extra' = @('names', 'extras')
        'sync --group' = @('names', 'groups')
        'sync --engine' = @('free')
        'sync --bootstrap-to' = @('free')
        'lock --upgrade-package' = @('free')
        'lock -P' = @('free')
        'lock --platform' = @('free')
        'lock --python' = @('free')
        'lock --extra' = @('names', 'extras')
        'lock --group' = @('names', 'groups')
        'lock --exclude-newer' = @('free')
        'lock --locker' = @('free')
        'lock --output' = @('file')
        'lock -o' = @('file')
        'upgrade --exclude-newer' = @('free')
        'upgrade --locker' = @('free')
        'upgrade --engine' = @('free')
        'add --editable' = @('directory')
        'add -e' = @('directory')
        'add --group' = @('names', 'groups')
        'add --extra' = @('names', 'extras')
        'remove --group' = @('names', 'groups')
        'remove --extra' = @('names', 'extras')
        'shell --shell' = @('choice', 'bash', 'zsh', 'fish', 'pwsh')
        'activate --shell' = @('choice', 'bash', 'zsh', 'fish', 'pwsh')
        'detect --backend' = @('choice', 'venv', 'micromamba')
        'gc --days' = @('free')
        'gc --keep' = @('names', 'environments')
        'self bootstrap --to' = @('free')
        'self bootstrap --version' = @('free')
        'self bootstrap --sha256' = @('free')
    }
    $operandOf = @{
        'allow 1' = @('directory')
        'deny 1' = @('directory')
        'hook 1' = @('choice', 'bash', 'zsh', 'fish', 'pwsh')
        'completion 1' = @('choice', 'bash', 'zsh', 'fish', 'pwsh')
        'config get 1' = @('choice', 'auto-sync', 'backend', 'conda.channel-priority', 'conda.channels', 'conda.compile', 'conda.download-url', 'conda.engine', 'conda.keyring', 'conda.link-scripts', 'conda.links', 'conda.micromamba', 'conda.mirrors', 'dev', 'env-file', 'extras', 'gc.days', 'groups', 'ignore', 'index-strategy', 'lock.conda-lock', 'lock.exclude-newer', 'lock.format', 'lock.locker', 'lock.pip-tools', 'lock.platforms', 'name', 'prompt', 'python', 'store.location', 'venv.system-site-packages')
        'config set 1' = @('choice', 'auto-sync', 'backend', 'conda.channel-priority', 'conda.channels', 'conda.compile', 'conda.download-url', 'conda.engine', 'conda.keyring', 'conda.link-scripts', 'conda.links', 'conda.micromamba', 'conda.mirrors', 'dev', 'env-file', 'extras', 'gc.days', 'groups', 'ignore', 'index-strategy', 'lock.conda-lock', 'lock.exclude-newer', 'lock.format', 'lock.locker', 'lock.pip-tools', 'lock.platforms', 'name', 'prompt', 'python', 'store.location', 'venv.system-site-packages')
        'config unset 1' = @('choice', 'auto-sync', 'backend', 'conda.channel-priority', 'conda.channels', 'conda.compile', 'conda.download-url', 'conda.engine', 'conda.keyring', 'conda.link-scripts', 'conda.links', 'conda.micromamba', 'conda.mirrors', 'dev', 'env-file', 'extras', 'gc.days', 'groups', 'ignore', 'index-strategy', 'lock.conda-lock', 'lock.exclude-newer', 'lock.format', 'lock.locker', 'lock.pip-tools', 'lock.platforms', 'name', 'prompt', 'python', 'store.location', 'venv.system-site-packages')
        'self bootstrap 1' = @('choice', 'bash', 'zsh', 'fish', 'pwsh')
    }
    $runners = @('run')

    $current = "$wordToComplete"
    $verb = ''
    $option = ''
    $ended = $false
    $project = ''
    $operands = 0
    $commandStart = -1
    $isProgram = $true
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        if ($isProgram) {
            $isProgram = $false
            continue
        }
        $word = $element.Extent.Text
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $word = $element.Value }
        if ($option) {
            if ($option -ceq '--project') { $project = $word }
            $option = ''
        } elseif (-not $ended -and $word.StartsWith('-')) {
            if ($word -ceq '--') {
                $ended = $true
                continue
            }
            if ($word.StartsWith('--project=')) { $project = $word.Substring(10) }
            if (-not $verb) {
                switch -CaseSensitive ($word) {
                    '--init' { $verb = 'init' }
                    '--purge' { $verb = 'purge' }
                    '--validate' { $verb = 'check' }
                    '--config' { $verb = 'config' }
                    '--install' { $verb = 'self install' }
                    '--uninstall' { $verb = 'self uninstall' }
                    '--version' { $verb = 'version' }
                    '-V' { $verb = 'version' }
                }
            }
            if ($valueOf.ContainsKey($word) -or $valueOf.ContainsKey("$verb $word")) { $option = $word }
        } elseif ($verbsBelow.ContainsKey($verb)) {
            $verb = "$verb $word".Trim()
        } elseif ($runners -contains $verb) {
            $commandStart = $element.Extent.StartOffset
            break
        } else {
            $operands++
        }
    }

    $offer = {
        param($texts, $kind, $prefix, $typed)
        for ($index = 0; $index -lt $texts.Count; $index += 2) {
            $text = $texts[$index]
            if ($text.StartsWith($typed, [System.StringComparison]::Ordinal)) {
                [System.Management.Automation.CompletionResult]::new("$prefix$text", $text, $kind, $texts[$index + 1])
            }
        }
    }
    $offerValues = {
        param($value, $prefix, $typed)
        $kind, $words = $value
        $words = @($words)
        if ($kind -eq 'directory' -or $kind -eq 'file') {
            foreach ($found in [System.Management.Automation.CompletionCompleters]::CompleteFilename($typed)) {
                if ($kind -eq 'directory' -and $found.ResultType -ne 'ProviderContainer') { continue }
                [System.Management.Automation.CompletionResult]::new(
                    "$prefix$($found.CompletionText)", $found.ListItemText, $found.ResultType, $found.ToolTip)
            }
            return
        }
        if ($kind -eq 'names') {
            # Names that only the project knows: pyve is asked. They hold letters, digits and ._+- alone.
            $program = Get-Command -Name pyve -CommandType Application -ErrorAction SilentlyContinue |
                Select-Object -First 1
            if (-not $program) { return }
            $arguments = @('__complete', $words[0])
            if ($project) { $arguments = @('--project', $project) + $arguments }
            $words = @(& $program @arguments 2>$null)
        }
        $pairs = @(foreach ($word in $words) { if ($word) { $word, $word } })
        & $offer $pairs 'ParameterValue' $prefix $typed
    }

    if ($commandStart -lt 0 -and $runners -contains $verb -and -not $option -and
        ($ended -or -not $current.StartsWith('-'))) {
        $commandStart = $cursorPosition - $current.Length
    }
    if ($commandStart -ge 0) {
        # The command that `run` takes, as if it stood alone.
        $start = $commandStart - $commandAst.Extent.StartOffset
        $line = ''
        if ($start -lt $commandAst.Extent.Text.Length) { $line = $commandAst.Extent.Text.Substring($start) }
        $length = $cursorPosition - $commandStart
        $line = $line.PadRight($length).Substring(0, $length)
        if ($line) { (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches }
        return
    }
    if ($option) {
        $key = if ($valueOf.ContainsKey($option)) { $option } else { "$verb $option" }
        & $offerValues $valueOf[$key] '' $current
    } elseif (-not $ended -and $current.StartsWith('--') -and $current.Contains('=')) {
        $option, $typed = $current.Split([char[]]'=', 2)
        $key = if ($valueOf.ContainsKey($option)) { $option } else { "$verb $option" }
        if ($valueOf.ContainsKey($key)) { & $offerValues $valueOf[$key] "$option=" $typed }
    } elseif (-not $ended -and $current.StartsWith('-')) {
        $options = @($globalOptions)
        if ($optionsOf.ContainsKey($verb)) { $options = @($optionsOf[$verb]) + $options }
        & $offer $options 'ParameterName' '' $current
    } elseif ($verbsBelow.ContainsKey($verb)) {
        & $offer $verbsBelow[$verb] 'ParameterValue' '' $current
    } else {
        foreach ($key in "$verb $($operands + 1)", "$verb *") {
            if ($operandOf.ContainsKey($key)) { & $offerValues $operandOf[$key] '' $current }
        }
    }
}

Register-ArgumentCompleter -Native -CommandName 'pyve', 'pyve.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    __pyve_complete $wordToComplete $commandAst $cursorPosition
}
