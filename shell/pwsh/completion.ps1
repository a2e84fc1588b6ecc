# What the installed hook adds: the completion is read at the first TAB after `pyve`.
$global:__pyve_completion = @COMPLETION@
if ([IO.File]::Exists($global:__pyve_completion)) {
    Register-ArgumentCompleter -Native -CommandName 'pyve', 'pyve.exe' -ScriptBlock {
        param($wordToComplete, $commandAst, $cursorPosition)
        . ([scriptblock]::Create([IO.File]::ReadAllText($global:__pyve_completion)))
        __pyve_complete $wordToComplete $commandAst $cursorPosition
    }
}
