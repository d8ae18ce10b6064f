<#
prove-msi.ps1: proves on a real Windows what Wine can't show of the MSI: what its log hides, upgrades in one run, one that fails,
repair, and that nothing is left. On a machine without Steward, by an administrator, with a server to enrol with:

    powershell -ExecutionPolicy Bypass -File prove-msi.ps1 -Old steward-0.1.0.msi -New steward-0.2.0.msi `
        -ServerUrl https://mdm.example -User ann@example -Token ... [-CaFile authority.pem]

proofs.ps1 must lie beside it. Exit 0: everything is proved. The report is prove-msi-report.md beside the current place.
#>
param(
    [Parameter(Mandatory)] [string] $Old,
    [Parameter(Mandatory)] [string] $New,
    [Parameter(Mandatory)] [string] $ServerUrl,
    [Parameter(Mandatory)] [string] $User,
    [Parameter(Mandatory)] [string] $Token,
    [string] $CaFile = '',
    [string] $Report = 'prove-msi-report.md'
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'proofs.ps1')

$work = Join-Path $env:TEMP ('steward-prove-msi-' + [guid]::NewGuid().ToString('N'))
New-Item -ItemType Directory -Path $work | Out-Null
$program = "$env:ProgramFiles\Steward\steward.exe"
$state = "$env:ProgramData\Steward"
$log = Join-Path $work 'install.log'
$packages = @{ old = (Resolve-Path $Old).Path; new = (Resolve-Path $New).Path }
if ((Test-Path $program) -or (Test-Path $state)) { throw "There is a Steward on this machine, or its state in $state." }

# msiexec is a window's program: only so does one wait for it.
function Installer([string[]] $words) {
    $quoted = @($words | ForEach-Object { if ($_ -match '\s') { '"' + $_ + '"' } else { $_ } })
    (Start-Process msiexec.exe -ArgumentList ($quoted + @('/qn', '/norestart', '/l*v', "`"$log`"")) -Wait -PassThru).ExitCode
}
function With([string] $token) {
    $words = @("SERVERURL=$ServerUrl", "ENROLLUSER=$User", "ENROLLTOKEN=$token")
    if ($CaFile -ne '') { $words += "CAFILE=$((Resolve-Path $CaFile).Path)" }
    $words
}
function Log { [IO.File]::ReadAllText($log, [Text.Encoding]::Unicode) }
function Products {
    @(Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' |
            Where-Object { $_.PSObject.Properties['DisplayName'] -and $_.DisplayName -like 'Steward*' })
}
function Version { (@(Products))[0].DisplayVersion }
function Runs { Same 'Running' (Get-Service Steward -ErrorAction SilentlyContinue | ForEach-Object { $_.Status }) 'the service' }
function Enrolled { if ((Run $program @('account', 'list')).Said -notmatch 'https://') { throw 'the device is not enrolled' } }
function Nothing-Left {
    if (Test-Path (Split-Path $program)) { throw 'the program is there' }
    if ($null -ne (Get-Service Steward -ErrorAction SilentlyContinue)) { throw 'the service is there' }
    if (@(Products).Count -ne 0) { throw 'the product is registered' }
    if (Test-Path 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\Steward') { throw 'the source of events is there' }
}
function Nothing-Set { if (Test-Path 'HKLM:\SOFTWARE\Steward') { throw 'HKLM\SOFTWARE\Steward is there' } }

Prove 'MSI' 'with a wrong token it fails with 1603, says why in its log, and leaves nothing' {
    Same 1603 (Installer (@('/i', $packages.old) + (With 'wrong-7431'))) 'msiexec'
    if ((Log) -notmatch '0x80180002') { throw 'the code is not in the log' }
    Nothing-Left
    Nothing-Set
    if (Test-Path $state) { throw 'the state is there' }
}
Prove 'MSI' 'no log shows the token, nor the proxy' {
    [void] (Installer (@('/i', $packages.old, 'PROXY=http://proxy-7431.invalid:1') + (With 'wrong-7431')))
    foreach ($secret in 'wrong-7431', 'proxy-7431') {
        $shown = @((Log) -split "`r?`n" | Where-Object { $_ -match $secret })
        if ($shown.Count -gt 0) { throw ($shown -join ' / ') }
    }
    Nothing-Left
}
Prove 'MSI' 'an upgrade that fails brings the older one back, with its service' {
    Same 0 (Installer @('/i', $packages.old)) 'the older one'
    Runs
    $before = Version
    try {
        Same 1603 (Installer (@('/i', $packages.new) + (With 'wrong-7431'))) 'the newer one'
        Same 1 (@(Products).Count) 'products'
        Same $before (Version) 'the version'
        Runs
    } finally { [void] (Installer @('/x', $packages.old)) }
    Nothing-Left
}
Remove-Item -Recurse -Force $state -ErrorAction SilentlyContinue
Prove 'MSI' 'it installs and enrols without a question' {
    Same 0 (Installer (@('/i', $packages.old) + (With $Token))) 'msiexec'
    Runs
    Enrolled
    if ((Log).Contains($Token)) { throw 'the token is in the log' }
}
Prove 'MSI' 'a newer one takes its place in one run, and the device stays enrolled' {
    $device = Get-Content "$state\device-id"
    $before = Version
    Same 0 (Installer @('/i', $packages.new)) 'msiexec'
    Same 1 (@(Products).Count) 'products'
    if ((Version) -eq $before) { throw 'it is the older one still' }
    Same $device (Get-Content "$state\device-id") 'the device'
    Runs
    Enrolled
    Same 0 (Run $program @('sync')).Code 'a session'
}
Prove 'MSI' 'an older one is refused' {
    if ((Installer @('/i', $packages.old)) -eq 0) { throw 'it was installed' }
    Runs
    Enrolled
}
Prove 'MSI' 'msiexec /fa repairs' {
    Stop-Service Steward
    Remove-Item $program
    Same 0 (Installer @('/fa', $packages.new)) 'msiexec'
    if (-not (Test-Path $program)) { throw 'the program is missing' }
    Runs
    Enrolled
}
Prove 'MSI' 'entries of the service can be read in the event log' {
    $entries = @(Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = 'Steward' } -MaxEvents 5)
    if ($entries[0].Message -match 'cannot be found' -or $entries[0].Message.Trim() -eq '') { throw $entries[0].Message }
    $entries[0].Message
}
Prove 'MSI' 'a service that is killed comes back' {
    $id = (Get-CimInstance Win32_Service -Filter "Name='Steward'").ProcessId
    Stop-Process -Id $id -Force
    foreach ($i in 1..180) {
        $now = (Get-CimInstance Win32_Service -Filter "Name='Steward'")
        if ($now.State -eq 'Running' -and $now.ProcessId -ne $id) { break }
        Start-Sleep -Seconds 1
    }
    Runs
}
Prove 'MSI' 'it is uninstalled, and nothing is left but the name of the device and its log' {
    Same 0 (Installer @('/x', $packages.new)) 'msiexec'
    Nothing-Left
    Nothing-Set
    if (@(Get-ChildItem -Recurse $state -Filter *.pem -ErrorAction SilentlyContinue).Count -ne 0) { throw 'a key is left' }
}
Prove 'MSI' 'its signature' {
    $signature = Get-AuthenticodeSignature $packages.new
    if ("$($signature.Status)" -eq 'NotSigned') { throw 'SKIP: this MSI is not signed' }
    Same 'Valid' $signature.Status 'Get-AuthenticodeSignature'
    $signature.SignerCertificate.Subject
}

Remove-Item -Recurse -Force $work
exit (Write-Report $Report "$Old, then $New" @(
        '- a person who is no administrator is asked for one, and the properties he gave reach the installation',
        '- the service is told of a restart in time (preshutdown), of sign-ins and of waking up: its log says so at level debug'))
