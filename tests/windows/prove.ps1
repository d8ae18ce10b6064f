<#
prove.ps1: proves on a real Windows 11 what Wine can't show (docs/windows-coverage.md lists it), and writes a report.

    powershell -ExecutionPolicy Bypass -File prove.ps1 -Steward "C:\Program Files\Steward\steward.exe" [-Disturb]

Run it as the system where the wipe's plan is to be proved too (psexec -s, or a task); as an administrator for all else.
Every setting goes in by Steward and is looked at with a tool of Windows; then it is taken back, and Windows must say what it
said before. -Tests names test_windows.exe of the same build, by which keys in the TPM are proved.
-Disturb also locks the sessions of this device. Nothing is wiped and nothing restarts. Take a machine that can
be set up anew: a proof that fails half way may leave a setting behind, and the report says which.
proofs.ps1 must lie beside it; what the MSI does is proved by prove-msi.ps1.
Exit 0: everything that could be tried is proved. 1: something is not. The report is prove-report.md beside the current place.
#>
param(
    [string] $Steward = "$env:ProgramFiles\Steward\steward.exe",
    [string] $Report = "prove-report.md",
    [string] $Tests = '',
    [switch] $Disturb
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

$work = Join-Path $env:TEMP ("steward-prove-" + [guid]::NewGuid().ToString('N'))
New-Item -ItemType Directory -Path $work | Out-Null
. (Join-Path $PSScriptRoot 'proofs.ps1')

function Agent([string[]] $words) { Run $Steward $words }
function Get-Node([string] $uri) {
    $answer = Agent @('tree', 'get', $uri)
    if ($answer.Code -ne 0) { throw "get ${uri}: $($answer.Said)" }
    $answer.Said
}
function Set-Node([string] $uri, [string] $value) {
    $answer = Agent @('tree', 'set', $uri, $value)
    if ($answer.Code -ne 0) { throw "set ${uri} ${value}: $($answer.Said)" }
}
function Remove-Node([string] $uri) {
    $answer = Agent @('tree', 'delete', $uri)
    if ($answer.Code -ne 0) { throw "delete ${uri}: $($answer.Said)" }
}
# A SyncML body; the answer as text.
function Send([string] $body) {
    $file = Join-Path $work 'body.xml'
    [IO.File]::WriteAllText($file, $body)
    $answer = Agent @('syncml', $file)
    if ($answer.Code -ne 0) { throw "syncml: $($answer.Said)" }
    $answer.Said
}
function Item([string] $uri, [string] $format, [string] $data) {
    "<Item><Target><LocURI>$uri</LocURI></Target><Meta><Format xmlns=""syncml:metinf"">$format</Format></Meta><Data>" +
        [Security.SecurityElement]::Escape($data) + '</Data></Item>'
}

# The local security policy, in words that are the same in every language.
function Security-Policy {
    $file = Join-Path $work 'policy.inf'
    & secedit.exe /export /areas SECURITYPOLICY /cfg $file | Out-Null
    $policy = @{}
    foreach ($line in Get-Content $file) { if ($line -match '^\s*(\w+)\s*=\s*(.*?)\s*$') { $policy[$Matches[1]] = $Matches[2] } }
    $policy
}
# A node goes in, Windows is asked, and what it said before returns with the node.
function Prove-Policy([string] $area, [string] $name, [string] $value, [scriptblock] $look, $expected) {
    Prove $area "$name = $value, and back" {
        $uri = "./Device/Vendor/MSFT/Policy/Config/$area/$name"
        $before = & $look
        Set-Node $uri $value
        try {
            Same $expected (& $look) $name
            Same $value (Get-Node $uri) "$name as Steward reads it"
        } finally { Remove-Node $uri }
        Same $before (& $look) "$name after it was taken back"
        "was '$before'"
    }
}

# --- Passwords: NetUserModalsGet/Set, SamSetInformationDomain, NetUserEnum -------------------------------------------
$lock = 'DeviceLock'
Prove-Policy $lock 'MinimumPasswordLength' '9' { (Security-Policy)['MinimumPasswordLength'] } '9'
Prove-Policy $lock 'MinimumPasswordLength' '16' { (Security-Policy)['MinimumPasswordLength'] } '16'
Prove-Policy $lock 'MaximumPasswordAge' '77' { (Security-Policy)['MaximumPasswordAge'] } '77'
Prove-Policy $lock 'MaximumPasswordAge' '0' { (Security-Policy)['MaximumPasswordAge'] } '-1'
Prove-Policy $lock 'MinimumPasswordAge' '2' { (Security-Policy)['MinimumPasswordAge'] } '2'
Prove-Policy $lock 'PasswordHistorySize' '13' { (Security-Policy)['PasswordHistorySize'] } '13'
Prove-Policy $lock 'PasswordComplexity' '1' { (Security-Policy)['PasswordComplexity'] } '1'
Prove-Policy $lock 'AllowAdministratorLockout' '1' { (Security-Policy)['AllowAdministratorLockout'] } '1'
Prove-Policy $lock 'MaxInactivityTimeDeviceLock' '7' {
    Registry-Value 'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' 'InactivityTimeoutSecs' } '420'
Prove-Policy $lock 'AccountLockoutPolicy' 'AccountLockoutDuration:31, AccountLockoutThreshold:6, ResetAccountLockoutCounterAfter:21' {
    $policy = Security-Policy
    "$($policy['LockoutDuration'])/$($policy['LockoutBadCount'])/$($policy['ResetLockoutCount'])" } '31/6/21'
Prove $lock 'accounts that need no password are seen' {
    $open = @(Get-CimInstance Win32_UserAccount -Filter 'LocalAccount=TRUE' |
            Where-Object { -not $_.Disabled -and -not $_.PasswordRequired })
    $required = (Get-Node './Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled')
    $length = [int] (Security-Policy)['MinimumPasswordLength']
    $expected = if ($length -gt 0 -and $open.Count -eq 0) { '0' } else { '1' }
    Same $expected $required 'DevicePasswordEnabled'
    "$($open.Count) accounts are exempt"
}

# --- Updates: the policy is Windows Update's own, and its agent tells the same -----------------------------------------
Prove-Policy 'Update' 'AllowAutoUpdate' '5' {
    Registry-Value 'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' 'NoAutoUpdate' } '1'
Prove 'Update' 'Windows Update obeys the policy: automatic updates are off while it says so' {
    $uri = './Device/Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate'
    Set-Node $uri '5'
    try {
        Start-Sleep -Seconds 5
        $settings = (New-Object -ComObject Microsoft.Update.AutoUpdate).Settings
        Same '1' $settings.NotificationLevel 'NotificationLevel (1: disabled)'
    } finally { Remove-Node $uri }
}
function Update-Searcher {
    $searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
    $searcher.Online = $false
    $searcher
}
function Children([string] $uri) {
    $answer = Agent @('tree', 'list', $uri)
    if ($answer.Code -ne 0) { throw "list ${uri}: $($answer.Said)" }
    @($answer.Said -split "`r?`n" | Where-Object { $_ -match '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}' } |
            ForEach-Object { [regex]::Match($_, '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}').Value.ToLower() } | Sort-Object -Unique)
}
Prove 'Update' 'IUpdateSearcher::Search: the same updates can be installed' {
    $found = @((Update-Searcher).Search('IsInstalled=0 and IsHidden=0').Updates | ForEach-Object { $_.Identity.UpdateID.ToLower() } |
            Sort-Object -Unique)
    Same ($found -join ' ') ((Children './Device/Vendor/MSFT/Update/InstallableUpdates') -join ' ') 'InstallableUpdates'
    "$($found.Count) updates"
}
Prove 'Update' 'the history: what was installed last is told' {
    $searcher = Update-Searcher
    $count = [Math]::Min(500, $searcher.GetTotalHistoryCount())
    if ($count -eq 0) { throw 'SKIP: nothing was ever installed' }
    $last = @{}
    foreach ($entry in $searcher.QueryHistory(0, $count)) {
        $id = $entry.UpdateIdentity.UpdateID.ToLower()
        if (-not $last.ContainsKey($id)) { $last[$id] = $entry }
    }
    $installed = @($last.Keys | Where-Object { $last[$_].Operation -eq 1 -and $last[$_].ResultCode -in 2, 3 } | Sort-Object)
    Same ($installed -join ' ') ((Children './Device/Vendor/MSFT/Update/InstalledUpdates') -join ' ') 'InstalledUpdates'
    "$($installed.Count) updates"
}
Prove 'Update' 'LastSearchSuccessDate is told' {
    $date = (New-Object -ComObject Microsoft.Update.AutoUpdate).Results.LastSearchSuccessDate
    if ($null -eq $date) { throw 'SKIP: it has never searched' }
    $told = Get-Node './Device/Vendor/MSFT/Update/LastSuccessfulScanTime'
    Same ([datetime] $date).ToString('yyyyMMddHHmmss') ($told -replace '[^0-9]', '') 'LastSuccessfulScanTime'
}

# --- BitLocker: Win32_EncryptableVolume --------------------------------------------------------------------------------
$bitlocker = './Device/Vendor/MSFT/BitLocker'
$system = $env:SystemDrive
Prove 'BitLocker' 'the system volume is judged as Get-BitLockerVolume shows it' {
    $volume = Get-BitLockerVolume -MountPoint $system
    $sealed = "$($volume.VolumeStatus)" -eq 'FullyEncrypted' -and "$($volume.ProtectionStatus)" -eq 'On'
    $judgement = Get-Node "$bitlocker/Steward/Volumes/$($system.Replace(':', '%3A'))/Judgement"
    Same $(if ($sealed) { 'encrypted' } else { 'open' }) $judgement 'Judgement'
    "$($volume.VolumeStatus), $($volume.ProtectionStatus), $($volume.EncryptionMethod)"
}
Prove 'BitLocker' 'a recovery password is added, is the one that was sealed, and only older ones of ours go' {
    if ("$((Get-BitLockerVolume -MountPoint $system).VolumeStatus)" -ne 'FullyEncrypted') { throw 'SKIP: the system volume is not encrypted' }
    $place = "$env:ProgramData\Steward\escrow.pem"
    if (Test-Path $place) { throw 'SKIP: this device has an escrow certificate, which is left alone' }
    $certificate = New-SelfSignedCertificate -Type DocumentEncryptionCert -Subject 'CN=Steward proof' -KeyUsage KeyEncipherment `
        -CertStoreLocation Cert:\LocalMachine\My
    try {
        $pem = "-----BEGIN CERTIFICATE-----`n" + [Convert]::ToBase64String($certificate.RawData, 'InsertLineBreaks') + "`n-----END CERTIFICATE-----`n"
        [IO.File]::WriteAllText($place, $pem)
        $before = @((Get-BitLockerVolume -MountPoint $system).KeyProtector | ForEach-Object { $_.KeyProtectorId })
        $answer = Send "<Exec><CmdID>1</CmdID>$(Item "$bitlocker/RotateRecoveryPasswords" 'chr' 'proof-1')</Exec>"
        if ($answer -notmatch '<Data>200</Data>') { throw $answer }
        $after = @((Get-BitLockerVolume -MountPoint $system).KeyProtector)
        $new = @($after | Where-Object { $before -notcontains $_.KeyProtectorId })
        Same 1 $new.Count 'new protectors'
        foreach ($id in $before) { if (@($after | Where-Object { $_.KeyProtectorId -eq $id }).Count -ne 1) { throw "$id is gone" } }
        Same 'RecoveryPassword' $new[0].KeyProtectorType 'its kind'
        $listed = Agent @('tree', 'list', "$bitlocker/Steward/RecoveryKeys")
        $key = @([regex]::Matches($listed.Said, 'RecoveryKeys/([0-9a-f]{16})'))[-1].Groups[1].Value
        Add-Type -AssemblyName System.Security
        $cms = New-Object Security.Cryptography.Pkcs.EnvelopedCms
        $cms.Decode([Convert]::FromBase64String((Get-Node "$bitlocker/Steward/RecoveryKeys/$key/Sealed")))
        $cms.Decrypt((New-Object Security.Cryptography.X509Certificates.X509Certificate2Collection $certificate))
        Same $new[0].RecoveryPassword ([Text.Encoding]::ASCII.GetString($cms.ContentInfo.Content)) 'the sealed password'
        'the protector of this proof stays until a server says that it has received a newer one'
    } finally {
        Remove-Item $place -ErrorAction SilentlyContinue
        Remove-Item "Cert:\LocalMachine\My\$($certificate.Thumbprint)" -ErrorAction SilentlyContinue
    }
}

