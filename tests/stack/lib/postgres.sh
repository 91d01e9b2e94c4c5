# shellcheck shell=bash disable=SC2034,SC2154  # variables of the script that this is part of
# A PostgreSQL cluster of our own. It has only a Unix socket, and trusts whoever reaches that.

as_postgres=()

# The newest version that is installed, or the version that made the cluster.
find_postgres() {
    local version
    version=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | cut -d/ -f5 | sort -V | tail -n 1)
    [[ ! -d $cluster ]] || version=$(<"$cluster/PG_VERSION")
    pg_bin=/usr/lib/postgresql/$version/bin
    [[ ! -x $pg_bin/initdb ]] || return 0
    [[ -d $cluster ]] || fail "no PostgreSQL server is installed: make deps"
    fail "PostgreSQL $version made $cluster but is not installed: install it, or remove that folder"
}

# PostgreSQL does not run as root. The cluster's owner (whoever ran this before) runs it, or else the user
# postgres. A capability lets it through folders that only root may enter, such as a checkout under /root.
# Where root itself may not pass that on (some containers), it does without.
choose_postgres_user() {
    local owner=postgres
    ((EUID == 0)) || return 0
    [[ ! -d $cluster ]] || owner=$(stat -c %U "$cluster")
    as_postgres=(--reuid "$owner" --regid "$(id -g "$owner")" --init-groups
        --inh-caps +dac_override --ambient-caps +dac_override)
    setpriv "${as_postgres[@]}" -- true 2>/dev/null || as_postgres=("${as_postgres[@]:0:5}")
    chmod 711 "$run"
    chown "$owner" "$run/postgres"
}

create_cluster() {
    local new=$cluster.new  # only a complete cluster gets the final name
    rm -rf -- "$new"
    mkdir "$new"
    ((EUID != 0)) || chown postgres "$new"
    # Does not sync, because a new cluster has nothing to lose. When it runs, fsync is on.
    setpriv --pdeathsig TERM "${as_postgres[@]}" -- "$pg_bin/initdb" --pgdata="$new" --auth=trust \
        --username=postgres --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions \
        >>"$log/postgres.log" 2>&1 || fail "cannot make a database cluster in $new" postgres
    mv -- "$new" "$cluster"
}

# A kill -9 leaves a pid file. Its process may be a server that is still stopping, or by now somebody
# else's. Either would keep PostgreSQL from starting.
end_old_server() {
    local old tries=100
    [[ -e $cluster/postmaster.pid ]] || return 0
    old=$(head -n 1 "$cluster/postmaster.pid")
    while [[ $(readlink "/proc/$old/cwd") == "$cluster" ]]; do
        kill -INT "$old" 2>/dev/null || true
        ((tries-- > 0)) || fail "a PostgreSQL server (pid $old) still runs in $cluster"
        pause 0.1
    done
    rm -f "$cluster/postmaster.pid"
}

sql() {  # user, database; statements on stdin
    PGOPTIONS='' psql -XqAt -v ON_ERROR_STOP=1 "postgresql://$1@/$2?host=$run/postgres&port=5432"
}

start_postgres() {
    local tries=600
    cluster=$state/postgres
    find_postgres
    mkdir "$run/postgres"
    choose_postgres_user
    cd "$run" || fail "cannot enter $run"  # a folder that its user may be in
    [[ -d $cluster ]] || create_cluster
    end_old_server
    start_daemon postgres INT setpriv --pdeathsig INT "${as_postgres[@]}" -- \
        "$pg_bin/postgres" -D "$cluster" -p 5432 \
        -c listen_addresses='' -c unix_socket_directories="$run/postgres" -c max_connections=200
    until "$pg_bin/pg_isready" -q -h "$run/postgres" -p 5432; do
        expect_alive
        ((tries-- > 0)) || fail "PostgreSQL does not start" postgres
        pause 0.05
    done

    # As in production, the owner may make roles (the first deploy script does) but is no superuser.
    sql postgres postgres >>"$log/postgres.log" 2>&1 <<'SQL' || fail "cannot create the database" postgres
        SELECT 'CREATE ROLE coredepot LOGIN CREATEROLE'
         WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coredepot') \gexec
        SELECT 'CREATE DATABASE coredepot OWNER coredepot'
         WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'coredepot') \gexec
SQL
    database_url coredepot >"$state/database_url"
    deploy_schema
}

database_url() { echo "postgresql://$1@/coredepot?host=$run/postgres&port=5432"; }  # of a role

deploy_schema() {
    "$source_dir/tests/support/deploy-schema" "$(database_url coredepot)" >>"$log/sqitch.log" 2>&1 ||
        fail "cannot deploy the database schema" sqitch
}
