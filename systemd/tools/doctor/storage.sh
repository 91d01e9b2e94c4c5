# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# Checks the room on the disks, and what waits there.

check_storage() {
    local dumps folders=() folder
    dumps=$(setting COREDUMPS_DIR "$state/coredumps")
    for folder in "$dumps" "$(setting ASSETS_DIR "$state/assets")" "$state/transfer" "$(setting BACKUP_DIR)" \
        "$root/var/lib/postgresql" "$root/var/log" "$run"; do
        [[ ! -d $folder ]] || folders+=("$folder")
    done
    check_room space "--output=avail,size,target --block-size=1" "${folders[@]}"
    check_room inodes "--output=iavail,itotal,target" "${folders[@]}"
    check_attributes
    check_waiting
}

# What a core dump's row needs beyond its bytes is kept with its file, as an extended attribute.
check_attributes() {
    local folder
    as_root attributes || return 0
    folder=$(setting COREDUMPS_DIR)
    [[ -n $folder ]] || return 0
    timeout 30 coredepot-run "$lib/check_attributes" </dev/null >/dev/null 2>&1
    case $? in
        0) ok attributes "the file system of $folder keeps them" ;;
        1) look attributes "the file system of $folder keeps none: if a row is lost, only the core dump's bytes tell what it was" \
            "findmnt -T $folder; see backup.md" ;;
        *) broken attributes "nothing can be made in $folder" "systemd-tmpfiles --create coredepot.conf; findmnt -T $folder" ;;
    esac
}

# The same thresholds as in alerts.yml. A file system with a total of 0 inodes does not count them.
check_room() {  # check, what df prints, folders…
    local line least
    least=$(
        # shellcheck disable=SC2086  # two options
        timeout 20 df $2 -- "${@:3}" 2>/dev/null | tail -n +2 | sort -u |
            awk '$2 ~ /^[0-9]+$/ && $2 > 0 { printf "%d %s\n", $1 * 100 / $2, $3 }' | sort -n | head -n 1)
    line=${least#* }
    if [[ -z $least ]]; then
        ok "$1" "nothing is counted"
    elif ((${least%% *} < 2)); then
        broken "$1" "${least%% *} % are free at $line" "$(room_advice "$1" "$line")"
    elif ((${least%% *} < 10)); then
        look "$1" "${least%% *} % are free at $line" "$(room_advice "$1" "$line")"
    else
        ok "$1" "${least%% *} % or more are free"
    fi
}
room_advice() {
    case $1 in
        space) echo "du -xh --max-depth=2 $2 | sort -h | tail" ;;
        inodes) echo "du -x --inodes --max-depth=2 $2 | sort -n | tail" ;;
    esac
}

# Checks core dumps that wait for the database, that cannot have a row, or that wait to be decoded.
check_waiting() {
    local metrics files quarantined age
    [[ -n $site ]] || { unknown spool "nobody answers" "see ports"; return; }
    metrics=$(curl -gks -m 10 "$site/metrics")
    metric() { awk -v name="$1" '$1 == name { printf "%d", $2 }' <<<"$metrics"; }
    files=$(metric coredepot_spool_files) quarantined=$(metric coredepot_quarantine_files)
    age=$(metric coredepot_oldest_pending_age_seconds)
    if [[ -z $files ]]; then
        unknown spool "$site/metrics does not tell" "curl -i $site/metrics"
        return
    elif ((files > 0)); then
        look spool "$files core dumps wait for the database" "systemctl start coredepot-parse; journalctl -n 20 -t coredepot-parse"
    else
        ok spool "no core dump waits for the database"
    fi
    if ((quarantined > 0)); then
        look quarantine "$quarantined core dumps can have no row" "journalctl -p warning -t coredepot-parse; ls $(setting COREDUMPS_DIR "$state/coredumps")/.quarantine"
    else
        ok quarantine "is empty"
    fi
    if [[ -z $age ]]; then
        unknown queue "the database does not tell" "journalctl -n 20 -t coredepot-status"
    elif ((age > 900 && $(metric coredepot_sidecar_configured))); then
        look queue "a core dump has waited to be decoded for $((age / 60)) minutes" "systemctl start coredepot-parse; journalctl -n 20 -t coredepot-parse"
    else
        ok queue "no core dump waits for long"
    fi
}
