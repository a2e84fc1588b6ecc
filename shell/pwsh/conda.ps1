# Conda prefixes, for PowerShell 5.1 and 7: how one is stacked on what is active, and the scripts of its packages.
# A part of what activation.ps1 does; the rules are those of that file.

# Names and values that tell conda that $prefix lies on what is active already, as `conda activate --stack` does:
# `conda deactivate` goes back to that. What is no level, or has no prefix, counts as 0; no prefix is stacked on itself.
function global:__pyve_stack_conda($prefix) {
    $level = [string]$env:CONDA_SHLVL
    if (-not $env:CONDA_PREFIX -or $level -notmatch '\A[1-9][0-9]?[0-9]?\z') { return 'CONDA_SHLVL', '1' }
    if ([string]::Equals($env:CONDA_PREFIX, $prefix)) { return 'CONDA_SHLVL', $level }
    if ($level -eq '999') { return 'CONDA_SHLVL', '1' } # the last one
    $next = [string](1 + [int]$level)
    'CONDA_SHLVL', $next, "CONDA_PREFIX_$level", $env:CONDA_PREFIX, "CONDA_STACKED_$next", 'true'
}

# Source scripts of packages, those that are there and the user's own and lie where pyve keeps them; without the
# strictness of this shell. On leaving nothing is said when one fails. Not while another prefix is active: nothing of
# ours is then.
function global:__pyve_source($__pyve_scripts) {
    if (-not (__pyve_is_same $env:CONDA_PREFIX $env:_PYVE_NEW_CONDA_PREFIX)) { return }
    Set-StrictMode -Off
    $ErrorActionPreference = 'Continue'
    $__pyve_exit_code = $global:LASTEXITCODE
    foreach ($__pyve_script in $__pyve_scripts) {
        try {
            if (__pyve_is_script $__pyve_script) {
                # What it writes is shown, and is no part of the prompt.
                . ([scriptblock]::Create([IO.File]::ReadAllText($__pyve_script, [Text.Encoding]::UTF8))) | Out-Host
            }
        } catch {
            if ($global:__pyve_mine) {
                $__pyve_name = [IO.Path]::GetFileName($__pyve_script)
                __pyve_warn "$__pyve_name of a package failed ($_); the environment is active all the same."
            }
            __pyve_forget_error
        }
    }
    if ($null -ne $__pyve_exit_code) { $global:LASTEXITCODE = $__pyve_exit_code }
}

# Whether $path is a script that may be sourced. The state directory is known to the hook; another shell knows where the
# scripts were that it has sourced itself.
function global:__pyve_is_script($path) {
    $plain = ([string]$path).Replace('\', '/')
    if (-not $plain.EndsWith('.ps1', [StringComparison]::Ordinal) -or $plain.Contains('/../')) { return $false }
    foreach ($place in "$global:__pyve_state/", $global:__pyve_scripts_at) {
        $place = $place.Replace('\', '/')
        if ($place.Length -gt 1 -and $plain.StartsWith($place, [StringComparison]::Ordinal)) {
            return [IO.File]::Exists($path) -and (__pyve_is_owned $path)
        }
    }
    return $false
}

# Whether the user owns a file. On Windows the access list of the user's profile protects the state directory.
# UnixStat is there from 7.1 on; where it is not, nothing is believed.
function global:__pyve_is_owned($path) {
    if ([IO.Path]::DirectorySeparatorChar -ne [char]'/') { return $true }
    $stat = (Get-Item -LiteralPath $path -Force -ErrorAction Stop).PSObject.Properties['UnixStat']
    return $null -ne $stat -and [string]::Equals($stat.Value.GetUserName(), [Environment]::UserName)
}
