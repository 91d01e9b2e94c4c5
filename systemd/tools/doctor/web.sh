# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# nginx, its ports, and what the handlers behind it report.

nginx_config=''

check_web() {
    if as_root nginx; then
        local complaint
        if complaint=$(timeout 30 nginx -t -q 2>&1); then
            ok nginx "accepts its configuration"
        else
            broken nginx "${complaint%%$'\n'*}" "nginx -t"
        fi
        nginx_config=$(timeout 30 nginx -T 2>/dev/null)
        check_error_log
    fi
    check_ports
    check_sidecar
}

# Looks at the last day. Leaves out text in quotes, which came from a client and may be a token or a device's
# key, and text after "client:", which is about the request.
check_error_log() {
    local logs since lines count newest
    mapfile -t logs < <(sed -nE 's/^[[:space:]]*error_log[[:space:]]+(\/[^ ;]*).*/\1/p' <<<"$nginx_config" | sort -u)
    ((${#logs[@]} > 0)) || logs=(/var/log/nginx/error.log)
    logs=("${logs[@]/#/$root}")
    logs=("${logs[@]/%/.1}" "${logs[@]}")  # logrotate may have run during the night
    since=$(date -d '24 hours ago' '+%Y/%m/%d %H:%M:%S')
    lines=$(tail -q -n 10000 -- "${logs[@]}" 2>/dev/null | awk -v since="$since" '
        $1 " " $2 >= since && $3 ~ /^\[(error|crit|alert|emerg)\]$/' |
        sed -E 's/, client: .*//; s/"[^"]*"?/"…"/g; s/\?[^ ]*/?…/g')
    if [[ -z $lines ]]; then
        ok nginx-errors "none in the last 24 hours"
        return
    fi
    count=$(wc -l <<<"$lines") newest=$(tail -n 1 <<<"$lines")
    look nginx-errors "$count in the last 24 hours, the newest: ${newest:0:200}" "tail ${logs[-1]}"
}

# Prints where nginx listens for us, according to its configuration or, if that is missing, to coredepot-setup.
our_addresses() {
    if [[ -n $nginx_config ]]; then
        "$lib/our_addresses" <<<"$nginx_config"
    else
        sed -n 's/^listen \(.*\);$/\1/p' "$etc/listen.conf" 2>/dev/null
    fi
}

# Prints the host:port at which to reach an address that nginx listens at.
reachable() {
    local address=$1
    case $address in
        *']') address+=:80 ;;
        *:*) ;;
        *[!0-9]*) address+=:80 ;;
        *) address="*:$address" ;;
    esac
    address=${address/#\*:/127.0.0.1:} address=${address/#0.0.0.0:/127.0.0.1:}
    echo "${address/#\[::\]:/[::1]:}"
}

check_ports() {
    local address status port scheme closed=() foreign=() open=()
    site=''
    while read -r address; do
        [[ $address != unix:* ]] || continue
        address=$(reachable "$address") port=${address##*:}
        scheme=http
        [[ $nginx_config != *"$port ssl"* ]] || scheme=https
        # All our answers have a request id.
        status=$(curl -gks -m 10 -o /dev/null -D - "$scheme://$address/health" 2>/dev/null)
        if [[ -z $status ]]; then
            closed+=("$address")
        elif ! grep -qiE '^(x-request-id|location: https://)' <<<"$status"; then
            foreign+=("$address")
        else
            open+=("$address")
            # A closed TLS server answers only with an error.
            [[ -n $site || $status != *application/json* ]] ||
                [[ $scheme == https && $status != *" 200"* ]] || site=$scheme://$address
        fi
    done < <(our_addresses)
    if ((${#closed[@]} > 0)); then
        broken ports "nobody answers at ${closed[*]}" "systemctl restart nginx; ss -ltnp 'sport = :${closed[0]##*:}'"
    elif ((${#foreign[@]} > 0)); then
        broken ports "another program answers at ${foreign[*]}" "ss -ltnp 'sport = :${foreign[0]##*:}'"
    elif ((${#open[@]} == 0)); then
        broken ports "nginx has no site for Coredepot" coredepot-setup
    else
        ok ports "Coredepot answers at ${open[*]}"
    fi
    check_health
}

# Checks what the service itself reports.
check_health() {
    local health member value
    [[ -n $site ]] || { unknown health "nobody answers" "see ports"; return; }
    health=$(curl -gks -m 10 "$site/health")
    if [[ $health != '{"status":'* ]]; then
        broken health "the status handler does not answer" "journalctl -n 20 -t coredepot-status"
        return
    fi
    local amiss=() cure="see the lines of spool, quarantine"
    while IFS=: read -r member value; do
        case $member:$value in
            *:ok | *:empty | *:configured | version:* | status:*) ;;
            # Somebody chose this; the lines about the sidecar and tokens say so.
            sidecar:* | spool:'not configured' | retention:'not configured' | tokens:'not checked' | alerts:none) ;;
            state_dir:'not configured' | object_store:'not configured') ;;
            coredumps_dir:'not configured') [[ -n $(setting S3_ENDPOINT) ]] || amiss+=("$member is $value") ;;
            alerts:failing) amiss+=("$member is $value") cure="see what came of them on the page: $site/status" ;;
            retention:unmet) amiss+=("$member is $value") cure="give the volume more room, or lower KEEP_PER_ISSUE" ;;
            advice:*) amiss+=("$value") ;;
            *) amiss+=("$member is $value") ;;
        esac
    done < <(grep -oE '"[a-z_]+":"[^"]*"' <<<"$health" | tr -d '"')
    case $health in
        *'"status":"ok"'*)
            if ((${#amiss[@]} == 0)); then
                ok health "$site/health says ok"
            else
                look health "$(IFS=,; echo "${amiss[*]}")" "$cure"
            fi ;;
        *'"status":"degraded"'*) look health "degraded: $(IFS=,; echo "${amiss[*]}")" "curl $site/health" ;;
        *) broken health "unavailable: $(IFS=,; echo "${amiss[*]}")" "journalctl -p err -n 20 -t coredepot-upload" ;;
    esac
}

# The request asks for nothing, so the decoder has to refuse it (400).
check_sidecar() {
    local url status
    url=$(setting PARSE_SIDECAR_URL)
    ((EUID == 0)) || url=http://localhost:8081
    [[ -n $url ]] || { ok sidecar "none is configured: core dumps are kept but not decoded"; return; }
    status=$(curl -gs -m 10 -o /dev/null -w '%{http_code}' "$url/parse-coredump")
    if [[ $status == 400 ]]; then
        ok sidecar "the decoder answers at $url"
    else
        broken sidecar "at $url: status $status, not 400" "systemctl restart 'coredepot-sidecar*'; journalctl -n 20 -t coredepot-sidecar"
    fi
}
