#include "config.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string_view>

#include "connection_uri.hpp"
#include "text/ascii.hpp"
#include "text/integers.hpp"
#include "text/url.hpp"

namespace coredepot {
namespace {

std::string without_trailing_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

/// Whether it is `folder`, or somewhere in it.
bool is_within(const std::filesystem::path& path, const std::filesystem::path& folder) {
    const auto way = path.lexically_relative(folder);
    return !way.empty() && *way.begin() != "..";
}

/// Reads variables and remembers every complaint, so that a sysadmin mends them in one go. Values
/// are never repeated in a complaint: one of them is a password.
class VariableReader {
  public:
    explicit VariableReader(const Variables& variables) : variables_(variables) {}

    std::optional<std::string> text(const std::string& name) {
        auto value = variables_(name);
        if (value && value->empty()) return std::nullopt;
        return value;
    }

    std::string required(const std::string& name, std::string_view when = "") {
        auto value = text(name);
        if (!value) complain(name, "is required" + std::string(when));
        return value.value_or("");
    }

    std::int64_t integer(const std::string& name, std::int64_t otherwise, std::int64_t least,
                         std::int64_t most) {
        const auto value = text(name);
        if (!value) return otherwise;
        const auto number = parse_integer(*value);
        if (number && *number >= least && *number <= most) return *number;
        complain(name, "must be a whole number from " + std::to_string(least) + " to " +
                           std::to_string(most));
        return otherwise;
    }

    bool boolean(const std::string& name, bool otherwise) {
        const auto value = text(name);
        if (!value) return otherwise;
        if (*value == "true" || *value == "1") return true;
        if (*value == "false" || *value == "0") return false;
        complain(name, "must be true or false");
        return otherwise;
    }

    /// A folder or file; absolute, because every program has a working directory of its own.
    std::optional<std::filesystem::path> folder(const std::string& name) {
        const auto value = text(name);
        if (!value) return std::nullopt;
        return absolute(name, *value);
    }

    /// The first of those that systemd joined with colons (CacheDirectory=, systemd.exec(5)).
    std::optional<std::filesystem::path> first_folder(const std::string& name) {
        const auto value = text(name);
        if (!value) return std::nullopt;
        return absolute(name, value->substr(0, value->find(':')));
    }

    std::filesystem::path required_folder(const std::string& name) {
        required(name);
        return folder(name).value_or("");
    }

    std::string database_url(const std::string& name) {
        auto value = required(name);
        if (!value.empty() && !is_connection_uri(value)) {
            complain(name,
                     "must be a postgresql:// URL, in which special characters of the user's name "
                     "and password are percent-encoded");
        }
        return value;
    }

    std::optional<std::string> url(const std::string& name) {
        const auto value = text(name);
        if (!value) return std::nullopt;
        auto url = without_trailing_slash(*value);
        if (!is_http_url(url)) complain(name, "must be an http:// or https:// URL");
        return url;
    }

    /// One that is put between quotes in a script; byte for byte, because a slash at the end of a
    /// whole address is part of it.
    std::optional<std::string> script_url(const std::string& name) {
        auto value = text(name);
        if (value && !is_quotable_url(*value)) {
            complain(name,
                     "must be an http:// or https:// URL of letters, digits and -._~:/?[]=%+,");
        }
        return value;
    }

    /// `5,60`: seconds, exactly `count` of them.
    std::vector<std::chrono::seconds> pauses(const std::string& name, const std::string& otherwise,
                                             std::size_t count) {
        constexpr std::int64_t kDay = 86'400;
        const auto value = text(name).value_or(otherwise);
        std::vector<std::chrono::seconds> pauses;
        std::string_view rest = value;
        while (true) {
            const auto comma = rest.find(',');
            const auto number = parse_integer(rest.substr(0, comma));
            if (!number || *number < 0 || *number > kDay) break;
            pauses.emplace_back(*number);
            if (comma == std::string_view::npos) {
                if (pauses.size() == count) return pauses;
                break;
            }
            rest.remove_prefix(comma + 1);
        }
        complain(name, "must be " + std::to_string(count) + " whole numbers of seconds, such as " +
                           otherwise);
        return {};
    }

    void complain(const std::string& name, const std::string& what) {
        complaints_ += (complaints_.empty() ? "" : "; ") + name + " " + what;
    }

    void throw_if_bad() const {
        if (!complaints_.empty()) throw ConfigError("bad configuration: " + complaints_);
    }

  private:
    std::filesystem::path absolute(const std::string& name, const std::filesystem::path& path) {
        if (!path.is_absolute()) complain(name, "must be an absolute path");
        return path.lexically_normal();
    }

    const Variables& variables_;
    std::string complaints_;
};

/// `coredepot client_id:web client_id:ci`: the audience, and who need not name it.
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
        reader.complain(name, "must be one audience, and client_id:… words beside it");
    }
    oidc.audience = audiences.empty() ? oidc.client_id : audiences.front();
}

