# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# Checks when the last good backup was made.

check_backup() {
    local folder made newest hours
    as_root backup || return 0
    folder=$(setting BACKUP_DIR)
    if [[ -z $folder ]]; then
        look backup "none are made" "set BACKUP_DIR in $etc/coredepot.env, see /usr/share/doc/coredepot/backup.md"
        return
    fi
    made=$(stat -c %Y -- "$state/backup/last-good" 2>/dev/null)
    # The folder may be on another machine, which may not answer.
    newest=$(timeout 20 find "$folder/" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*T[0-9]*Z' 2>/dev/null |
        sort | tail -n 1)
    hours=$((($(date +%s) - ${made:-0}) / 3600))
    if [[ -z $made ]]; then
        broken backup "there is none yet" "systemctl start coredepot-backup; journalctl -n 20 -t coredepot-backup"
    elif [[ -z $newest ]]; then
        broken backup "there is no snapshot in $folder" "findmnt -T $folder; systemctl start coredepot-backup"
    elif ((hours > 36)); then
        broken backup "the last good one is $hours hours old" "systemctl start coredepot-backup; journalctl -n 20 -t coredepot-backup"
    else
        ok backup "the last good one is $hours hours old: $newest"
    fi
}
