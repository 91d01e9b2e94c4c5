#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "domain/network.hpp"
#include "domain/retention.hpp"
#include "domain/upload_limit.hpp"

namespace coredepot {

/// The configuration is unusable. The message names every bad key at once.
class ConfigError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// How to check bearer tokens.
struct OidcConfig {
    std::string issuer_url;  ///< byte for byte the `iss` of tokens
    std::string client_id;
    std::string audience;
    /// Tokens of these clients are for us although they have no audience. Then devices' tokens need
    /// none either. Empty: every token needs an audience.
    std::set<std::string> clients_without_audience;
    std::chrono::seconds clock_skew{30};
    /// A claim that holds roles, in addition to Keycloak's.
    std::optional<std::string> roles_claim;
    /// A claim that names the client; it is read before `azp` and `client_id`.
    std::optional<std::string> device_claim;
    std::optional<std::string> token_url;
    /// Certificates in PEM of the CAs to trust for the issuer's host; unset: the system's.
    std::optional<std::filesystem::path> ca_file;
    /// The secret that we send to exchange a login's code for tokens; unset: we are a public
    /// client.
    std::optional<std::string> client_secret;
    /// The scope that a login asks for: words, separated by spaces.
    std::string scope = "openid profile";
    /// The file with the keys that encrypt people's sessions; unset: nobody can log in.
    std::optional<std::filesystem::path> session_key_file;
    /// Where processes share the issuer's keys; unset: a folder of the user's own in the system's
    /// temporary folder.
    std::optional<std::filesystem::path> cache_dir;
    friend bool operator==(const OidcConfig&, const OidcConfig&) = default;
};

/// An object store that speaks S3, and our part of it.
struct S3Config {
    std::string endpoint;  ///< scheme, host and port: `https://store.example:7480`
    std::string bucket;
    std::string region = "us-east-1";
    std::string prefix;  ///< all keys begin with it; "", or it ends in a slash
    std::string access_key_id;
    std::optional<std::string> secret_access_key;  ///< one of these two must be set
    std::optional<std::filesystem::path> secret_access_key_file;
    /// Certificates in PEM of the CAs to trust for the endpoint's host; unset: the system's.
    std::optional<std::filesystem::path> ca_file;
    std::chrono::seconds timeout{4};  ///< for a request; long ones get another second per mebibyte
    friend bool operator==(const S3Config&, const S3Config&) = default;
};

/// How people are told about issues.
struct AlertConfig {
    Networks allowed_networks;            ///< webhooks may be there and on the internet
    std::optional<std::string> smtp_url;  ///< `smtp://` or `smtps://`; unset: no mail
    std::optional<std::string> smtp_user;
    std::optional<std::filesystem::path> smtp_password_file;
    bool smtp_requires_tls = true;
    std::optional<std::string> mail_from;  ///< an address
    /// An hour of an issue with that many core dumps or devices is a spike.
    std::int64_t spike_occurrences = 100;
    std::int64_t spike_devices = 20;
    int digest_hour = 7;  ///< UTC
    friend bool operator==(const AlertConfig&, const AlertConfig&) = default;
};

/// Looks up a variable: in the environment, or in a test's map. An empty text means unset.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// What all programs except the sidecar read at start-up.
struct Config {
    std::string database_url;
    /// Unset: core dumps are refused, or go into s3.
    std::optional<std::filesystem::path> coredumps_dir;
    std::filesystem::path assets_dir;
    std::optional<S3Config> s3;  ///< unset: core dumps and firmware are in folders
    /// What belongs to this machine: spool, wake-up files, caches; unset: coredumps_dir.
    std::optional<std::filesystem::path> state_dir;
    /// How much of a bucket's content the caches of this machine may hold.
    std::uint64_t cache_max_bytes = 10'737'418'240;
    int max_coredumps = 20;  ///< rows kept per device
    Retention retention = Retention::Oldest;
    FileLimits file_limits;  ///< for all devices together
    /// Whether the same bytes from a device again are the same core dump.
    bool deduplicate = false;
    /// How many bytes may wait on the disk while the database is away.
    std::uint64_t spool_max_bytes = 1'073'741'824;
    UploadLimit upload_limit;
    std::optional<std::string> sidecar_url;                 ///< unset: dumps stay PENDING
    std::optional<std::filesystem::path> sidecar_xfer_dir;  ///< unset: dumps stay PENDING
    std::vector<std::chrono::seconds> parse_retry_pauses;   ///< before the 2nd and 3rd attempt
    int parse_concurrency = 2;  ///< how many core dumps a runner has decoded at once
    bool parse_watch = false;   ///< whether a runner stays and waits for what other hosts queue
    std::uint64_t max_firmware_bytes = 33'554'432;
    /// Per model: how many builds to keep after another build replaced them.
    std::int64_t keep_elves = 20;
    /// Where all programs of this machine keep their counters; unset: a folder of the user's own in
    /// the system's temporary folder.
    std::optional<std::filesystem::path> metrics_dir;
    /// The file that a good backup touches; unset: there are no backups (BACKUP_DIR).
    std::optional<std::filesystem::path> backup_stamp;
    std::optional<OidcConfig> oidc;  ///< unset: every request is trusted
    std::optional<std::string> base_url;
    AlertConfig alerts;

    /// Where uploads wait for the database or the bucket; empty: core dumps are refused.
    std::optional<std::filesystem::path> spool_dir() const {
        return s3 ? state_dir : coredumps_dir;
    }
    /// Whether core dumps are parsed here. That takes three of the settings above.
    bool parses() const { return spool_dir() && sidecar_url && sidecar_xfer_dir; }

    /// Throws ConfigError.
    static Config load(const Variables& variables);
    static Config from_environment();

    friend bool operator==(const Config&, const Config&) = default;
};

/// What the sidecar reads. It has no database and no firmware.
struct SidecarConfig {
    std::filesystem::path xfer_dir;
    /// Where its processes share what they know about ELFs; unset: each keeps it in memory.
    std::optional<std::filesystem::path> cache_dir;

    /// Throws ConfigError.
    static SidecarConfig load(const Variables& variables);
    static SidecarConfig from_environment();
};

}  // namespace coredepot
