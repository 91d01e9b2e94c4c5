# shellcheck shell=bash disable=SC2034,SC2154  # variables of the script that this is part of
# The handlers, as in production: several processes of each on one listening socket, which is fd 0.

# An upload waits for the disk and the database, so there are more of it than cores.
declare -A processes=(
    [upload]=8 [list]=4 [detail]=4 [download]=4 [delete]=2 [reparse]=2 [firmware]=4 [registry]=2 [status]=2
    [auth]=2 [parse_sidecar]=2
)

# multiwatch restarts what dies. It gives up on a child that dies 5 times in a row, each time within a
# second of its start: that is a bad configuration, which ends the stack. (HANDLER_RETRIES is for a test
# that kills them faster.)
start_handler() {  # name, [VARIABLE=value or -u VARIABLE]…
    [[ -x $build/handlers/$1 ]] || fail "there is no $build/handlers/$1: make build"
    start_daemon "$1" TERM env "${@:2}" /usr/bin/spawn-fcgi -n -M 0600 -s "$run/$1.sock" -- \
        /usr/bin/multiwatch --forks="${processes[$1]}" --retry="${HANDLER_RETRIES:-4}" --timeout=1000 --signal=TERM -- \
        "$build/handlers/$1"
}

start_handlers() {
    local name hidden=()
    reader_url=${DATABASE_URL:-$(database_url coredepot_reader)}
    writer_url=${DATABASE_URL:-$(database_url coredepot_writer)}
    for name in list detail download status; do
        start_handler "$name" DATABASE_URL="$reader_url"
    done
    for name in upload delete reparse firmware registry auth; do
        start_handler "$name" DATABASE_URL="$writer_url"
    done

    [[ -n $own_sidecar ]] || return 0
    for name in "${all_settings[@]}"; do
        [[ $name == PARSE_SIDECAR_XFER_DIR || $name == SIDECAR_CACHE_DIR ]] || hidden+=(-u "$name")
    done
    start_handler parse_sidecar "${hidden[@]}"
}

parse_wanted() { [[ -n ${COREDUMPS_DIR:-} && -e $COREDUMPS_DIR/.parse-wanted ]]; }

start_runner() {
    start parse_runner TERM env DATABASE_URL="$writer_url" "$build/handlers/parse_runner"
}

wait_healthy() {
    local answer='' file=$run/health
    local until=$((SECONDS + 30))
    while answer=$(curl -sS --max-time 5 -o "$file" -w '%{http_code}' \
        "http://127.0.0.1:$port/health" 2>&1) || true; [[ $answer != 200 ]]; do
        expect_alive
        ((SECONDS < until)) || fail "/health answers $answer: $(cat "$file" 2>/dev/null)" \
            status nginx postgres
        pause 0.05
    done
    expect_alive  # a handler that ends at once may do so only after the others were well
}
