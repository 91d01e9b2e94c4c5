# shellcheck shell=bash disable=SC2034,SC2154  # variables of the script that this is part of
# Starts, watches and stops the child processes of tests/stack/run, and makes their folders.

declare -A pid_of=()  # name → pid; each is the leader of its own session
declare -A started_at=()  # name → when, in the kernel's ticks
daemons=()            # names whose death is a failure

fail() {  # message [log name…]
    local name file
    echo "run: $1" >&2
    for name in "${@:2}"; do
        file=$log/$name.log
        [[ -s $file ]] || continue
        echo "--- $file:" >&2
        # A program that is retried prints the same again, except for time and pid.
        tail -n 100 "$file" | awk '/^(Spawning child|Child)\[/ { next }
            { key = $0; gsub(/[0-9]/, "", key) } !seen[key]++' | tail -n 15 >&2
    done
    exit 1
}

open_state() {
    mkdir -p "$state"
    state=$(cd "$state" && pwd)
    [[ -d $build ]] || fail "there is no build folder $build: make build"
    build=$(cd "$build" && pwd)
    # nginx has no escape for these, not even between quotes
    [[ $state != *[\"\$\\]* && $state != *$'\n'* ]] ||
        fail "the state folder's path has a quote, a dollar, a backslash or a newline in it"
    log=$state/log
    mkdir -p "$log"

    exec {lock}>"$state/lock"
    flock -n "$lock" || fail "another stack runs in $state"
    rm -f "$log"/*.log

    # Sockets have a folder of their own, because a socket's path may have only 107 bytes. The link finds
    # what a killed run left behind.
    [[ ! -L $state/run ]] || rm -rf -- "$(readlink "$state/run")"
    run=$(mktemp -d /tmp/coredepot.XXXXXX)
    ln -sfn "$run" "$state/run"
    mkfifo "$run/never"
    exec {never}<>"$run/never"
}

# Sleeps without a process that could stay behind. A signal ends it early.
pause() { read -rt "$1" -u "$never" || true; }

# A session of its own keeps Ctrl-C from the child, so that we can stop things in order. If we are killed,
# the kernel sends the child its signal. The child must not inherit the lock, which would outlive us.
start() {  # name, how to stop it, command…
    setsid setpriv --pdeathsig "$2" -- "${@:3}" >>"$log/$1.log" 2>&1 </dev/null \
        {lock}>&- {never}>&- &
    pid_of[$1]=$!
    look_at $!
    started_at[$1]=$start_time
}

# Sets `state_now` and `start_time` (in the kernel's ticks) of a process; false when there is none. Without a
# subshell, because the stack looks at its processes all the time.
look_at() {
    local stat fields
    state_now='' start_time=''
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
    read -ra fields <<<"${stat##*) }"
    state_now=${fields[0]} start_time=${fields[19]}
}

start_daemon() {
    start "$@"
    daemons+=("$1")
}

# Whether the process runs. Zombies do not count: bash does not reap inside a trap, so kill -0 would find them for
# ever. Nor does another process that has its number since.
running() {
    [[ -n ${pid_of[$1]:-} ]] && look_at "${pid_of[$1]}" && [[ $state_now != Z && $start_time == "${started_at[$1]}" ]]
}

expect_alive() {
    local name
    for name in "${daemons[@]}"; do
        running "$name" || fail "$name has ended" "$name"
    done
}

# Asks all to end, waits, and kills the sessions of those that did not end.
stop() {  # signal name…
    local name patience=500 signal=$1
    shift
    for name; do
        ! running "$name" || kill -s "$signal" "${pid_of[$name]}" 2>/dev/null || true
    done
    for name; do
        while running "$name" && ((patience-- > 0)); do pause 0.02; done
        # its session too, because a supervisor that had to be killed leaves its children
        [[ -z ${pid_of[$name]:-} ]] || kill -KILL -- "-${pid_of[$name]}" 2>/dev/null || true
        unset "pid_of[$name]"
    done
}

stop_all() {
    local status=$? name others=()
    trap - EXIT
    trap '' HUP INT TERM
    for name in "${!pid_of[@]}"; do
        [[ $name == postgres || $name == nginx || ${kind_of[$name]-} == runner ]] || others+=("$name")
    done
    stop TERM "${runners[@]}"  # first, because without the sidecar an attempt would look failed
    stop TERM nginx
    stop TERM "${others[@]}"
    stop INT postgres
    rm -rf -- "$run" "$state/run"
    exit "$status"
}