# --- Wi-Fi: WlanSetProfile, WlanGetProfile, WlanDeleteProfile, WcmSetProperty -------------------------------------------
Prove 'Wi-Fi' 'a network is known to Windows with its key, what it costs, and goes again' {
    $shown = Run 'netsh.exe' @('wlan', 'show', 'interfaces')
    if ($shown.Code -ne 0) { throw "SKIP: no WLAN service here: $($shown.Said)" }
    $name = 'StewardProof'
    $document = "<WLANProfile xmlns=""http://www.microsoft.com/networking/WLAN/profile/v1""><name>$name</name><SSIDConfig><SSID><name>$name</name></SSID></SSIDConfig>" +
        '<connectionType>ESS</connectionType><connectionMode>manual</connectionMode><MSM><security><authEncryption><authentication>WPA2PSK</authentication>' +
        '<encryption>AES</encryption><useOneX>false</useOneX></authEncryption><sharedKey><keyType>passPhrase</keyType><protected>false</protected>' +
        '<keyMaterial>proof of steward</keyMaterial></sharedKey></security></MSM></WLANProfile>'
    $uri = "./Device/Vendor/MSFT/WiFi/Profile/$name"
    $answer = Send ("<Atomic><CmdID>1</CmdID><Add><CmdID>2</CmdID>$(Item "$uri/WlanXml" 'chr' $document)</Add>" +
        "<Add><CmdID>3</CmdID>$(Item "$uri/WiFiCost" 'int' '2')</Add></Atomic>")
    try {
        if ($answer -notmatch '<Data>20[01]</Data>') { throw $answer }
        $kept = Run 'netsh.exe' @('wlan', 'show', 'profile', "name=$name", 'key=clear')
        if ($kept.Said -notmatch 'proof of steward') { throw "Windows does not have the key: $($kept.Said)" }
        Same '2' (Get-Node "$uri/WiFiCost") 'WiFiCost'
        if ((Get-Node "$uri/WlanXml") -match 'proof of steward') { throw 'Steward tells the key' }
        $kept.Said
    } finally { Remove-Node $uri }
    $gone = Run 'netsh.exe' @('wlan', 'show', 'profile', "name=$name")
    if ($gone.Code -eq 0) { throw "the profile is still there: $($gone.Said)" }
}

