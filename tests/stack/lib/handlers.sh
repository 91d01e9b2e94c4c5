# shellcheck shell=bash disable=SC2034,SC2154  # variables of the script that this is part of
# The handlers, as in production: several processes of each on one listening socket, which is fd 0.

declare -A kind_of=() user_of=() processes=()
handlers=() sidecars=() runners=()

# Reads handlers/processes.
read_processes() {
    local program unit kind user count rest
    while read -r program unit kind user count rest; do
        [[ -n $program && $program != '#'* ]] || continue
        kind_of[$program]=$kind user_of[$program]=$user processes[$program]=$count
        case $kind in
            handler) handlers+=("$program") ;;
            sidecar) sidecars+=("$program") ;;
            runner) runners+=("$program") ;;
        esac
    done <"$source_dir/handlers/processes"
}

# Gives the handler's log its unit's identifier.
identified() {  # name; prints what its command begins with
    [[ -z ${LOG_TO_JOURNAL:-} ]] || echo "/usr/bin/systemd-cat --identifier=coredepot-$1"
}

# multiwatch restarts children that die. It gives up on a child that dies 5 times in a row, each time within a
# second of its start: that is a bad configuration, which ends the stack. (HANDLER_RETRIES is for a test
# that kills them faster.)
start_handler() {  # name, [VARIABLE=value or -u VARIABLE]…
    [[ -x $build/handlers/$1 ]] || fail "there is no $build/handlers/$1: make build"
    # shellcheck disable=SC2046  # words
    start_daemon "$1" TERM $(identified "$1") env "${@:2}" /usr/bin/spawn-fcgi -n -M 0600 -s "$run/$1.sock" -- \
        /usr/bin/multiwatch --forks="${processes[$1]}" --retry="${HANDLER_RETRIES:-4}" --timeout=1000 --signal=TERM -- \
        "$build/handlers/$1"
}

start_handlers() {
    local name hidden=()
    for name in "${handlers[@]}"; do
        start_handler "$name" DATABASE_URL="$(url_of "$name")"
    done

    [[ -n $own_sidecar ]] || return 0
    for name in "${all_settings[@]}"; do
        [[ $name == PARSE_SIDECAR_XFER_DIR || $name == SIDECAR_CACHE_DIR ]] || hidden+=(-u "$name")
    done
    for name in "${sidecars[@]}"; do start_handler "$name" "${hidden[@]}"; done
}

# Prints the database's URL for this program's role.
url_of() {
    if [[ ${user_of[$1]} == reader && -n ${READER_DATABASE_URL:-} ]]; then
        echo "$READER_DATABASE_URL"
    else
        echo "${DATABASE_URL:-$(database_url "coredepot_${user_of[$1]}")}"
    fi
}

wanted() {  # file
    local folder=${STATE_DIR:-${COREDUMPS_DIR:-}}
    [[ -n $folder && -e $folder/$1 ]]
}

parse_wanted() { wanted .parse-wanted; }

alerts_wanted() { wanted .alerts-wanted; }

# Starts each runner that has ended, as systemd does with timers and path units. The runner of alerts has little to
# do, so it only starts when it is wanted, or once in a while.
next_alerts=0
start_runners() {
    local name
    for name in "${runners[@]}"; do
        if [[ $name == notify_runner ]]; then
            alerts_wanted || ((SECONDS >= next_alerts)) || continue
            next_alerts=$((SECONDS + 15))
        fi
        # shellcheck disable=SC2046  # words
        running "$name" || start "$name" TERM $(identified "$name") env DATABASE_URL="$(url_of "$name")" "$build/handlers/$name"
    done
}

wait_healthy() {
    local answer='' file=$run/health
    local until=$((SECONDS + 120))
    while answer=$(curl -sS --max-time 5 -o "$file" -w '%{http_code}' \
        "http://127.0.0.1:$port/health" 2>&1) || true; [[ $answer != 200 ]]; do
        expect_alive
        ((SECONDS < until)) || fail "/health answers $answer: $(cat "$file" 2>/dev/null)" \
            status nginx postgres
        pause 0.05
    done
    expect_alive  # a handler that ends at once may do so only after the others were well
}
