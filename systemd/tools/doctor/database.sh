# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# The database, its schema, and whether all clocks agree.

check_database() {
    local before answer after
    check_ntp
    as_root database || return 0
    before=$(date +%s%N)
    if ! answer=$(as_owner_of_schema ask 2>&1 <<<'SELECT round(extract(epoch FROM clock_timestamp()) * 1000000000)'); then
        broken database "does not let its owner in: ${answer##*$'\n'}" "systemctl status 'postgresql@*'; coredepot-migrate"
        return
    fi
    after=$(date +%s%N)
    ok database "answers"
    check_clock_of_database "$before" "$answer" "$after"
    case $(as_owner_of_schema to_do || echo unknown) in
        '') ok schema "fits the programs" ;;
        newer) broken schema "is of a newer version" "man coredepot-migrate" ;;
        *) broken schema "does not fit the programs" coredepot-migrate ;;
    esac
}

# Runs in a subshell, because this puts the password into the environment.
as_owner_of_schema() (
    export PGOPTIONS='-c statement_timeout=10s'
    # shellcheck source-path=SCRIPTDIR source=../as_owner.sh.in
    . "$lib/as_owner.sh"
    cd "$root@DATA_DIR@/sql" || exit
    "$@"
)

check_ntp() {
    local synchronized
    if systemd-detect-virt --quiet --container; then
        ok clock "is that of the machine that runs this container"
        return
    fi
    synchronized=$(timeout 10 timedatectl show --property=NTPSynchronized --value 2>/dev/null)
    case $synchronized in
        yes) ok clock "is set by a time server" ;;
        no) look clock "is set by no time server" "timedatectl set-ntp true; timedatectl timesync-status" ;;
        *) unknown clock "timedatectl does not tell" "timedatectl" ;;
    esac
}

# Ages and due times come from the database's clock, names of files from ours.
check_clock_of_database() {  # before, the database's time, after: nanoseconds
    local apart=$((($2 - ($1 + $3) / 2) / 1000000)) off
    off=${apart#-}
    if ((off - ($3 - $1) / 2000000 > 5000)); then
        look database-clock "is $((off / 1000)) s $( ((apart > 0)) && echo ahead of || echo behind) this machine's" \
            "timedatectl, on both machines"
    else
        ok database-clock "agrees with this machine's"
    fi
}