# --- Certificates: the machine's own stores -----------------------------------------------------------------------------
Prove 'Certificates' 'an authority is trusted by Windows, and no more afterwards' {
    $authority = New-SelfSignedCertificate -Subject 'CN=Steward proof authority' -KeyUsage CertSign -CertStoreLocation Cert:\LocalMachine\My `
        -TextExtension '2.5.29.19={critical}{text}ca=1'
    $thumbprint = $authority.Thumbprint
    $uri = "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/$thumbprint/EncodedCertificate"
    try {
        Set-Node $uri ([Convert]::ToBase64String($authority.RawData))
        if (-not (Test-Path "Cert:\LocalMachine\Root\$thumbprint")) { throw 'it is not in the ROOT store' }
        Remove-Node "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/$thumbprint"
        if (Test-Path "Cert:\LocalMachine\Root\$thumbprint") { throw 'it is still in the ROOT store' }
    } finally { Remove-Item "Cert:\LocalMachine\My\$thumbprint" -ErrorAction SilentlyContinue }
}
foreach ($algorithm in 'RSA', 'ECDSA_nistP256') {
    Prove 'Certificates' "PFXImportCertStore: a certificate comes with its key, which can't be copied, and both go ($algorithm)" {
        $made = New-SelfSignedCertificate -Subject 'CN=Steward proof client' -KeyAlgorithm $algorithm -CertStoreLocation Cert:\LocalMachine\My
        $file = Join-Path $work 'client.pfx'
        $secret = ConvertTo-SecureString 'proof' -AsPlainText -Force
        Export-PfxCertificate -Cert $made -FilePath $file -Password $secret | Out-Null
        Remove-Item "Cert:\LocalMachine\My\$($made.Thumbprint)" -DeleteKey
        $uri = './Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/steward-proof'
        $answer = Send ("<Atomic><CmdID>1</CmdID><Add><CmdID>2</CmdID>$(Item "$uri/KeyLocation" 'int' '3')</Add>" +
            "<Add><CmdID>3</CmdID>$(Item "$uri/PFXCertPassword" 'chr' 'proof')</Add>" +
            "<Add><CmdID>4</CmdID>$(Item "$uri/PFXKeyExportable" 'bool' 'false')</Add>" +
            "<Add><CmdID>5</CmdID>$(Item "$uri/PFXCertBlob" 'chr' ([Convert]::ToBase64String([IO.File]::ReadAllBytes($file))))</Add></Atomic>")
        try {
            $kept = Get-Item "Cert:\LocalMachine\My\$($made.Thumbprint)" -ErrorAction SilentlyContinue
            if ($null -eq $kept) { throw $answer }
            if (-not $kept.HasPrivateKey) { throw 'its key is missing' }
            $copied = $true
            try { Export-PfxCertificate -Cert $kept -FilePath "$file.copy" -Password $secret | Out-Null } catch { $copied = $false }
            if ($copied) { throw 'its key can be copied' }
        } finally { Remove-Node $uri }
        if (Test-Path "Cert:\LocalMachine\My\$($made.Thumbprint)") { throw 'it is still in the MY store' }
    }
}

# --- Restarts: the task scheduler -------------------------------------------------------------------------------------------
Prove 'Power' 'recurring restarts are tasks that Windows will run as the system' {
    $when = (Get-Date).AddDays(300).ToString('yyyy-MM-ddTHH:mm:ss')
    $uri = './Device/Vendor/MSFT/Reboot/Schedule/Single'
    Set-Node $uri $when
    try {
        $task = Get-ScheduledTask -TaskPath '\Steward\' -TaskName 'RestartOnce'
        Same 'Ready' $task.State 'its state'
        Same ([datetime] $when) ([datetime] (Get-ScheduledTaskInfo -InputObject $task).NextRunTime) 'its next run'
        Same 'SYSTEM' $task.Principal.UserId 'whom it runs as'
        Same $when (Get-Node $uri) 'Single'
    } finally { Remove-Node $uri }
    if (Get-ScheduledTask -TaskPath '\Steward\' -TaskName 'RestartOnce' -ErrorAction SilentlyContinue) { throw 'the task is still there' }
}

# --- Sessions: WTSEnumerateSessions, WTSDisconnectSession -----------------------------------------------------------------------
Prove 'Sessions' 'a lock takes every open session off its screen' {
    if (-not $Disturb) { throw 'SKIP: only with -Disturb' }
    $answer = Send '<Exec><CmdID>1</CmdID><Item><Target><LocURI>./Device/Vendor/MSFT/RemoteLock/Lock</LocURI></Target></Item></Exec>'
    if ($answer -notmatch '<Data>200</Data>') { throw $answer }
    $sessions = Run 'query.exe' @('session')
    if ($sessions.Said -match '(?m)^\s*>?console\s+\S+\s+\d+\s+Active') { throw $sessions.Said }
    $sessions.Said
}

# --- Facts -------------------------------------------------------------------------------------------------------------------
$status = './Device/Vendor/MSFT/DeviceStatus'
Prove 'Facts' 'Secure Boot' {
    $expected = try { if (Confirm-SecureBootUEFI) { '1' } else { '2' } } catch { '0' }
    Same $expected (Get-Node "$status/SecureBootState") 'SecureBootState'
}
Prove 'Facts' 'Tbsi_GetDeviceInfo: the version of the TPM' {
    $tpm = Get-CimInstance -Namespace root\cimv2\Security\MicrosoftTpm -ClassName Win32_Tpm -ErrorAction SilentlyContinue
    if ($null -eq $tpm) { throw 'SKIP: no TPM' }
    Same ($tpm.SpecVersion -split ',')[0].Trim() (Get-Node "$status/TPM/SpecificationVersion") 'SpecificationVersion'
}
Prove 'Facts' 'WscGetSecurityProviderHealth: the firewall' {
    $off = @(Get-NetFirewallProfile | Where-Object { "$($_.Enabled)" -ne 'True' })
    if ($off.Count -gt 0) { throw 'SKIP: a profile of the firewall is off' }
    Same '0' (Get-Node "$status/Firewall/Status") 'Firewall/Status'
}
Prove 'Facts' 'SecurityCenter2: signatures against malware' {
    $defender = Get-MpComputerStatus
    $expected = if ($defender.DefenderSignaturesOutOfDate) { '0' } else { '1' }
    Same $expected (Get-Node "$status/Antivirus/SignatureStatus") 'SignatureStatus'
}
Prove 'Facts' 'NtQuerySystemInformation: protection of ports with direct memory access' {
    "BootDMAProtectionStatus is $(Get-Node "$status/DMA/BootDMAProtectionStatus"); compare with msinfo32, Kernel DMA Protection"
}
Prove 'Facts' 'NetGetJoinInformation: the domain' {
    $computer = Get-CimInstance Win32_ComputerSystem
    if ($computer.PartOfDomain) { throw 'SKIP: this device has joined a domain' }
    Same '' (Get-Node "$status/DomainName") 'DomainName'
}
Prove 'Facts' 'SMBIOS and the version of Windows' {
    Same (Get-CimInstance Win32_ComputerSystem).Manufacturer.Trim() (Get-Node './DevInfo/Man') 'Man'
    $key = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $version = "10.0.$(Registry-Value $key 'CurrentBuildNumber').$(Registry-Value $key 'UBR')"
    Same $version (Get-Node './DevDetail/SwV') 'SwV'
}

# --- The state: whose it is, and what is sealed in it ----------------------------------------------------------------------------
function Others-Of([string] $path) {
    $trusted = 'S-1-5-18', 'S-1-5-32-544', 'S-1-3-0', 'S-1-3-4', [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
    @((Get-Acl $path).GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier]) |
            Where-Object { "$($_.AccessControlType)" -eq 'Allow' -and $trusted -notcontains $_.IdentityReference.Value })
}
Prove 'State' 'nobody else may enter the state directory' {
    $others = @(Others-Of "$env:ProgramData\Steward")
    if ($others.Count -gt 0) { throw ($others | Out-String) }
}
Prove 'State' 'a directory that was open is closed, with what is in it' {
    $place = Join-Path $work 'open'
    New-Item -ItemType Directory -Path $place | Out-Null
    Set-Content -Path "$place\file" -Value 'x'
    & icacls.exe $place /grant '*S-1-1-0:(OI)(CI)F' /T /Q | Out-Null
    Same 1 ([int] (@(Others-Of "$place\file").Count -gt 0)) 'open to others before'
    Same 0 (Agent @('status', '--state', $place)).Code 'status'
    foreach ($each in $place, "$place\file") {
        $others = @(Others-Of $each)
        if ($others.Count -gt 0) { throw "${each}: $($others | Out-String)" }
    }
}
Prove 'State' 'keys are sealed by the machine, and Windows unseals them here' {
    $keys = @(Get-ChildItem "$env:ProgramData\Steward\keys\*.pem" -ErrorAction SilentlyContinue)
    if ($keys.Count -eq 0) { throw 'SKIP: this device is not enrolled' }
    Add-Type -AssemblyName System.Security
    foreach ($key in $keys) {
        $lines = @(Get-Content $key)
        Same '-----BEGIN DPAPI SEALED TEXT-----' $lines[0] $key.Name
        $sealed = [Convert]::FromBase64String((($lines | Where-Object { $_ -notlike '-----*' }) -join ''))
        $text = [Text.Encoding]::ASCII.GetString([Security.Cryptography.ProtectedData]::Unprotect($sealed, $null, 'LocalMachine'))
        if ($text -notlike '-----BEGIN PRIVATE KEY-----*') { throw "$($key.Name) holds something else" }
    }
    "$($keys.Count) keys"
}

# --- Other managements: dsregcmd, and what the Policy CSP has kept ------------------------------------------------------------------
Prove 'Neighbours' 'the enrolments of Windows are told' {
    $told = (Agent @('status', '--json')).Said | ConvertFrom-Json
    $enrolled = @(Get-ChildItem 'HKLM:\SOFTWARE\Microsoft\Enrollments' -ErrorAction SilentlyContinue | Get-ItemProperty |
            Where-Object { $_.PSObject.Properties['DiscoveryServiceFullURL'] -and $_.PSObject.Properties['EnrollmentState'] -and
                $_.PSObject.Properties['ProviderID'] -and $_.EnrollmentState -eq 1 } | ForEach-Object { $_.ProviderID })
    $names = @($told.others.managements | ForEach-Object { $_.name })
    foreach ($name in $enrolled) { if ($names -notcontains $name) { throw "$name is not told; told: $($names -join ', ')" } }
    $joined = (Run 'dsregcmd.exe' @('/status')).Said
    $tenant = if ($joined -match '(?m)^\s*TenantId\s*:\s*(\S+)') { $Matches[1] } else { '' }
    Same $tenant $told.others.joined 'the directory'
    "$($names -join ', '); dsregcmd says MdmUrl: $(if ($joined -match '(?m)^\s*MdmUrl\s*:\s*(\S+)') { $Matches[1] })"
}
Prove 'Neighbours' 'what another has set is refused to us, and stays' {
    $told = (Agent @('status', '--json')).Said | ConvertFrom-Json
    $theirs = @($told.others.managements | ForEach-Object { $_.policies } | Where-Object { $_ -match '^(DeviceLock|Update)/' })
    if ($theirs.Count -eq 0) { throw 'SKIP: nobody else has set anything that Steward knows' }
    $refused = Agent @('tree', 'set', "./Device/Vendor/MSFT/Policy/Config/$($theirs[0])", '1')
    if ($refused.Code -eq 0 -or $refused.Said -notmatch 'manages this device too|There is no node') { throw $refused.Said }
    $refused.Said
}

# --- The proxy: WinHttpGetDefaultProxyConfiguration ------------------------------------------------------------------------------------
Prove 'Proxy' 'what netsh winhttp sets is used where an account names none' {
    $before = (Run 'netsh.exe' @('winhttp', 'dump')).Said
    if ($before -match 'set proxy') { throw 'SKIP: this machine has a proxy, which is left alone' }
    $place = Join-Path $work 'proxy'
    [IO.File]::WriteAllText("$work\hush", "hush`n")
    & netsh.exe winhttp set proxy no-such-proxy.invalid:1 | Out-Null
    try {
        $added = Agent @('account', 'add', 'away', '--url', 'https://mdm.example.test/dm', '--user', 'x', '--secret-file', "$work\hush", '--state', $place)
        Same 0 $added.Code "account add ($($added.Said))"
        $said = Agent @('sync', '--account', 'away', '--state', $place)
        if ($said.Said -notmatch "The proxy's name") { throw $said.Said }
    } finally { & netsh.exe winhttp reset proxy | Out-Null }
}

