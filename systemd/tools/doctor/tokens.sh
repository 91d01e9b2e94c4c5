# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# Whether tokens are checked where they have to be, and can be.

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
