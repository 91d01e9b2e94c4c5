#!/bin/sh
# Packs the firmware that ESP-IDF has just built and uploads it, so that its crashes can be decoded.
#
# usage: upload.sh [model_code] [firmware.bin]
#   What is not given is taken from build/project_description.json below the working folder.
#   The .elf and .map are expected beside the .bin.
#
# IOTSUPPORT_CLIENT_ID, IOTSUPPORT_CLIENT_SECRET: a client of the identity provider with the role
# pipeline. What some providers want to be told besides when they are asked for a token:
# IOTSUPPORT_TOKEN_SCOPE, IOTSUPPORT_TOKEN_AUDIENCE, and IOTSUPPORT_TOKEN_PARAMETERS for anything
# else, encoded as a form: name=value&name=value.
# Needs curl and zip; git and jq are used when they are there.
set -eu

# Filled in by the server that this was downloaded from.
BACKEND_URL="@BACKEND_URL@"
TOKEN_URL="@TOKEN_URL@"

description=build/project_description.json

fail() {
    printf 'upload.sh: %s\n' "$*" >&2
    exit 1
}

# The string at the top of a JSON file under this name; nothing when there is none.
json_member() {  # file, name
    [ -f "$1" ] || return 0
    if command -v jq >/dev/null; then
        jq -r --arg name "$2" '.[$name]? | strings' "$1" 2>/dev/null || true
    else
        tr -d '\n\r' <"$1" | grep -oE "\"$2\"[[:space:]]*:[[:space:]]*\"([^\"\\\\]|\\\\.)*\"" |
            head -n 1 | sed -E 's/^"[^"]*"[^"]*"(.*)"$/\1/; s/\\(.)/\1/g'
    fi
}

# Text as it may stand between quotes, in JSON and in curl's configuration.
quotable() { printf %s "$1" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g'; }

# Text as a form has it: all but letters, digits, - . _ and ~ as %XX.
form_encoded() {
    printf %s "$1" | od -An -v -tx1 | tr ' ' '\n' | while read -r byte; do
        case $byte in
            '') ;;
            2d | 2e | 3[0-9] | 4[1-9a-f] | 5[0-9af] | 6[1-9a-f] | 7[0-9ae])
                # shellcheck disable=SC2059  # the format is a character's octal number
                printf "\\$(printf %03o "0x$byte")" ;;
            *) printf %%%02X "0x$byte" ;;
        esac
    done
}

# A text of 32 bytes in the image's esp_app_desc_t, which starts at byte 32.
image_text() {  # image, offset
    dd if="$1" bs=1 skip="$2" count=32 2>/dev/null | tr '\000' '\n' | head -n 1 |
        LC_ALL=C tr -cd '\040-\176'
}

# curl with one more line of configuration on standard input, because the command line is there for
# everybody to see. Prints the status and leaves the answer in $answer.
request() {
    curl --silent --show-error --connect-timeout 10 --max-time 600 --retry 3 \
        --output "$answer" --write-out '%{http_code}' --config - "$@"
}

# What the server says about why it refused.
reason() {
    text=$(json_member "$answer" error)
    more=$(json_member "$answer" error_description)
    [ -n "$text" ] || text=$(head -c 500 "$answer" 2>/dev/null | tr '\n' ' ')
    printf %s "$text${more:+: $more}"
}

