# shellcheck shell=bash
# Makes firmware bundles like a build pipeline.

bundle_of_files() {  # zip, its five files
    rm -f "$1"
    zip -q -j -X "$1" "${@:2}"
}

# Makes a bundle from an ELF alone. Its image contains only what Coredepot reads.
synthetic_bundle() {  # zip, model code, ELF, version
    local zip=$1 code=$2 elf=$3 version=$4 folder hash
    folder=$(mktemp -d "${zip%/*}/bundle.XXXXXX")
    hash=$(sha256sum <"$elf")
    {
        head -c 32 /dev/zero
        printf '\x32\x54\xcd\xab'  # offset 32: 0xABCD5432, little-endian
        head -c 12 /dev/zero
        printf %s "$version"       # 48: 32 bytes
        head -c $((128 - ${#version})) /dev/zero
        # shellcheck disable=SC2059  # 176: the ELF's SHA-256
        printf "$(sed 's/ .*//; s/../\\x&/g' <<<"$hash")"
        head -c 48 /dev/zero
    } >"$folder/$code.bin"
    cp "$elf" "$folder/$code.elf"
    echo "no map" >"$folder/$code.map"
    echo "# no sdkconfig" >"$folder/sdkconfig"
    printf '{"git_commit": "0000000", "idf_version": "unknown", "firmware_version": "%s"}\n' \
        "$version" >"$folder/version.json"
    bundle_of_files "$zip" "$folder"/*
    rm -rf -- "$folder"
}
