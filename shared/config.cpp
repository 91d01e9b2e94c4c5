#include "config.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "domain/mail_address.hpp"
#include "text/ascii.hpp"
#include "text/integers.hpp"
#include "text/url.hpp"
#include "variable_reader.hpp"

namespace coredepot {
namespace {

/// Whether `path` is `folder` or something inside it.
bool is_within(const std::filesystem::path& path, const std::filesystem::path& folder) {
    const auto way = path.lexically_relative(folder);
    return !way.empty() && *way.begin() != "..";
}

/// `coredepot client_id:web client_id:ci`: the audience, and the clients that need not name it.
void read_audience(VariableReader& reader, OidcConfig& oidc) {
    constexpr std::string_view kClient = "client_id:";
    const char* const name = "OIDC_AUDIENCE";
    std::istringstream words(reader.text(name).value_or(""));
    std::vector<std::string> audiences;
    for (std::string word; words >> word;) {
        if (!word.starts_with(kClient)) {
            audiences.push_back(word);
        } else if (word.size() > kClient.size()) {
            oidc.clients_without_audience.insert(word.substr(kClient.size()));
        } else {
            reader.complain(name, "must name a client after client_id:");
        }
    }
    if (audiences.size() > 1) {
        reader.complain(name, "must be one audience, perhaps followed by client_id:… words");
    }
    oidc.audience = audiences.empty() ? oidc.client_id : audiences.front();
}

/// `openid profile`: words (RFC 6749, section 3.3). One of them must be `openid`.
std::string read_scope(VariableReader& reader, const std::string& otherwise) {
    const char* const name = "OIDC_SCOPE";
    const auto scope = reader.text(name);
    if (!scope) return otherwise;
    std::istringstream words(*scope);
    bool has_openid = false;
    for (std::string word; words >> word;) has_openid = has_openid || word == "openid";
    const auto is_good = [](char c) { return is_printable_ascii(c) && c != '"' && c != '\\'; };
    if (!has_openid || !std::ranges::all_of(*scope, is_good)) {
        reader.complain(name, "must be words with spaces between them, and openid one of them");
    }
    return *scope;
}

std::optional<OidcConfig> load_oidc(VariableReader& reader) {
    OidcConfig oidc;
    oidc.clock_skew = std::chrono::seconds(
        reader.integer("OIDC_CLOCK_SKEW_SECONDS", oidc.clock_skew.count(), 0, 3600));
    oidc.token_url = reader.script_url("OIDC_TOKEN_URL");
    if (!reader.boolean("OIDC_ENABLED", true)) return std::nullopt;
    reader.required("OIDC_ISSUER_URL", " when OIDC_ENABLED is true");
    // Keep a slash at the end: some issuers have one in their name, and names must match exactly.
    reader.url("OIDC_ISSUER_URL");
    oidc.issuer_url = reader.text("OIDC_ISSUER_URL").value_or("");
    oidc.client_id = reader.required("OIDC_CLIENT_ID", " when OIDC_ENABLED is true");
    read_audience(reader, oidc);
    oidc.roles_claim = reader.text("OIDC_ROLES_CLAIM");
    oidc.device_claim = reader.text("OIDC_DEVICE_CLAIM");
    oidc.ca_file = reader.folder("OIDC_CA_FILE");
    oidc.client_secret = reader.text("OIDC_CLIENT_SECRET");
    oidc.scope = read_scope(reader, oidc.scope);
    oidc.session_key_file = reader.folder("SESSION_KEY_FILE");
    oidc.cache_dir = reader.first_folder("CACHE_DIRECTORY");
    return oidc;
}

/// `10.0.0.0/8 fd00::/8`
Networks load_networks(VariableReader& reader, const char* name) {
    Networks networks;
    std::istringstream words(reader.text(name).value_or(""));
    for (std::string word; words >> word;) {
        if (const auto network = Network::parse(word)) {
            networks.push_back(*network);
        } else {
            reader.complain(name, "must be networks such as 10.0.0.0/8 or fd00::/8");
            break;
        }
    }
    return networks;
}

AlertConfig load_alerts(VariableReader& reader) {
    constexpr std::int64_t kMost = 1'000'000'000;
    constexpr int kLastHour = 23;
    AlertConfig alerts;
    alerts.allowed_networks = load_networks(reader, "ALERT_ALLOWED_NETWORKS");
    alerts.smtp_url = reader.text("ALERT_SMTP_URL");
    if (alerts.smtp_url && !is_mail_server_url(*alerts.smtp_url)) {
        reader.complain("ALERT_SMTP_URL",
                        "must be smtp:// or smtps:// and a host, maybe with a port");
    }
    alerts.smtp_user = reader.text("ALERT_SMTP_USER");
    alerts.smtp_password_file = reader.folder("ALERT_SMTP_PASSWORD_FILE");
    if (alerts.smtp_user.has_value() != alerts.smtp_password_file.has_value()) {
        reader.complain("ALERT_SMTP_USER", "and ALERT_SMTP_PASSWORD_FILE go together");
    }
    alerts.smtp_requires_tls = reader.boolean("ALERT_SMTP_TLS", alerts.smtp_requires_tls);
    if (alerts.smtp_url) reader.required("ALERT_MAIL_FROM", " when ALERT_SMTP_URL is set");
    alerts.mail_from = reader.text("ALERT_MAIL_FROM");
    if (alerts.mail_from && !is_mail_address(*alerts.mail_from)) {
        reader.complain("ALERT_MAIL_FROM", "must be a mail address, such as coredepot@example.com");
    }
    alerts.spike_occurrences =
        reader.integer("ALERT_SPIKE_COREDUMPS", alerts.spike_occurrences, 1, kMost);
    alerts.spike_devices = reader.integer("ALERT_SPIKE_DEVICES", alerts.spike_devices, 1, kMost);
    alerts.digest_hour = reader.integer("ALERT_DIGEST_HOUR", alerts.digest_hour, 0, kLastHour);
    return alerts;
}

/// Whether the host of an http:// URL is this machine, or the address of one in a private network.
/// A host name does not count, because what it resolves to may change.
bool is_near(const std::string& origin) {
    auto host = origin.substr(origin.find("//") + 2);
    if (host.starts_with('[')) {
        host = host.substr(1, host.find(']') - 1);
    } else {
        host = host.substr(0, host.find(':'));
    }
    const auto address = IpAddress::parse(host);
    return host == "localhost" || (address && !is_global(*address));
}

bool is_made_of(std::string_view text, std::string_view others) {
    return std::ranges::all_of(text, [&](char c) {
        return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
    });
}

void read_endpoint(VariableReader& reader, S3Config& s3, const std::string& endpoint) {
    const char* const name = "S3_ENDPOINT";
    const auto url = without_trailing_slash(endpoint);
    s3.endpoint = origin_of(url);
    if (s3.endpoint.empty() || !is_quotable_url(url) ||
        url.find('/', url.find("//") + 2) != std::string::npos ||
        url.find_first_of("@?#") != std::string::npos) {
        reader.complain(name, "must be an http:// or https:// URL of a host, maybe with a port");
    } else if (s3.endpoint.starts_with("http:") && !is_near(s3.endpoint) &&
               !reader.boolean("S3_ALLOW_HTTP", false)) {
        reader.complain(name,
                        "must be an https:// URL, unless its host is localhost or an address of a "
                        "private network, or S3_ALLOW_HTTP is true");
    }
}

/// A path gets a slash at its end, so that it is not the beginning of another folder's name.
std::string read_prefix(VariableReader& reader) {
    auto prefix = reader.text("S3_PREFIX").value_or("");
    constexpr std::size_t kMost = 255;
    if (prefix.starts_with('/') || prefix.size() > kMost || !is_made_of(prefix, "-._/") ||
        prefix.find("//") != std::string::npos) {
        reader.complain("S3_PREFIX",
                        "must be at most 255 letters, digits and -._/, without a slash at its "
                        "beginning");
    }
    if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
    return prefix;
}

std::optional<S3Config> load_s3(VariableReader& reader) {
    constexpr std::int64_t kMostSeconds = 60;
    constexpr std::string_view kWhen = " when S3_ENDPOINT is set";
    const auto endpoint = reader.text("S3_ENDPOINT");
    if (!endpoint) {
        // With half a configuration, core dumps would silently go into folders. So all parts are
        // required.
        for (const auto* name : {"S3_BUCKET", "S3_ACCESS_KEY_ID"}) {
            if (reader.text(name)) reader.complain(name, "has no effect without S3_ENDPOINT");
        }
        return std::nullopt;
    }
    S3Config s3;
    read_endpoint(reader, s3, *endpoint);
    s3.bucket = reader.required("S3_BUCKET", kWhen);
    constexpr std::size_t kMostBucket = 255;  // Ceph's limit; AWS allows 63
    if (s3.bucket.size() > kMostBucket || !is_made_of(s3.bucket, "-._") ||
        s3.bucket.starts_with('.')) {
        reader.complain("S3_BUCKET", "must be letters, digits and -._");
    }
    s3.region = reader.text("S3_REGION").value_or(s3.region);
    if (!is_made_of(s3.region, "-_"))
        reader.complain("S3_REGION", "must be letters, digits and -_");
    s3.prefix = read_prefix(reader);
    s3.access_key_id = reader.required("S3_ACCESS_KEY_ID", kWhen);
    if (!std::ranges::all_of(s3.access_key_id, is_printable_ascii) ||
        s3.access_key_id.find_first_of(" /,") != std::string::npos) {
        reader.complain("S3_ACCESS_KEY_ID", "must be printable, without spaces, slashes or commas");
    }
    s3.secret_access_key = reader.text("S3_SECRET_ACCESS_KEY");
    s3.secret_access_key_file = reader.folder("S3_SECRET_ACCESS_KEY_FILE");
    if (s3.secret_access_key.has_value() == s3.secret_access_key_file.has_value()) {
        reader.complain("S3_SECRET_ACCESS_KEY",
                        "or S3_SECRET_ACCESS_KEY_FILE is required when S3_ENDPOINT is set, and not "
                        "both");
    }
    s3.ca_file = reader.folder("S3_CA_FILE");
    s3.timeout = std::chrono::seconds(
        reader.integer("S3_TIMEOUT_SECONDS", s3.timeout.count(), 1, kMostSeconds));
    return s3;
}

/// The folders that belong to this machine even if there is a bucket.
void read_folders(VariableReader& reader, Config& config) {
    config.coredumps_dir = reader.folder("COREDUMPS_DIR");
    config.state_dir = reader.folder("STATE_DIR");
    if (!config.state_dir) config.state_dir = config.coredumps_dir;
    if (config.s3 && !config.state_dir) {
        reader.complain("STATE_DIR", "or COREDUMPS_DIR is required when S3_ENDPOINT is set");
    }
    config.assets_dir = reader.folder("ASSETS_DIR").value_or("");
    if (config.assets_dir.empty() && config.s3 && config.state_dir) {
        config.assets_dir = *config.state_dir / "assets";
    } else if (config.assets_dir.empty()) {
        reader.required("ASSETS_DIR");
    }
}

Retention load_retention(VariableReader& reader) {
    const auto name = reader.text("RETENTION").value_or("oldest");
    if (name == "oldest") return Retention::Oldest;
    if (name != "diverse") reader.complain("RETENTION", "must be oldest or diverse");
    return Retention::Diverse;
}

FileLimits load_file_limits(VariableReader& reader) {
    constexpr std::int64_t kMost = std::int64_t{1} << 60;  // an exbibyte
    constexpr std::int64_t kMostDays = 36'500;
    FileLimits limits;
    if (const auto bytes = reader.integer("COREDUMPS_MAX_BYTES", std::int64_t{0}, 0, kMost);
        bytes > 0) {
        limits.max_bytes = static_cast<std::uint64_t>(bytes);
    }
    limits.min_free_percent = reader.integer("COREDUMPS_MIN_FREE", limits.min_free_percent, 0, 90);
    if (const auto days = reader.integer("COREDUMPS_MAX_AGE_DAYS", 0, 0, kMostDays); days > 0) {
        limits.max_age = std::chrono::days(days);
    }
    limits.keep_per_signature =
        reader.integer("KEEP_PER_ISSUE", limits.keep_per_signature, 1, 1'000'000);
    return limits;
}

/// coredepot-backup.service, a script, uses these values. Only here a bad one is reported.
std::optional<std::filesystem::path> load_backup_stamp(VariableReader& reader,
                                                       const Config& config) {
    auto stamp = reader.folder("BACKUP_STAMP");
    reader.integer("BACKUP_KEEP", 14, 1, 10'000);
    const auto backups = reader.folder("BACKUP_DIR");
    if (!backups) return std::nullopt;
    for (const auto& source : {config.coredumps_dir.value_or(""), config.assets_dir}) {
        if (source.empty() || !is_within(*backups, source)) continue;
        reader.complain("BACKUP_DIR", "must not be in COREDUMPS_DIR or ASSETS_DIR");
    }
    return stamp;
}

std::optional<std::string> environment_variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

}  // namespace

Config Config::load(const Variables& variables) {
    constexpr std::int64_t kGibibyte = 1'073'741'824;
    VariableReader reader(variables);
    Config config;
    config.database_url = reader.database_url("DATABASE_URL");
    config.s3 = load_s3(reader);
    read_folders(reader, config);
    config.cache_max_bytes =
        reader.integer("CACHE_MAX_BYTES", config.cache_max_bytes, kGibibyte / 16, 1024 * kGibibyte);
    config.max_coredumps = reader.integer("MAX_COREDUMPS", config.max_coredumps, 1, 1'000'000);
    config.retention = load_retention(reader);
    config.file_limits = load_file_limits(reader);
    config.deduplicate = reader.boolean("DEDUPLICATE", config.deduplicate);
    config.spool_max_bytes =
        reader.integer("SPOOL_MAX_BYTES", config.spool_max_bytes, 0, 1024 * kGibibyte);
    config.upload_limit =
        UploadLimit::per_minute(reader.integer("UPLOAD_RATE_PER_MINUTE", 60, 0, 60'000),
                                reader.integer("UPLOAD_BURST", 300, 1, 1'000'000));
    config.sidecar_url = reader.url("PARSE_SIDECAR_URL");
    config.sidecar_xfer_dir = reader.folder("PARSE_SIDECAR_XFER_DIR");
    config.parse_retry_pauses = reader.pauses("PARSE_RETRY_SECONDS", "5,60", 2);
    config.parse_concurrency =
        reader.integer("PARSE_CONCURRENCY", config.parse_concurrency, 1, 256);
    config.parse_watch = reader.boolean("PARSE_WATCH", config.parse_watch);
    config.max_firmware_bytes =
        reader.integer("MAX_FIRMWARE_BYTES", config.max_firmware_bytes, 1, kGibibyte);
    config.keep_elves = reader.integer("KEEP_ELFS", config.keep_elves, 0, 10'000);
    config.metrics_dir = reader.folder("METRICS_DIR");
    config.backup_stamp = load_backup_stamp(reader, config);
    config.oidc = load_oidc(reader);
    config.base_url = reader.script_url("BASEURL");
    if (config.base_url) config.base_url = without_trailing_slash(*config.base_url);
    config.alerts = load_alerts(reader);
    reader.throw_if_bad();
    return config;
}

Config Config::from_environment() {
    return load(environment_variable);
}

SidecarConfig SidecarConfig::load(const Variables& variables) {
    VariableReader reader(variables);
    SidecarConfig config;
    config.xfer_dir = reader.required_folder("PARSE_SIDECAR_XFER_DIR");
    config.cache_dir = reader.folder("SIDECAR_CACHE_DIR");
    reader.throw_if_bad();
    return config;
}

SidecarConfig SidecarConfig::from_environment() {
    return load(environment_variable);
}

}  // namespace coredepot