choose_files() {
    case ${1-} in
        *.bin) set -- '' "$1" ;;  # no model code has a dot
    esac
    model_code=${1-}
    bin=${2-}
    if [ -z "$model_code" ] || [ -z "$bin" ]; then
        [ -f "$description" ] || fail "there is no $description here: build first, or give" \
            "the model code and the path of the .bin"
    fi
    [ -n "$model_code" ] || model_code=$(json_member "$description" project_name)
    [ -n "$model_code" ] || fail "$description has no project_name"
    case $model_code in
        *[!a-z0-9_]*) fail "'$model_code' is no model code (lower-case letters, digits and" \
            "underscores): give it as the first argument" ;;
    esac
    if [ -z "$bin" ]; then
        app_bin=$(json_member "$description" app_bin)
        [ -n "$app_bin" ] || fail "$description has no app_bin"
        build_dir=$(json_member "$description" build_dir)
        # A build made in a container has a path that this machine may not.
        bin=$build_dir/$app_bin
        [ -f "$bin" ] || bin=${description%/*}/$app_bin
    fi
    elf=${bin%.bin}.elf
    map=${bin%.bin}.map
    sdkconfig=''
    for file in "$(json_member "$description" config_file)" "$(dirname "$bin")/sdkconfig" \
        "$(dirname "$bin")/../sdkconfig" sdkconfig; do
        if [ -z "$sdkconfig" ] && [ -f "$file" ]; then sdkconfig=$file; fi
    done
    for file in "$bin" "$elf" "$map"; do
        [ -f "$file" ] || fail "there is no $file"
    done
    [ -n "$sdkconfig" ] || fail "there is no sdkconfig, neither here nor near $bin"
}

pack() {
    # Little-endian 0xABCD5432
    magic=$(dd if="$bin" bs=1 skip=32 count=4 2>/dev/null | od -An -tx1 | tr -d ' \n')
    [ "$magic" = 3254cdab ] || fail "$bin is not the image of an ESP-IDF application"
    firmware_version=$(image_text "$bin" 48)
    idf_version=$(image_text "$bin" 144)
    git_commit=$(git rev-parse HEAD 2>/dev/null) ||
        git_commit=${GITHUB_SHA:-${CI_COMMIT_SHA:-unknown}}

    mkdir "$work/bundle"
    cp -- "$bin" "$work/bundle/$model_code.bin"
    cp -- "$elf" "$work/bundle/$model_code.elf"
    cp -- "$map" "$work/bundle/$model_code.map"
    cp -- "$sdkconfig" "$work/bundle/sdkconfig"
    printf '{"git_commit": "%s", "idf_version": "%s", "firmware_version": "%s"}\n' \
        "$(quotable "$git_commit")" "$(quotable "${idf_version:-unknown}")" \
        "$(quotable "$firmware_version")" >"$work/bundle/version.json"
    zip -q -X -j "$work/firmware.zip" "$work"/bundle/* || fail "cannot pack the files"
}

# What the token endpoint is asked, in curl's configuration; without who asks.
token_request() {
    printf 'data = "grant_type=client_credentials"\n'
    [ -z "${IOTSUPPORT_TOKEN_SCOPE-}" ] ||
        printf 'data-urlencode = "scope=%s"\n' "$(quotable "$IOTSUPPORT_TOKEN_SCOPE")"
    [ -z "${IOTSUPPORT_TOKEN_AUDIENCE-}" ] ||
        printf 'data-urlencode = "audience=%s"\n' "$(quotable "$IOTSUPPORT_TOKEN_AUDIENCE")"
    [ -z "${IOTSUPPORT_TOKEN_PARAMETERS-}" ] ||
        printf 'data = "%s"\n' "$(quotable "$IOTSUPPORT_TOKEN_PARAMETERS")"
}

# RFC 6749, section 2.3.1: encoded as in a form, before Basic encodes them once more.
basic_credentials() {
    printf 'user = "%s:%s"\n' "$(form_encoded "$IOTSUPPORT_CLIENT_ID")" \
        "$(form_encoded "$IOTSUPPORT_CLIENT_SECRET")"
}

body_credentials() {
    printf 'data-urlencode = "client_id=%s"\n' "$(quotable "$IOTSUPPORT_CLIENT_ID")"
    printf 'data-urlencode = "client_secret=%s"\n' "$(quotable "$IOTSUPPORT_CLIENT_SECRET")"
}

get_token() {
    [ -n "${IOTSUPPORT_CLIENT_ID-}" ] || fail "IOTSUPPORT_CLIENT_ID is not set"
    [ -n "${IOTSUPPORT_CLIENT_SECRET-}" ] || fail "IOTSUPPORT_CLIENT_SECRET is not set"
    status=$({ token_request && body_credentials; } | request "$TOKEN_URL") ||
        fail "cannot reach $TOKEN_URL"
    case $status in
        400 | 401 | 403)  # some take a client's secret in the header only
            status=$({ token_request && basic_credentials; } | request "$TOKEN_URL") ||
                fail "cannot reach $TOKEN_URL" ;;
    esac
    [ "$status" = 200 ] || fail "no token: $TOKEN_URL answers $status: $(reason)"
    token=$(json_member "$answer" access_token)
    rm -f "$answer"
    [ -n "$token" ] || fail "no token: the answer of $TOKEN_URL has no access_token"
}

upload() {
    authorization=''
    [ -z "$token" ] || authorization="header = \"Authorization: Bearer $(quotable "$token")\""
    url=$BACKEND_URL/api/pipeline/models/$model_code/firmware
    status=$(printf '%s\n' "$authorization" | request --header 'Content-Type: application/zip' \
        --header 'Expect:' --data-binary "@$work/firmware.zip" "$url") || fail "cannot reach $url"
    [ "$status" = 200 ] || fail "not uploaded: $url answers $status: $(reason)"
    printf 'uploaded %s %s\n' "$model_code" "$(json_member "$answer" firmware_version)"
}

# A function, so that nothing happens when only a part of this has arrived.
main() {
    for tool in curl zip; do
        command -v "$tool" >/dev/null || fail "$tool is not installed"
    done
    umask 077
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    answer=$work/answer

    choose_files "$@"
    pack
    token=''
    [ -z "$TOKEN_URL" ] || get_token
    upload
}

main "$@"
