# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# Checks whether tokens are checked where they must be, and whether they can be.

check_tokens() {
    local opened=$etc/tokens-checked.conf checked=yes
    as_root tokens || return 0
    case $(setting OIDC_ENABLED true) in false | 0) checked='' ;; esac
    if [[ -z $checked && -e $opened ]]; then
        broken tokens "OIDC_ENABLED is false while $opened opens the TLS server: handlers do not start" coredepot-setup
    elif [[ -z $checked ]]; then
        ok tokens "are not checked: for this machine's loopback only"
    elif [[ ! -e $opened ]] && has_tls_server; then
        broken tokens "are checked, but the TLS server is closed: there is no $opened" coredepot-setup
    else
        ok tokens "are checked"
    fi
    [[ -z $checked ]] || check_issuer
    [[ -z $checked ]] || check_login
}

# Checks whether people's sessions can be encrypted, and whether nobody else can do that.
check_login() {
    local keys mode
    keys=$(setting SESSION_KEY_FILE "$etc/session.keys")
    if [[ ! -s $keys ]]; then
        broken login "there is no session key in $keys, so nobody can log in" coredepot-session-key
        return
    fi
    mode=$(stat -c %a "$keys")
    if [[ $mode != *0 ]]; then
        broken login "everybody can read $keys, so handlers do not use it" \
            "chmod o-rwx $keys; coredepot-session-key --rotate; coredepot-session-key --drop-old"
    elif [[ $(grep -cvE '^(#|$)' "$keys") != [12] ]] || grep -qvE '^(#.*|[A-Za-z0-9_-]+ [A-Za-z0-9_-]{43})?$' "$keys"; then
        broken login "$keys is not one or two lines of an id and a key" "rm $keys; coredepot-session-key"
    elif getent group coredepot_reader >/dev/null && [[ $(stat -c %G "$keys") != coredepot_reader ]]; then
        broken login "handlers cannot read $keys" "chgrp coredepot_reader $keys; chmod 0640 $keys"
    else
        ok login "people can log in; the key is in $keys"
    fi
}

# Asks as the handlers do: first for what the issuer says about itself, then for its keys.
check_issuer() {
    local issuer base about keys_url ca=()
    [[ -z $(setting OIDC_CA_FILE) ]] || ca=(--cacert "$(setting OIDC_CA_FILE)")
    issuer=$(setting OIDC_ISSUER_URL) base=$issuer
    while [[ $base == */ ]]; do base=${base%/}; done
    fetch() { curl "${ca[@]}" -gfsSL --proto =http,https -m 10 "$1" 2>&1; }
    if ! about=$(fetch "$base/.well-known/openid-configuration"); then
        broken issuer "$issuer: ${about##*$'\n'}" "curl -v $base/.well-known/openid-configuration"
        return
    fi
    about=$(tr -d '\n' <<<"$about")
    if ! grep -qF "\"$issuer\"" <<<"${about//\\\//\/}"; then
        broken issuer "has another name for itself than OIDC_ISSUER_URL, $issuer" "compare issuer in $base/.well-known/openid-configuration"
        return
    fi
    keys_url=$(sed -nE 's/.*"jwks_uri"[[:space:]]*:[[:space:]]*"([^"]*)".*/\1/p' <<<"${about//\\\//\/}")
    if ! about=$(fetch "$keys_url"); then
        broken issuer "its keys at $keys_url: ${about##*$'\n'}" "curl -v $keys_url"
    elif ! grep -q '"kty"' <<<"$about"; then
        broken issuer "there are no keys at $keys_url" "curl $keys_url"
    else
        ok issuer "$issuer answers and has keys"
    fi
}
