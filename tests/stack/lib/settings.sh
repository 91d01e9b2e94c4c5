# shellcheck shell=bash disable=SC2034,SC2154  # variables of the script that this is part of
# Takes the handlers' and nginx's variables from the environment. The defaults suit a developer.

all_settings=(
    DATABASE_URL READER_DATABASE_URL COREDUMPS_DIR ASSETS_DIR MAX_COREDUMPS RETENTION DEDUPLICATE SPOOL_MAX_BYTES
    COREDUMPS_MAX_BYTES COREDUMPS_MIN_FREE COREDUMPS_MAX_AGE_DAYS KEEP_PER_ISSUE
    S3_ENDPOINT S3_BUCKET S3_REGION S3_PREFIX S3_ACCESS_KEY_ID S3_SECRET_ACCESS_KEY S3_SECRET_ACCESS_KEY_FILE
    S3_CA_FILE S3_TIMEOUT_SECONDS S3_ALLOW_HTTP STATE_DIR CACHE_MAX_BYTES
    UPLOAD_BURST UPLOAD_RATE_PER_MINUTE
    PARSE_SIDECAR_URL PARSE_SIDECAR_XFER_DIR PARSE_RETRY_SECONDS PARSE_CONCURRENCY PARSE_WATCH
    MAX_FIRMWARE_BYTES KEEP_ELFS SIDECAR_CACHE_DIR
    OIDC_ENABLED OIDC_ISSUER_URL OIDC_CLIENT_ID OIDC_AUDIENCE
    OIDC_CLOCK_SKEW_SECONDS OIDC_ROLES_CLAIM OIDC_DEVICE_CLAIM OIDC_CA_FILE OIDC_TOKEN_URL
    OIDC_CLIENT_SECRET OIDC_SCOPE SESSION_KEY_FILE
    BASEURL CACHE_DIRECTORY
    ALERT_ALLOWED_NETWORKS ALERT_SMTP_URL ALERT_SMTP_USER ALERT_SMTP_PASSWORD_FILE ALERT_SMTP_TLS ALERT_MAIL_FROM
    ALERT_SPIKE_COREDUMPS ALERT_SPIKE_DEVICES ALERT_DIGEST_HOUR
    BACKUP_DIR BACKUP_KEEP BACKUP_STAMP METRICS_DIR ADDRESS_RATE ADDRESS_BURST ADDRESS_CONNECTIONS TLS_DIR
    FIRMWARE_UPLOADS FIRMWARE_UPLOADS_OF_ADDRESS COREDUMPS_OF_DEVICE ERROR_LOG_LEVEL PAGE_DIR
)

default_folder() {  # variable, folder
    [[ ! -v $1 ]] || return 0
    mkdir -p "$2"
    export "$1=$2"
}

read_settings() {
    local name
    # Start our own sidecar, unless the variable is set, even to nothing.
    own_sidecar=$([[ -v PARSE_SIDECAR_URL ]] || echo yes)

    default_folder COREDUMPS_DIR "$state/coredumps"
    [[ -z ${S3_ENDPOINT-} ]] || default_folder STATE_DIR "$state/machine"
    default_folder ASSETS_DIR "$state/assets"
    default_folder PARSE_SIDECAR_XFER_DIR "$state/xfer"
    default_folder SIDECAR_CACHE_DIR "$state/sidecar-cache"
    default_folder CACHE_DIRECTORY "$state/cache"
    default_folder METRICS_DIR "$state/metrics"
    export OIDC_ENABLED="${OIDC_ENABLED-false}"
    if [[ ! -v SESSION_KEY_FILE ]]; then
        export SESSION_KEY_FILE=$state/session.keys
        "$source_dir/systemd/tools/coredepot-session-key" "$SESSION_KEY_FILE"
    fi

    for name in "${all_settings[@]}"; do
        if [[ -n ${!name-} ]]; then export "${name?}"; else unset -v "$name"; fi
    done
    [[ -v PARSE_SIDECAR_XFER_DIR ]] || own_sidecar=''  # it would have no folder to work in
    [[ ! -v DATABASE_URL ]] || echo "$DATABASE_URL" >"$state/database_url"
}
