# Entering and leaving an environment, for PowerShell 5.1 and 7: no process is started.
# What is entered comes from a snippet ($global:__pyve_s_*); what is left, from the exported record (_PYVE_*) alone.
# Texts are compared by .NET: -eq and -ceq follow a culture, for which some different texts are the same.
# Before 7.5 no variable can be given an empty value here: one that was empty is absent once it has been put back.
# PATH cannot be made readonly in PowerShell, and no command's place is remembered: nothing to do for either.

# What this shell knows for itself; to load this file again changes none of it.
& {
    foreach (
        $name in
        'mine', 'off', 'left', 'left_values', 'warned', 'prefix', 'hooked', 'owns_deactivate', 'wrapper', 'inner',
        'state', 'scripts_at'
    ) {
        if (-not (Test-Path "Variable:global:__pyve_$name")) { Set-Variable "__pyve_$name" '' -Scope Global }
    }
}

function global:__pyve_get($name) {
    [Environment]::GetEnvironmentVariable($name)
}

# Set the variable $name; without a value it is unset. PowerShell would make an empty text of a plain $null.
function global:__pyve_put($name, $value) {
    if ($null -eq $value) {
        [Environment]::SetEnvironmentVariable($name, [NullString]::Value)
    } else {
        [Environment]::SetEnvironmentVariable($name, $value)
    }
}

# Whether two values are the same; none is not the same as an empty one.
function global:__pyve_is_same($one, $other) {
    (($null -eq $one) -eq ($null -eq $other)) -and [string]::Equals([string]$one, [string]$other)
}

