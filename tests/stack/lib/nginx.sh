# shellcheck shell=bash disable=SC2034,SC2154  # variables of the script that this is part of
# Starts nginx with the same files of nginx/ that production installs.

in_use() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

fill_in() {  # file.in, result
    sed -e "/^@UPSTREAMS@\$/{r $upstreams" -e d -e '}' \
        -e "s|@LISTEN@|listen 127.0.0.1:$port|" \
        -e "s|@SIDECAR_LISTEN@|listen 127.0.0.1:$sidecar_port|" \
        -e "s|@CONF_DIR@|$(for_sed "$state/nginx/conf")|" \
        -e "s|@DOCS_DIR@|$(for_sed "$source_dir")/docs|" \
        -e "s|@PAGE_DIR@|$(for_sed "${PAGE_DIR:-$build/nginx/page/page}")|" \
        -e "s|@ETC_DIR@|$(for_sed "$state/nginx/etc")|" \
        -e "s|@RUN_DIR@|$run|" \
        -e "s|@STATE_DIR@|$(for_sed "$state")|" \
        -e "s|@COREDUMPS_DIR@|$(for_sed "${COREDUMPS_DIR:-$run/none}")|" \
        -e "s|@ASSETS_DIR@|$(for_sed "${ASSETS_DIR:-$run/none}")|" \
        -e "s|@FIRMWARE_BODY_LIMIT@|$firmware_limit|" \
        -e "s|@ACCESS_LOG@|\"$(for_sed "$log/access.log")\"|" \
        -e "s|@ERROR_LOG@|\"$(for_sed "$log/nginx.log")\"|" \
        -e "s|@ERROR_LOG_LEVEL@|${ERROR_LOG_LEVEL:-emerg}|" \
        -e "s|@ADDRESS_RATE@|${ADDRESS_RATE:-500}|" \
        -e "s|@ADDRESS_BURST@|${ADDRESS_BURST:-5000}|" \
        -e "s|@ADDRESS_CONNECTIONS@|${ADDRESS_CONNECTIONS:-500}|" \
        -e "s|@FIRMWARE_UPLOADS@|${FIRMWARE_UPLOADS:-32}|" \
        -e "s|@FIRMWARE_UPLOADS_OF_ADDRESS@|${FIRMWARE_UPLOADS_OF_ADDRESS:-8}|" \
        -e "s|@COREDUMPS_OF_DEVICE@|${COREDUMPS_OF_DEVICE:-4}|" \
        -e "s|@TLS_LISTEN@|127.0.0.1:$tls_port|" \
        -e "s|@REDIRECT_LISTEN@|127.0.0.1:$redirect_port|" \
        -e "s|@TLS_DIR@|$(for_sed "${TLS_DIR:-$run/none}")|" \
        -e "s|@USER_LINE@|$user_line|" -e "s|@SIDECAR_LINE@|$sidecar_line|" \
        -e "s|@TLS_LINE@|$tls_line|" "$1" >"$2"
}
for_sed() {  # text, as sed's replacement; folders lose a slash at the end
    local text=${1%/}
    text=${text//\\/\\\\} text=${text//&/\\&}
    echo "${text//|/\\|}"
}

write_nginx_conf() {
    local file program conf=$state/nginx/conf upstreams=$state/nginx/upstreams
    local user_line='' sidecar_line='' tls_line='' firmware_limit=32m
    # The workers have to read what the handlers wrote.
    ((EUID != 0)) || user_line='user root;'
    [[ -z $own_sidecar ]] || sidecar_line="include \"$(for_sed "$conf")/sidecar.conf\";"
    [[ -z ${TLS_DIR:-} ]] || tls_line="include \"$(for_sed "$conf")/tls.conf\";"
    # 64 KiB more for multipart's wrapping. The handlers complain about a bad value.
    [[ ! ${MAX_FIRMWARE_BYTES:-33554432} =~ ^[0-9]{1,12}$ ]] ||
        firmware_limit=$((10#${MAX_FIRMWARE_BYTES:-33554432} + 65536))
    mkdir -p "$conf" "$state/nginx/etc"
    # This applies whether or not tokens are checked, because here nginx listens on loopback.
    echo "set \$coredepot_tokens checked;" >"$state/nginx/etc/tokens-checked.conf"
    [[ -z ${S3_CA_FILE:-} ]] || echo "proxy_ssl_trusted_certificate \"$S3_CA_FILE\";" \
        >"$state/nginx/etc/object-store.conf"
    cp "$source_dir"/nginx/*.conf "$conf"
    : >"$upstreams"
    for program in "${handlers[@]}" "${sidecars[@]}"; do
        sed "s|@PROGRAM@|$program|g; s|@RUN_DIR@|$run|" "$source_dir/nginx/upstream.in" >>"$upstreams"
    done
    for file in "$source_dir"/nginx/*.conf.in "$here"/lib/nginx.conf.in; do
        fill_in "$file" "$conf/$(basename "$file" .in)"
    done
}

choose_ports() {
    if [[ $wanted_port == 0 ]]; then
        # below the range that the kernel uses for outgoing connections
        until port=$((10000 + RANDOM % 20000)) && ! in_use "$port"; do :; done
    else
        ! in_use "$port" || fail "port $port is in use"
    fi
    sidecar_port=$((port + 1 + attempt * 7))
    while in_use "$sidecar_port"; do ((sidecar_port += 1)); done
    tls_port=$((sidecar_port + 1))
    while in_use "$tls_port"; do ((tls_port += 1)); done
    redirect_port=$((tls_port + 1))
    while in_use "$redirect_port"; do ((redirect_port += 1)); done
}

# A stack that starts beside us may take a port that looked free before nginx binds it. Then we choose
# others. The pid file appears when the ports are ours.
start_nginx() {
    local attempt wanted_port=$port
    [[ $port =~ ^[0-9]{1,5}$ ]] || fail "PORT must be a number: $port"
    for attempt in 0 1 2 3 4; do
        choose_ports
        write_nginx_conf
        rm -f "$state/nginx/nginx.pid" "$log/nginx.log"
        start nginx TERM /usr/sbin/nginx -p "$state/nginx" -e "$log/nginx.log" \
            -c "$state/nginx/conf/nginx.conf"
        while running nginx && [[ ! -s $state/nginx/nginx.pid ]]; do pause 0.02; done
        if running nginx; then
            daemons+=(nginx)
            [[ -z $own_sidecar ]] || export PARSE_SIDECAR_URL=http://127.0.0.1:$sidecar_port
            return
        fi
        grep -q 'Address already in use' "$log/nginx.log" || break
    done
    fail "nginx does not start" nginx
}
