# Entering one project by hand: `Invoke-Expression (& pyve activate | Out-String)`. `deactivate` leaves it; until then
# hooks leave it alone.
@ACTIVATION@

@SNIPPET@
$global:__pyve_file = '' # what a hook had read last is not in the snippet's variables any more
__pyve_leave
# A virtual environment that was activated by hand is left by its own `deactivate`.
if ($env:VIRTUAL_ENV -and (Test-Path Function:deactivate)) {
    if ((Test-Path Env:_OLD_VIRTUAL_PATH) -or (Test-Path Variable:global:_OLD_VIRTUAL_PATH)) { deactivate }
}
__pyve_enter
if ($null -ne $env:_PYVE_ROOT) { __pyve_put '_PYVE_PINNED' '1' }
