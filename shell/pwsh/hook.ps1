# The prompt hook of pyve for PowerShell 5.1 and 7. No cmdlet and no process at a prompt where nothing has changed.
# It reads nothing but what the user owns in the user's own state directory. Nothing beyond the grammar of 5.1.
# It wraps `prompt` alone: LocationChangedAction is run by every Set-Location inside scripts too, and 5.1 has none.
# What shows no prompt (-Command, -File, jobs, remote calls) never calls `prompt`: there, functions get defined and
# that is all; with -NonInteractive, and where PowerShell is locked down to a constrained language, not even that.
# (-NonInteractive is believed of the console alone: editors start the terminals that they show in this way.)
if (
    $ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage' -and
    -not ($Host.Name -eq 'ConsoleHost' -and ([Environment]::GetCommandLineArgs() -match '^[-/]+noni'))
) {
@ACTIVATION@

$global:__pyve_state = @STATE@
$global:__pyve_command = @(@COMMAND@)
$global:__pyve_pwd = ''
$global:__pyve_generation = ''
$global:__pyve_file = ''
$global:__pyve_found = ''
$global:__pyve_deaf = ''
$global:__pyve_busy = ''
$global:__pyve_later = ''
$global:__pyve_last_left = ''
$global:__pyve_noticed = ''
$global:__pyve_outdated = ''
$global:__pyve_reference = ''
$global:__pyve_watch = @()

# At each prompt. Nothing has changed: as many stats as there are files to watch, and that is all.
# Elsewhere than in a file system (Registry, Env, ...) all stays as it is.
function global:__pyve_at_prompt {
    if ($PWD.Provider.Name -ne 'FileSystem') { return }
    try {
        if (
            -not [string]::Equals($PWD.ProviderPath, $global:__pyve_pwd) -or
            -not [IO.File]::Exists($global:__pyve_generation) -or
            $global:__pyve_left -or
            $global:__pyve_busy -or
            (__pyve_has_changed $global:__pyve_watch)
        ) {
            $global:__pyve_busy = '1' # Ctrl-C ends all of this: the next prompt takes up what was interrupted
            __pyve_look
        }
    } catch {
        __pyve_forget_error # a directory that may not be looked into, a damaged file: no reason to spoil the prompt
    }
    $global:__pyve_busy = ''
}

# Something may be otherwise than at the last prompt: enter, leave or switch, and decide what to watch.
function global:__pyve_look {
    $global:__pyve_watch = @()
    $env:_PYVE_HOOK = "pwsh:$PID"
    if (-not [IO.File]::Exists($global:__pyve_generation)) { __pyve_read_generation }
    if ($global:__pyve_left) {
        __pyve_drop_left
    } elseif ($global:__pyve_later -and -not [string]::Equals("$env:DIRENV_DIFF$env:__MISE_DIFF", $global:__pyve_later)) {
        $global:__pyve_left = $global:__pyve_last_left
        __pyve_drop_left
    }
    if (-not [string]::Equals($PWD.ProviderPath, $global:__pyve_pwd)) {
        $global:__pyve_pwd = $PWD.ProviderPath
        $global:__pyve_deaf = ''
    }
    if ($env:_PYVE_PINNED) {
        __pyve_keep_pinned
        return
    }
    if (-not (__pyve_follow) -or $global:__pyve_deaf) { return }
    if (__pyve_has_changed $global:__pyve_s_watch) {
        $global:__pyve_deaf = '1' # if it fails, or is interrupted: no more asking until the next cd
        if (-not (__pyve_ask)) { return }
        $global:__pyve_deaf = ''
        if (-not (__pyve_follow)) { return }
    }
    if (-not $global:__pyve_s_watch_on_cd) { $global:__pyve_watch = $global:__pyve_s_watch }
}

# Bring the shell to what the nearest snippet says; false when there is nothing to watch here.
function global:__pyve_follow {
    __pyve_find $global:__pyve_pwd
    if ($global:__pyve_found) {
        $is_same = [string]::Equals($global:__pyve_found, $global:__pyve_file)
        if (-not $is_same -or -not [IO.File]::Exists($global:__pyve_reference)) { __pyve_load }
    }
    if (-not $global:__pyve_found) {
        $global:__pyve_off = ''
        __pyve_leave
        return $false
    }
    if ([string]::Equals($global:__pyve_off, $global:__pyve_s_root)) { return $false }
    $global:__pyve_off = ''
    if (-not $global:__pyve_mine -or -not [string]::Equals([string]$env:_PYVE_SERIAL, $global:__pyve_s_serial)) {
        __pyve_leave
        __pyve_enter
        if (-not $env:_PYVE_ROOT) { return $false } # refused
    }
    if (-not $global:__pyve_s_notice) {
        $global:__pyve_noticed = ''
    } elseif (-not [string]::Equals($global:__pyve_noticed, $global:__pyve_s_serial)) {
        $global:__pyve_noticed = $global:__pyve_s_serial
        [Console]::Error.WriteLine("pyve: $global:__pyve_s_notice")
    }
    return $true
}

# Put the snippet of the nearest project at or above $directory into __pyve_found; empty when there is none.
# On Windows C:\x is mirrored as C/x and \\server\share\x as server/share/x; no other colon is in a path there.
function global:__pyve_find($directory) {
    $slash = [char]'/'
    if ([IO.Path]::DirectorySeparatorChar -ne $slash) { $directory = $directory.Replace('\', '/').Replace(':', '') }
    $directory = ('/' + $directory.Trim($slash)).Replace('/@', '/@@').TrimEnd($slash)
    while ($true) {
        $global:__pyve_found = $global:__pyve_state + '/projects' + $directory + '/@act.ps1'
        if ([IO.File]::Exists($global:__pyve_found) -and (__pyve_is_owned $global:__pyve_found)) { return }
        if (-not $directory) { break }
        $directory = $directory.Substring(0, $directory.LastIndexOf($slash))
    }
    $global:__pyve_found = ''
}

# Read the snippet __pyve_found; one of another version is as none.
# As a text, for two reasons: an ExecutionPolicy that forbids scripts, and 5.1, which takes files for ANSI.
function global:__pyve_load {
    $global:__pyve_s_format = 0
    $global:__pyve_s_conda = '' # not in snippets that were written before there were conda environments
    $global:__pyve_s_scripts = @()
    $global:__pyve_s_scripts_out = @()
    & ([scriptblock]::Create([IO.File]::ReadAllText($global:__pyve_found, [Text.Encoding]::UTF8)))
    if ($global:__pyve_s_format -eq 1) {
        $global:__pyve_file = $global:__pyve_found
        $global:__pyve_deaf = ''
        $global:__pyve_reference = $global:__pyve_s_reference # .NET compares times as exactly as they are kept
        return
    }
    $global:__pyve_found = ''
    if (-not $global:__pyve_outdated) {
        $global:__pyve_outdated = '1'
        [Console]::Error.WriteLine('pyve: the hook of this shell is of another version of pyve; start a new shell.')
    }
}

# Whether one of $paths has changed. What is not there has the time 1601: so a missing reference makes all the others
# newer, and a missing file is never newer.
function global:__pyve_has_changed($paths) {
    if ($paths.Count) {
        $reference = [IO.File]::GetLastWriteTimeUtc($global:__pyve_reference)
        foreach ($path in $paths) {
            if ([IO.File]::GetLastWriteTimeUtc($path) -gt $reference) { return $true }
        }
    }
    return $false
}

# Start pyve, the one process of this file: it looks at what has changed and writes the snippet anew where it must.
# By .NET: $LASTEXITCODE and $? stay as they are, and arguments arrive as they are.
function global:__pyve_ask {
    $words = @($global:__pyve_command) + @('shell-env', '--project', $global:__pyve_s_root)
    if (-not [IO.File]::Exists($words[0])) { return $false }
    $start = [Diagnostics.ProcessStartInfo]::new($words[0])
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $arguments = $words[1..($words.Count - 1)]
    if ($start.PSObject.Properties['ArgumentList']) {
        foreach ($word in $arguments) { $start.ArgumentList.Add($word) }
    } else { # 5.1 is on Windows, where no file's name holds a double quote
        $start.Arguments = @(foreach ($word in $arguments) { '"' + ($word -replace '(\\+)$', '$1$1') + '"' }) -join ' '
    }
    # By none of the project's variables that let files of the project run in it: a branch may have brought those files.
    foreach ($name in 'PATH', 'USERBASE', 'PLATLIBDIR', 'PYCACHEPREFIX', 'WARNINGS') {
        if ($null -ne (__pyve_get "_PYVE_NEW_PYTHON$name")) { $start.EnvironmentVariables.Remove("PYTHON$name") }
    }
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $null = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    $is_answered = $process.ExitCode -eq 0
    $process.Dispose()
    return $is_answered
}

function global:__pyve_read_generation {
    $number = ''
    $file = $global:__pyve_state + '/generation'
    if ([IO.File]::Exists($file)) { $number = [IO.File]::ReadAllText($file).Trim() }
    $global:__pyve_generation = $global:__pyve_state + '/generations/' + $number
}

# A shell inside `pyve shell`, or below a `pyve activate`: once, after its own profile, be first on PATH again.
function global:__pyve_keep_pinned {
    if ($global:__pyve_mine) { return }
    $global:__pyve_mine = '1'
    __pyve_find $env:_PYVE_ROOT
    if (-not $global:__pyve_found) { return }
    __pyve_load
    if ($global:__pyve_found -and [string]::Equals($global:__pyve_s_root, $env:_PYVE_ROOT)) {
        __pyve_leave
        __pyve_enter
        $env:_PYVE_PINNED = '1'
    }
}

# Another tool may have put back a whole PATH that it saved while our entries were on it, and values that were ours.
# What was entered meanwhile is left then: it would remember values of before that the tool has taken away.
# As the tool may do so later as well, when it leaves a directory, this is done once more when its own record has changed.
function global:__pyve_drop_left {
    $entries = $global:__pyve_left
    $global:__pyve_later = "$env:DIRENV_DIFF$env:__MISE_DIFF"
    $global:__pyve_last_left = $entries
    $global:__pyve_left = ''
    if ([string]::Equals($entries, $env:_PYVE_BIN) -or $env:_PYVE_PINNED) { return }
    $without = __pyve_path_without $env:PATH $entries ''
    $is_back = -not [string]::Equals($without, [string]$env:PATH)
    $values = @($global:__pyve_left_values)
    for ($index = 0; $index + 2 -lt $values.Count; $index += 3) {
        $name = $values[$index]
        $now = __pyve_get $name
        if ($null -eq $now -or -not [string]::Equals($now, $values[$index + 1])) { continue }
        if ([string]::Equals($now, (__pyve_get "_PYVE_NEW_$name"))) { continue }
        $is_back = $true
        __pyve_put $name $values[$index + 2]
    }
    if ($is_back) { __pyve_leave }
    $global:__pyve_left = ''
    if (-not $env:_PYVE_BIN) { __pyve_put 'PATH' (__pyve_path_without $env:PATH $entries '') }
}

$global:__pyve_hooked = '1'
__pyve_wrap_prompt
}
