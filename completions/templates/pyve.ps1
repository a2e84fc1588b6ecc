# Completion of pyve for PowerShell 5.1 and 7. Verbs, options and fixed values start no process.

function global:__pyve_complete {
    param($wordToComplete, $commandAst, $cursorPosition)

    # Names and descriptions, in turn: a list in a list would not stay one.
    # $valueOf and $operandOf: how a value is found, and the words for it.
@TABLES@
    $runners = @(@RUNNERS@)

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
@FLAG_VERBS@
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
