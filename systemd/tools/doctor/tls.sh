# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# Certificate and key of the TLS server.

# Asks whether nginx read the file, because the line that includes it may be a comment.
has_tls_server() { grep -q '^# configuration file .*/tls\.conf:$' <<<"$nginx_config"; }

check_tls() {
    local certificate=$etc/tls/fullchain.pem key=$etc/tls/privkey.pem
    as_root certificate || return 0
    if [[ ! -e $certificate ]]; then
        if has_tls_server; then
            broken certificate "the TLS server is enabled, and there is no $certificate" "see /usr/share/doc/coredepot/internet.md"
        else
            ok certificate "there is no TLS server"
        fi
        return
    fi
    command -v openssl >/dev/null || { unknown certificate "there is no openssl" "apt install openssl"; return; }
    check_expiry certificate "$certificate"
    [[ ! -e $etc/tls/client-ca.pem ]] || check_expiry client-ca "$etc/tls/client-ca.pem"
    local of_certificate of_key
    of_certificate=$(openssl x509 -in "$certificate" -noout -pubkey 2>/dev/null)
    of_key=$(openssl pkey -in "$key" -pubout -passin pass: 2>/dev/null)
    if [[ -z $of_key ]]; then
        broken key "$key cannot be read" "openssl pkey -noout -in $key"
    elif [[ $of_certificate != "$of_key" ]]; then
        broken key "$key does not belong to the certificate" "put a certificate and its key into $etc/tls, then systemctl reload nginx"
    elif [[ -n $(find -L "$key" -perm /o=rwx) ]]; then
        look key "everybody may read $key" "chmod o= $key"
    else
        ok key "belongs to the certificate"
    fi
    check_served "$certificate"
}

check_expiry() {  # check, file
    local end days renew="renew it, then systemctl reload nginx"
    end=$(openssl x509 -in "$2" -noout -enddate 2>/dev/null) ||
        { broken "$1" "$2 is not a certificate" "openssl x509 -in $2"; return; }
    days=$((($(date -d "${end#*=}" +%s) - $(date +%s)) / 86400))
    if ! openssl x509 -in "$2" -noout -checkend 0 >/dev/null; then
        broken "$1" "$2 expired on ${end#*=}" "$renew"
    elif ((days < 14)); then
        look "$1" "$2 expires in $days days" "$renew"
    else
        ok "$1" "$2 is good for $days days"
    fi
}

# nginx serves a renewed certificate only once it has read it.
check_served() {  # file
    local address served
    has_tls_server || return 0
    address=$(our_addresses | grep -m 1 '443$') || return 0
    served=$(timeout 10 openssl s_client -connect "$(reachable "$address")" </dev/null 2>/dev/null |
        openssl x509 -noout -fingerprint 2>/dev/null)
    if [[ -z $served ]]; then
        broken served "port 443 serves no certificate" "systemctl restart nginx"
    elif [[ $served != "$(openssl x509 -in "$1" -noout -fingerprint)" ]]; then
        look served "nginx serves another certificate than $1" "systemctl reload nginx"
    else
        ok served "nginx serves it"
    fi
}
