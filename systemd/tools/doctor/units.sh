# shellcheck shell=bash disable=SC2154  # part of coredepot-doctor
# What systemd runs, and the folders that it makes.

check_units() {
    if [[ ! -d $root/run/systemd/system ]]; then
        unknown units "systemd does not run here" "run coredepot-doctor where Coredepot runs"
    else
        check_running_units
    fi
    check_tmpfiles
}

# Sets `failed`. systemd keeps trying to start a handler, so a handler is never "failed".
find_failed_units() {
    mapfile -t failed < <(timeout 10 systemctl list-units --all --plain --no-legend --state=failed,auto-restart \
        'coredepot*' 'nginx*' 'postgresql*' | cut -d' ' -f1)
}

# Sets `wanted` to the units that the target starts, and `down` to those of them that do not run.
find_wanted_units() {
    local i states
    mapfile -t wanted < <(timeout 10 systemctl show --property=Wants --value coredepot.target | tr ' ' '\n' |
        grep -E '^coredepot-.*(@.*\.service|\.socket|\.timer|\.path)$')
    [[ ! -e $root/lib/systemd/system/nginx.service ]] || wanted+=(nginx.service)
    wanted+=(coredepot.target)
    down=()
    mapfile -t states < <(timeout 10 systemctl is-active "${wanted[@]}")
    for i in "${!wanted[@]}"; do
        [[ ${states[i]-} =~ ^(active|reloading|refreshing)$ ]] || down+=("${wanted[i]}")
    done
}

check_running_units() {
    local failed wanted down tries
    # A process that a reload has ended is back after a second (RestartSec=).
    for ((tries = 15; tries > 0; --tries)); do
        find_failed_units
        find_wanted_units
        ((${#failed[@]} + ${#down[@]} > 0)) || break
        sleep 0.2
    done
    if ((${#failed[@]} == 0)); then
        ok failed-units "none of Coredepot's, nginx's, PostgreSQL's"
    else
        broken failed-units "${#failed[@]}: ${failed[*]:0:4}" "journalctl -n 20 -u ${failed[0]}"
    fi
    if [[ ! -e $root/etc/systemd/system/multi-user.target.wants/coredepot.target ]]; then
        broken units "Coredepot does not start with the machine" coredepot-setup
    elif ((${#down[@]} == 0)); then
        ok units "${#wanted[@]} are active"
    elif [[ ${down[*]} == nginx.service ]]; then
        broken units "nginx does not run" "nginx -t && systemctl start nginx"
    else
        broken units "${#down[@]} do not run: ${down[*]:0:4}" "systemctl restart coredepot.target"
    fi
}

# Compares owners and modes with tmpfiles.d.
check_tmpfiles() {
    local type path mode user group wrong=() is
    while read -r type path mode user group _; do
        [[ $type == [df] ]] || continue
        is=$(stat -c '%04a %U %G' -- "$root$path" 2>/dev/null) || is=missing
        [[ $is == "$mode $user $group" ]] || wrong+=("$path is ${is/#0/}, not $mode $user $group")
    done <"$root/usr/lib/tmpfiles.d/coredepot.conf"
    if ((${#wrong[@]} == 0)); then
        ok folders "Coredepot's own have the right owners and modes"
    else
        local advice="systemd-tmpfiles --create coredepot.conf"
        [[ -d $run ]] || advice+=" && systemctl restart coredepot.target"
        broken folders "$(IFS=';'; echo "${wrong[*]}")" "$advice"
    fi
}