# --- The management bridge: CreateClassEnum, instances, PutInstance, DeleteInstance -------------------------------------------------------
# Nodes of the bridge are there while this says so.
function Serve([string] $nodes, [scriptblock] $task) {
    if (-not [Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) { throw 'SKIP: the bridge answers the system alone' }
    $key = 'HKLM:\SOFTWARE\Steward\Bridge'
    if (Test-Path $key) { throw 'SKIP: an administrator has said something about the bridge, which is left alone' }
    New-Item -Path $key -Force | Out-Null
    New-ItemProperty -Path $key -Name Serve -PropertyType String -Value $nodes | Out-Null
    try { & $task } finally { Remove-Item -Path $key -Recurse }
}
Prove 'Bridge' 'its classes are written to prove-bridge.txt, as test data' {
    $classes = @(Get-CimClass -Namespace root\cimv2\mdm\dmmap -ClassName 'MDM_*')
    $lines = foreach ($class in $classes) {
        foreach ($property in $class.CimClassProperties) {
            "$($class.CimClassName)`t$($property.Name)`t$($property.CimType)`t$(($property.Qualifiers | ForEach-Object { $_.Name }) -join ',')"
        }
    }
    [IO.File]::WriteAllLines((Join-Path (Get-Location) 'prove-bridge.txt'), [string[]] $lines)
    "$($classes.Count) classes"
}
Prove 'Bridge' 'Steward serves policies that Windows has a class for' {
    Serve '*' {
        $said = Agent @('tree', 'list', './Device/Vendor/MSFT/Policy/Config', '--json')
        Same 0 $said.Code "tree list ($($said.Said))"
        $areas = @(Get-CimClass -Namespace root\cimv2\mdm\dmmap -ClassName 'MDM_Policy_Config01_*02')
        foreach ($area in $areas) {
            $name = $area.CimClassName -replace '^MDM_Policy_Config01_', '' -replace '02$', ''
            if ($said.Said -notmatch [regex]::Escape("Policy/Config/$name")) { throw "$name is missing" }
        }
        "$($areas.Count) areas"
    }
}
Prove 'Bridge' 'a policy is set, Windows says so, and it is gone again' {
    Serve 'Policy/Config/Camera' {
        $uri = './Device/Vendor/MSFT/Policy/Config/Camera/AllowCamera'
        $look = { (Get-CimInstance -Namespace root\cimv2\mdm\dmmap -ClassName MDM_Policy_Config01_Camera02).AllowCamera }
        $before = & $look
        Set-Node $uri '0'
        try {
            Same 0 (& $look) 'AllowCamera as the bridge tells it'
            Same '0' (Get-Node $uri) 'AllowCamera as Steward reads it'
        } finally { Remove-Node $uri }
        Same $before (& $look) 'AllowCamera after it was taken back'
    }
}
Prove 'Bridge' 'a policy that is XML goes in and out as it was meant' {
    Serve 'Policy/Config/System' {
        $uri = './Device/Vendor/MSFT/Policy/Config/System/BootStartDriverInitialization'
        Set-Node $uri '<disabled/>'
        try { Same '<disabled/>' (Get-Node $uri) 'as Steward reads it' } finally { Remove-Node $uri }
    }
}

# --- Keys: NCryptCreatePersistedKey, NCryptSignHash, NCryptDeleteKey of the Platform Crypto Provider -----------------------------
Prove 'Keys' 'the TPM makes a key that signs as TLS 1.2 and 1.3 need it, and it is gone when it is erased' {
    if (-not (Get-Tpm).TpmReady) { throw 'SKIP: there is no TPM that Windows uses' }
    if ($Tests -eq '') { throw 'SKIP: -Tests names no test_windows.exe' }
    $answer = Run $Tests @('--gtest_filter=WindowsCng.MakesKeysInTheTpm*')
    Same 0 $answer.Code 'test_windows'
    if ($answer.Said -match 'SKIPPED') { throw 'Windows has a TPM, and Steward finds none' }
    if ((& certutil.exe -csp 'Microsoft Platform Crypto Provider' -key) -match 'Steward-test-') { throw 'a key is left' }
}

# --- Wipe: the plan alone ------------------------------------------------------------------------------------------------------
Prove 'Wipe' 'the management bridge that would wipe is there (nothing is wiped)' {
    if (-not [Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) { throw 'SKIP: the bridge answers the system alone' }
    $key = 'HKLM:\SOFTWARE\Steward\Wipe'
    if (Test-Path $key) { throw 'SKIP: an administrator has said something about wiping, which is left alone' }
    Same 1 $(if ((Agent @('wipe', '--simulate')).Code -ne 0) { 1 } else { 0 }) 'refused without the word of an administrator'
    New-Item -Path $key -Force | Out-Null
    New-ItemProperty -Path $key -Name Allow -PropertyType DWord -Value 1 | Out-Null
    try {
        $plan = Agent @('wipe', '--simulate')
        Same 0 $plan.Code "wipe --simulate ($($plan.Said))"
        $plan.Said
    } finally { Remove-Item -Path $key -Recurse }
}

# --- The report ------------------------------------------------------------------------------------------------------------------
Remove-Item -Recurse -Force $work
exit (Write-Report $Report (Agent @('version')).Said @(
        '- a wireless network that cuts the device off returns: end the service between two sessions while a network is on trial',
        '- a planned restart happens at its time, with its sentence on the screen five minutes before',
        '- MaxDevicePasswordFailedAttempts locks the device into recovery (BitLocker needed)',
        '- the state directory can be read by nobody who is no administrator: look at it as one who is not',
        '- enrol with --key-store tpm: a session succeeds, certutil -csp "Microsoft Platform Crypto Provider" -key lists the key, and unenroll deletes it',
        '- a wipe that was ordered is carried out, on a machine that may be lost'))