/// `openid profile`: words (RFC 6749, section 3.3), and `openid` among them.
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
    const auto skew = reader.integer("OIDC_CLOCK_SKEW_SECONDS", 30, 0, 3600);
    const auto token_url = reader.script_url("OIDC_TOKEN_URL");
    if (!reader.boolean("OIDC_ENABLED", true)) return std::nullopt;
    OidcConfig oidc;
    reader.required("OIDC_ISSUER_URL", " when OIDC_ENABLED is true");
    // With the slash at its end, if it has one: some issuers' names do, and names are compared.
    reader.url("OIDC_ISSUER_URL");
    oidc.issuer_url = reader.text("OIDC_ISSUER_URL").value_or("");
    oidc.client_id = reader.required("OIDC_CLIENT_ID", " when OIDC_ENABLED is true");
    read_audience(reader, oidc);
    oidc.clock_skew = std::chrono::seconds(skew);
    oidc.roles_claim = reader.text("OIDC_ROLES_CLAIM");
    oidc.device_claim = reader.text("OIDC_DEVICE_CLAIM");
    oidc.ca_file = reader.folder("OIDC_CA_FILE");
    oidc.token_url = token_url;
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

/// `user@host`: it stands in mails and in a command of SMTP.
bool is_sender(std::string_view address) {
    const auto at = address.find('@');
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("@.-_+=").find(c) != std::string_view::npos;
    };
    return at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
           address.find('@', at + 1) == std::string_view::npos &&
           std::ranges::all_of(address, is_plain);
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
    alerts.smtp_requires_tls = reader.boolean("ALERT_SMTP_TLS", true);
    if (alerts.smtp_url) reader.required("ALERT_MAIL_FROM", " when ALERT_SMTP_URL is set");
    alerts.mail_from = reader.text("ALERT_MAIL_FROM");
    if (alerts.mail_from && !is_sender(*alerts.mail_from)) {
        reader.complain("ALERT_MAIL_FROM", "must be a mail address, such as coredepot@example.com");
    }
    alerts.spike_occurrences = reader.integer("ALERT_SPIKE_COREDUMPS", 100, 1, kMost);
    alerts.spike_devices = reader.integer("ALERT_SPIKE_DEVICES", 20, 1, kMost);
    alerts.digest_hour = static_cast<int>(reader.integer("ALERT_DIGEST_HOUR", 7, 0, kLastHour));
    return alerts;
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
    if (const auto bytes = reader.integer("COREDUMPS_MAX_BYTES", 0, 0, kMost); bytes > 0) {
        limits.max_bytes = static_cast<std::uint64_t>(bytes);
    }
    limits.min_free_percent = static_cast<int>(reader.integer("COREDUMPS_MIN_FREE", 0, 0, 90));
    if (const auto days = reader.integer("COREDUMPS_MAX_AGE_DAYS", 0, 0, kMostDays); days > 0) {
        limits.max_age = std::chrono::days(days);
    }
    limits.keep_per_signature = reader.integer("KEEP_PER_ISSUE", 50, 1, 1'000'000);
    return limits;
}

/// They are coredepot-backup.service's, which is a script; here a bad value is named.
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
    config.coredumps_dir = reader.folder("COREDUMPS_DIR");
    config.assets_dir = reader.required_folder("ASSETS_DIR");
    config.max_coredumps = static_cast<int>(reader.integer("MAX_COREDUMPS", 20, 1, 1'000'000));
    config.retention = load_retention(reader);
    config.file_limits = load_file_limits(reader);
    config.deduplicate = reader.boolean("DEDUPLICATE", false);
    config.spool_max_bytes = static_cast<std::uint64_t>(
        reader.integer("SPOOL_MAX_BYTES", kGibibyte, 0, 1024 * kGibibyte));
    config.upload_limit = UploadLimit::per_minute(
        static_cast<int>(reader.integer("UPLOAD_RATE_PER_MINUTE", 60, 0, 60'000)),
        static_cast<int>(reader.integer("UPLOAD_BURST", 300, 1, 1'000'000)));
    config.sidecar_url = reader.url("PARSE_SIDECAR_URL");
    config.sidecar_xfer_dir = reader.folder("PARSE_SIDECAR_XFER_DIR");
    config.parse_retry_pauses = reader.pauses("PARSE_RETRY_SECONDS", "5,60", 2);
    config.parse_concurrency = static_cast<int>(reader.integer("PARSE_CONCURRENCY", 2, 1, 256));
    config.parse_watch = reader.boolean("PARSE_WATCH", false);
    config.max_firmware_bytes =
        static_cast<std::uint64_t>(reader.integer("MAX_FIRMWARE_BYTES", 33'554'432, 1, kGibibyte));
    config.keep_elves = reader.integer("KEEP_ELFS", 20, 0, 10'000);
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
