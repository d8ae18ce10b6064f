# Read by prove.ps1 and prove-msi.ps1: how something is proved, and the report of it.
$rows = New-Object System.Collections.ArrayList

# Words and exit code of a program; its errors are part of what it says.
function Run([string] $program, [string[]] $words) {
    $before = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try { $said = & $program @words 2>&1 | Out-String } finally { $ErrorActionPreference = $before }
    [pscustomobject]@{ Code = $LASTEXITCODE; Said = $said.Trim() }
}
function Same($expected, $seen, [string] $what) {
    if ("$expected" -ne "$seen") { throw "${what}: expected '$expected', Windows says '$seen'" }
}
function Note([string] $area, [string] $what, [string] $verdict, [string] $evidence) {
    $line = ($evidence -replace '\s+', ' ') -replace '\|', '/'
    if ($line.Length -gt 300) { $line = $line.Substring(0, 300) + '...' }
    [void] $rows.Add([pscustomobject]@{ Area = $area; What = $what; Verdict = $verdict; Evidence = $line })
    Write-Host "$verdict  $area  $what  $line"
}
# A proof throws when it fails, and throws "SKIP: why" where this machine can't show it. It sees the variables of whoever
# calls this: a closure would not see the functions of this file.
function Prove([string] $area, [string] $what, [scriptblock] $proof) {
    try {
        $evidence = & $proof | Out-String
        Note $area $what 'proved' $evidence
    } catch {
        $why = $_.Exception.Message
        if ($why -like 'SKIP: *') { Note $area $what 'not tried' $why.Substring(6) } else { Note $area $what 'FAILED' $why }
    }
}
function Registry-Value([string] $key, [string] $name) {
    $item = Get-ItemProperty -Path "HKLM:\$key" -Name $name -ErrorAction SilentlyContinue
    if ($null -eq $item) { '' } else { $item.$name }
}
# The report, and the exit code: 1 when anything failed.
function Write-Report([string] $report, [string] $program, [string[]] $by_hand) {
    $os = Get-CimInstance Win32_OperatingSystem
    $text = @('# Steward on a real Windows', '', "$($os.Caption) $($os.Version), $program, $(Get-Date -Format s)", '',
        '| area | what | verdict | evidence |', '|---|---|---|---|')
    foreach ($row in $rows) { $text += "| $($row.Area) | $($row.What) | $($row.Verdict) | $($row.Evidence) |" }
    $text += @('', '## By hand', '') + $by_hand
    [IO.File]::WriteAllLines((Join-Path (Get-Location) $report), [string[]] $text)
    $failed = @($rows | Where-Object { $_.Verdict -eq 'FAILED' })
    Write-Host "$($rows.Count) proofs, $($failed.Count) failed: $report"
    if ($failed.Count -gt 0) { 1 } else { 0 }
}
