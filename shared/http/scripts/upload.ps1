# Packs the firmware that ESP-IDF has just built and uploads it, so that its crashes can be decoded.
# For Windows PowerShell 5.1 and PowerShell 7.
#
# usage: upload.ps1 [model_code] [firmware.bin]
#   What is not given is taken from build/project_description.json below the working folder.
#   The .elf and .map are expected beside the .bin.
#
# IOTSUPPORT_CLIENT_ID, IOTSUPPORT_CLIENT_SECRET: a client of the identity provider with the role
# pipeline. What some providers want to be told besides when they are asked for a token:
# IOTSUPPORT_TOKEN_SCOPE, IOTSUPPORT_TOKEN_AUDIENCE, and IOTSUPPORT_TOKEN_PARAMETERS for anything
# else, encoded as a form: name=value&name=value.
param([string]$ModelCode = "", [string]$FirmwareBin = "")
Set-StrictMode -Version 2.0
$ErrorActionPreference = "Stop"

# Filled in by the server that this was downloaded from.
$BACKEND_URL="@BACKEND_URL@"
$TOKEN_URL="@TOKEN_URL@"

# 5.1 offers TLS 1.0 otherwise.
[Net.ServicePointManager]::SecurityProtocol = `
    [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

# The member of a parsed JSON object; nothing when there is none.
function Get-Member-Text($Object, [string]$Name) {
    if ($null -eq $Object) { return "" }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return "" }
    return [string]$property.Value
}

# A text of 32 bytes in the image's esp_app_desc_t, which starts at byte 32.
function Get-Image-Text([byte[]]$Image, [int]$Offset) {
    $text = [Text.Encoding]::ASCII.GetString($Image, $Offset, 32)
    return $text.Split([char]0)[0]
}

# PowerShell's own folder is not the process's, which .NET resolves paths against.
function Get-Full-Path([string]$Path) {
    return $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

# What the server says about why it refused, else what went wrong on the way.
function Get-Reason($Failure) {
    if ($null -ne $Failure.ErrorDetails -and $Failure.ErrorDetails.Message) {
        try {
            $answer = $Failure.ErrorDetails.Message | ConvertFrom-Json
            $text = Get-Member-Text $answer "error"
            $more = Get-Member-Text $answer "error_description"
            if ($more) { $text = "${text}: $more" }
            if ($text) { return $text }
        } catch {
            return $Failure.ErrorDetails.Message
        }
    }
    return $Failure.Exception.Message
}

function Invoke-Post([string]$What, [hashtable]$Request) {
    try {
        return Invoke-RestMethod -Method Post -UseBasicParsing @Request
    } catch {
        throw "${What}: $($Request.Uri): $(Get-Reason $_)"
    }
}

function Get-Token {
    if (-not $env:IOTSUPPORT_CLIENT_ID) { throw "IOTSUPPORT_CLIENT_ID is not set" }
    if (-not $env:IOTSUPPORT_CLIENT_SECRET) { throw "IOTSUPPORT_CLIENT_SECRET is not set" }
    $form = "grant_type=client_credentials"
    if ($env:IOTSUPPORT_TOKEN_SCOPE) {
        $form += "&scope=" + [Uri]::EscapeDataString($env:IOTSUPPORT_TOKEN_SCOPE)
    }
    if ($env:IOTSUPPORT_TOKEN_AUDIENCE) {
        $form += "&audience=" + [Uri]::EscapeDataString($env:IOTSUPPORT_TOKEN_AUDIENCE)
    }
    if ($env:IOTSUPPORT_TOKEN_PARAMETERS) { $form += "&" + $env:IOTSUPPORT_TOKEN_PARAMETERS }
    $id = [Uri]::EscapeDataString($env:IOTSUPPORT_CLIENT_ID)
    $secret = [Uri]::EscapeDataString($env:IOTSUPPORT_CLIENT_SECRET)
    $inBody = @{
        Uri         = $TOKEN_URL
        ContentType = "application/x-www-form-urlencoded"
        Body        = "$form&client_id=$id&client_secret=$secret"
    }
    # RFC 6749, section 2.3.1: encoded as in a form, before Basic encodes them once more.
    $basic = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes("${id}:$secret"))
    $inHeader = @{
        Uri         = $TOKEN_URL
        ContentType = "application/x-www-form-urlencoded"
        Body        = $form
        Headers     = @{ Authorization = "Basic $basic" }
    }
    try {
        $answer = Invoke-Post "no token" $inBody
    } catch {
        # Some take a client's secret in the header only.
        $answer = Invoke-Post "no token" $inHeader
    }
    $token = Get-Member-Text $answer "access_token"
    if (-not $token) { throw "no token: the answer of $TOKEN_URL has no access_token" }
    return $token
}

$descriptionPath = Join-Path "build" "project_description.json"
$description = $null
if (Test-Path -LiteralPath $descriptionPath) {
    $description = Get-Content -LiteralPath $descriptionPath -Raw -Encoding UTF8 | ConvertFrom-Json
}

# No model code has a dot.
if ($ModelCode.EndsWith(".bin") -and -not $FirmwareBin) {
    $FirmwareBin = $ModelCode
    $ModelCode = ""
}
if ($null -eq $description -and (-not $ModelCode -or -not $FirmwareBin)) {
    throw "there is no $descriptionPath here: build first, or give the model code and the path of the .bin"
}
if (-not $ModelCode) { $ModelCode = Get-Member-Text $description "project_name" }
if (-not $ModelCode) { throw "$descriptionPath has no project_name" }
if ($ModelCode -cnotmatch '\A[a-z0-9_]+\z') {
    throw "'$ModelCode' is no model code (lower-case letters, digits and underscores): give it as the first argument"
}
if (-not $FirmwareBin) {
    $appBin = Get-Member-Text $description "app_bin"
    if (-not $appBin) { throw "$descriptionPath has no app_bin" }
    # A build made in a container has a path that this machine may not.
    $FirmwareBin = Join-Path "build" $appBin
    $buildDir = Get-Member-Text $description "build_dir"
    if ($buildDir -and (Test-Path -LiteralPath "$buildDir/$appBin")) {
        $FirmwareBin = "$buildDir/$appBin"
    }
}
$bin = Get-Full-Path $FirmwareBin
$elf = [IO.Path]::ChangeExtension($bin, ".elf")
$map = [IO.Path]::ChangeExtension($bin, ".map")
foreach ($file in @($bin, $elf, $map)) {
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { throw "there is no $file" }
}
$folder = [IO.Path]::GetDirectoryName($bin)
$sdkconfig = ""
foreach ($file in @((Get-Member-Text $description "config_file"), "$folder/sdkconfig", "$folder/../sdkconfig", "sdkconfig")) {
    if (-not $sdkconfig -and $file -and (Test-Path -LiteralPath $file -PathType Leaf)) {
        $sdkconfig = Get-Full-Path $file
    }
}
if (-not $sdkconfig) { throw "there is no sdkconfig, neither here nor near $bin" }

$image = [IO.File]::ReadAllBytes($bin)
# Little-endian 0xABCD5432
if ($image.Length -lt 208 -or [BitConverter]::ToString($image, 32, 4) -ne "32-54-CD-AB") {
    throw "$bin is not the image of an ESP-IDF application"
}
$gitCommit = ""
try { $gitCommit = [string](& git rev-parse HEAD) } catch { $gitCommit = "" }
if (-not $gitCommit) { $gitCommit = $env:GITHUB_SHA }
if (-not $gitCommit) { $gitCommit = $env:CI_COMMIT_SHA }
if (-not $gitCommit) { $gitCommit = "unknown" }
$version = @{
    git_commit       = $gitCommit
    idf_version      = Get-Image-Text $image 144
    firmware_version = Get-Image-Text $image 48
}

$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid().ToString())
$bundle = Join-Path $work "bundle"
New-Item -ItemType Directory -Path $bundle -Force | Out-Null
try {
    [IO.File]::Copy($bin, (Join-Path $bundle "$ModelCode.bin"))
    [IO.File]::Copy($elf, (Join-Path $bundle "$ModelCode.elf"))
    [IO.File]::Copy($map, (Join-Path $bundle "$ModelCode.map"))
    [IO.File]::Copy($sdkconfig, (Join-Path $bundle "sdkconfig"))
    # Without a byte order mark, which Set-Content of 5.1 would write.
    [IO.File]::WriteAllText((Join-Path $bundle "version.json"), (ConvertTo-Json $version))
    $zip = Join-Path $work "firmware.zip"
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    [IO.Compression.ZipFile]::CreateFromDirectory($bundle, $zip)

    $upload = @{
        Uri         = "$BACKEND_URL/api/pipeline/models/$ModelCode/firmware"
        InFile      = $zip
        ContentType = "application/zip"
    }
    if ($TOKEN_URL) { $upload.Headers = @{ Authorization = "Bearer $(Get-Token)" } }
    $answer = Invoke-Post "not uploaded" $upload
    Write-Output "uploaded $ModelCode $(Get-Member-Text $answer "firmware_version")"
} finally {
    Remove-Item -LiteralPath $work -Recurse -Force
}