# The PATH-like $text without the entries of $bin; of those that are in $kept too, the first one alone is taken out.
function global:__pyve_path_without($text, $bin, $kept) {
    $separator = [IO.Path]::PathSeparator
    if ([IO.Path]::DirectorySeparatorChar -ne [char]'/') { # MSYS turns the slashes in PATH alone
        $bin = ([string]$bin).Replace('/', '\')
        $kept = ([string]$kept).Replace('/', '\')
    }
    $entries = [Collections.Generic.List[string]]([string]$text).Split($separator)
    $keep = ([string]$kept).Split($separator)
    foreach ($entry in ([string]$bin).Split($separator)) {
        while ($entries.Remove($entry)) {
            if ([Array]::IndexOf($keep, $entry) -ge 0) { break }
        }
    }
    $entries -join $separator
}

# Take the error that was just caught out of $Error: the user has nothing to do with it.
function global:__pyve_forget_error {
    if ($global:Error.Count) { $global:Error.RemoveAt(0) }
}

# Whether there is a file or directory at $path. .NET takes a link that leads nowhere for a file: an environment whose
# Python was uninstalled has one. So on Unix it is opened.
function global:__pyve_is_there($path) {
    if ([IO.Directory]::Exists($path)) { return $true }
    if (-not [IO.File]::Exists($path)) { return $false }
    if ([IO.Path]::DirectorySeparatorChar -ne [char]'/') { return $true }
    try {
        [IO.File]::OpenRead($path).Dispose()
    } catch {
        __pyve_forget_error
        return $false
    }
    return $true
}

# Say why nothing was entered, once for each state of the project.
function global:__pyve_warn($text) {
    if (-not [string]::Equals($global:__pyve_warned, $global:__pyve_s_serial)) {
        $global:__pyve_warned = $global:__pyve_s_serial
        [Console]::Error.WriteLine("pyve: $text")
    }
}

# Enter what the snippet's variables describe. The record comes first, so that Ctrl-C leaves something to undo.
function global:__pyve_enter {
    if ($global:__pyve_s_probe -and -not (__pyve_is_there $global:__pyve_s_probe)) {
        __pyve_warn $global:__pyve_s_missing
        return
    }
    $separator = [IO.Path]::PathSeparator
    $path = $env:PATH
    $held = ([string]$path).Split($separator)
    $bin = $global:__pyve_s_bin -join $separator
    $kept = @(foreach ($entry in $global:__pyve_s_bin) { if ([Array]::IndexOf($held, $entry) -ge 0) { $entry } })
    $pairs = @($global:__pyve_s_set)
    if ($global:__pyve_s_conda) { $pairs += @(__pyve_stack_conda $global:__pyve_s_conda) }
    $set = @(for ($index = 0; $index -lt $pairs.Count; $index += 2) { $pairs[$index] })
    $had = @('-')
    $had += @(foreach ($name in $global:__pyve_s_unset + $set) { if ($null -ne (__pyve_get $name)) { $name } })

    __pyve_put '_PYVE_ROOT' $global:__pyve_s_root
    __pyve_put '_PYVE_SERIAL' $global:__pyve_s_serial
    __pyve_put '_PYVE_BIN' $bin
    __pyve_put '_PYVE_SET' ($set -join ' ')
    __pyve_put '_PYVE_UNSET' ($global:__pyve_s_unset -join ' ')
    __pyve_put '_PYVE_HAD' ($had -join ' ')
    if ($kept.Count) { __pyve_put '_PYVE_KEPT' ($kept -join $separator) }
    if ($null -eq $path) {
        __pyve_put '_PYVE_NO_PATH' 'unset'
    } elseif (-not $path) {
        __pyve_put '_PYVE_NO_PATH' 'empty'
    }
    $on_leaving = $global:__pyve_s_scripts_out -join $separator
    if ($on_leaving) { __pyve_put '_PYVE_SCRIPTS' $on_leaving }
    foreach ($name in $global:__pyve_s_unset) { __pyve_put "_PYVE_OLD_$name" (__pyve_get $name) }
    for ($index = 0; $index -lt $pairs.Count; $index += 2) {
        $name = $pairs[$index]
        __pyve_put "_PYVE_OLD_$name" (__pyve_get $name)
        __pyve_put "_PYVE_NEW_$name" $pairs[$index + 1]
    }

    foreach ($name in $global:__pyve_s_unset) { __pyve_put $name $null }
    for ($index = 0; $index -lt $pairs.Count; $index += 2) { __pyve_put $pairs[$index] $pairs[$index + 1] }
    if ($bin) {
        if ($path) { $bin = $bin + $separator + $path }
        __pyve_put 'PATH' $bin
    }
    __pyve_define_deactivate
    __pyve_show_prompt
    $global:__pyve_mine = '1' # what is interrupted before is left and entered anew
    if ($global:__pyve_s_scripts.Count) { # what is interrupted of these is not begun again
        $plain = $global:__pyve_s_reference.Replace('\', '/')
        $global:__pyve_scripts_at = $plain.Substring(0, $plain.LastIndexOf('/') + 1)
        __pyve_source $global:__pyve_s_scripts
    }
}

# Leave what the record says was entered: only what is still as it was set is put back.
# An old value counts where the record names its variable: direnv, when it puts a record back, leaves those of another.
function global:__pyve_leave {
    if ($null -eq $env:_PYVE_ROOT) { return }
    if ($env:_PYVE_SCRIPTS) {
        # Unless `conda deactivate` or `conda activate` has done so. What is interrupted is not begun again.
        $scripts = $env:_PYVE_SCRIPTS.Split([IO.Path]::PathSeparator)
        __pyve_put '_PYVE_SCRIPTS' $null
        $global:__pyve_mine = ''
        __pyve_source $scripts
    }
    $bin = $env:_PYVE_BIN
    if ($bin) {
        if (($env:DIRENV_DIFF -or $env:__MISE_DIFF) -and -not $env:_PYVE_KEPT) {
            $global:__pyve_left = $bin
            $global:__pyve_left_values = @()
        }
        $path = __pyve_path_without $env:PATH $bin $env:_PYVE_KEPT
        if (-not $path -and $env:_PYVE_NO_PATH -eq 'unset') { $path = $null }
        __pyve_put 'PATH' $path
        # What the `deactivate` of an environment that was activated by hand puts back: venv's is in the environment,
        # virtualenv's is a variable of the shell.
        if ($env:_OLD_VIRTUAL_PATH) {
            __pyve_put '_OLD_VIRTUAL_PATH' (__pyve_path_without $env:_OLD_VIRTUAL_PATH $bin $env:_PYVE_KEPT)
        }
        $saved = Get-Variable '_OLD_VIRTUAL_PATH' -Scope Global -ErrorAction Ignore
        if ($saved) { $saved.Value = __pyve_path_without $saved.Value $bin $env:_PYVE_KEPT }
    }
    $had = ([string]$env:_PYVE_HAD).Split([char]' ')
    foreach ($name in ([string]$env:_PYVE_SET).Split([char]' ')) {
        if (-not $name) { continue }
        $new = __pyve_get "_PYVE_NEW_$name"
        $old = $null
        if ([Array]::IndexOf($had, $name) -ge 0) { $old = __pyve_get "_PYVE_OLD_$name" }
        if ($global:__pyve_left) { $global:__pyve_left_values += @($name, $new, $old) }
        if (__pyve_is_same (__pyve_get $name) $new) { __pyve_put $name $old }
        __pyve_put "_PYVE_NEW_$name" $null
        __pyve_put "_PYVE_OLD_$name" $null
    }
    foreach ($name in ([string]$env:_PYVE_UNSET).Split([char]' ')) {
        if (-not $name) { continue }
        if ($null -eq (__pyve_get $name) -and [Array]::IndexOf($had, $name) -ge 0) {
            __pyve_put $name (__pyve_get "_PYVE_OLD_$name")
        }
        __pyve_put "_PYVE_OLD_$name" $null
    }
    if ($global:__pyve_owns_deactivate) {
        $global:__pyve_owns_deactivate = ''
        # A stock activate script may have put its own in the place of ours.
        if ("$function:deactivate".Contains('__pyve_leave')) { Remove-Item Function:deactivate }
    }
    __pyve_hide_prompt
    $global:__pyve_mine = ''
    # Last: what is interrupted before is left again.
    foreach ($name in 'ROOT', 'SERIAL', 'BIN', 'KEPT', 'SET', 'UNSET', 'HAD', 'NO_PATH', 'PINNED') {
        __pyve_put "_PYVE_$name" $null
    }
}

# Offer `deactivate`, unless the user has a command of that name: a hand-activated environment's, perhaps.
function global:__pyve_define_deactivate {
    if ((Test-Path Function:deactivate) -or (Test-Path Alias:deactivate)) { return }
    $global:__pyve_owns_deactivate = '1'
    # With any arguments, as that of a stock activate script.
    function global:deactivate {
        $global:__pyve_off = $env:_PYVE_ROOT
        if ($env:_PYVE_PINNED) { $global:__pyve_pwd = '' } # the hook looks where the shell stands
        __pyve_leave
    }
}

function global:__pyve_show_prompt {
    if (-not $global:__pyve_s_prompt -or $env:VIRTUAL_ENV_DISABLE_PROMPT) { return }
    # Themes that show VIRTUAL_ENV themselves: starship, oh-my-posh (by what several of its versions set), powerline.
    if ($env:STARSHIP_SHELL -or $env:POSH_THEME -or $env:POSH_PID -or $env:POSH_SHELL_VERSION) { return }
    if ($env:POSH_SESSION_ID -or $env:POWERLINE_COMMAND) { return }
    $global:__pyve_prefix = $global:__pyve_s_prompt
    __pyve_wrap_prompt
}

function global:__pyve_hide_prompt {
    $global:__pyve_prefix = ''
    if (-not $global:__pyve_hooked) { __pyve_unwrap_prompt }
}

# Stand before the present `prompt`, the user's or a theme's, and call it in the end with $? as it was.
# Loaded again after somebody wrapped it, there are two of ours: the newest does the work, the others only pass on.
function global:__pyve_wrap_prompt {
    $inner = $function:prompt
    if ("$inner".Contains('__pyve_wrapper')) { return }
    $global:__pyve_inner = $inner
    if ($null -eq $inner) { $inner = { 'PS> ' } }
    $number = 1 + [int]$global:__pyve_wrapper
    $global:__pyve_wrapper = $number
    $wrapper = {
        $__pyve_succeeded = $?
        if ($number -eq $global:__pyve_wrapper) {
            if ($global:__pyve_hooked) { __pyve_at_prompt }
            if ($global:__pyve_prefix) { Write-Host $global:__pyve_prefix -NoNewline }
        }
        # $? cannot be assigned: it is what the last command made it, so this is that command. Nothing is recorded.
        if ($__pyve_succeeded) { $null = 0 } else { Write-Error '' -ErrorAction Ignore }
        & $inner
    }
    Set-Item Function:global:prompt $wrapper.GetNewClosure()
}

# Put back the prompt that was there, if ours is still the outermost.
function global:__pyve_unwrap_prompt {
    if (-not "$function:prompt".Contains('__pyve_wrapper')) { return }
    if ($global:__pyve_inner) {
        Set-Item Function:global:prompt $global:__pyve_inner
    } else {
        Remove-Item Function:prompt -ErrorAction Ignore
    }
}
