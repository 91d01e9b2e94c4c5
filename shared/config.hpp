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

/// The configuration cannot be used; the message names every bad key at once.
class ConfigError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// How bearer tokens are checked; only there when they are.
struct OidcConfig {
    std::string issuer_url;  ///< byte for byte as tokens name it in `iss`
    std::string client_id;
    std::string audience;
    /// Clients whose tokens are for us though they have no audience at all; then a device's are,
    /// too. Empty: every token has to have one.
    std::set<std::string> clients_without_audience;
    std::chrono::seconds clock_skew{30};
    /// A claim that holds roles, beside those that Keycloak has.
    std::optional<std::string> roles_claim;
    /// A claim that names the client, before `azp` and `client_id`.
    std::optional<std::string> device_claim;
    std::optional<std::string> token_url;
    /// Certificates of the CAs that vouch for the issuer's host, in PEM; unset: the system's.
    std::optional<std::filesystem::path> ca_file;
    /// With which we ask for the tokens of people who log in; unset: the client is a public one.
    std::optional<std::string> client_secret;
    /// What they are asked for, words with spaces between them.
    std::string scope = "openid profile";
    /// Keys that sessions of people are encrypted with; unset: nobody can log in.
    std::optional<std::filesystem::path> session_key_file;
    /// What processes share of the issuer's keys; unset: a folder of the user's below the system's
    /// temporary one.
    std::optional<std::filesystem::path> cache_dir;
};

/// An object store that speaks S3, and what of it is ours.
struct S3Config {
    std::string endpoint;  ///< scheme, host and port: `https://store.example:7480`
    std::string bucket;
    std::string region = "us-east-1";
    std::string prefix;  ///< what all keys begin with: "", or it ends in a slash
    std::string access_key_id;
    std::optional<std::string> secret_access_key;  ///< this, or the file that has it
    std::optional<std::filesystem::path> secret_access_key_file;
    /// Certificates of the CAs that vouch for the endpoint's host, in PEM; unset: the system's.
    std::optional<std::filesystem::path> ca_file;
    std::chrono::seconds timeout{4};  ///< of one request; longer ones have a second for a mebibyte
};

/// How people are told what happens to issues.
struct AlertConfig {
    Networks allowed_networks;            ///< that webhooks may be in, beside the internet
    std::optional<std::string> smtp_url;  ///< `smtp://` or `smtps://`; unset: no mail
    std::optional<std::string> smtp_user;
    std::optional<std::filesystem::path> smtp_password_file;
    bool smtp_requires_tls = true;
    std::optional<std::string> mail_from;  ///< an address
    /// An issue's hour is a spike with so many core dumps or devices.
    std::int64_t spike_occurrences = 100;
    std::int64_t spike_devices = 20;
    int digest_hour = 7;  ///< UTC
};

/// Where variables come from: the environment, or a test's map. Empty text means unset.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// What every program but the sidecar reads at start-up.
struct Config {
    std::string database_url;
    std::optional<std::filesystem::path> coredumps_dir;  ///< unset: dumps are refused, or in s3
    std::filesystem::path assets_dir;
    std::optional<S3Config> s3;  ///< unset: core dumps and firmware are in folders
    /// This machine's own: spool, wake-up files, caches; unset: as coredumps_dir.
    std::optional<std::filesystem::path> state_dir;
    /// What caches of this machine may take of what a bucket has.
    std::uint64_t cache_max_bytes = 10'737'418'240;
    int max_coredumps = 20;  ///< rows kept per device
    Retention retention = Retention::Oldest;
    FileLimits file_limits;    ///< of all devices
    bool deduplicate = false;  ///< a device's same bytes again are the same core dump
    /// What may wait on the disk for the database to be back.
    std::uint64_t spool_max_bytes = 1'073'741'824;
    UploadLimit upload_limit = UploadLimit::per_minute(60, 300);
    std::optional<std::string> sidecar_url;                 ///< unset: dumps stay PENDING
    std::optional<std::filesystem::path> sidecar_xfer_dir;  ///< unset: dumps stay PENDING
    std::vector<std::chrono::seconds> parse_retry_pauses;   ///< before the 2nd and 3rd attempt
    int parse_concurrency = 2;  ///< core dumps that one runner has decoded at once
    bool parse_watch = false;   ///< a runner stays, for what other hosts put into the queue
    std::uint64_t max_firmware_bytes = 33'554'432;
    std::int64_t keep_elves = 20;  ///< per model, of builds that others of their version replaced
    /// What all programs of this machine count in; unset: a folder of the user's below the system's
    /// temporary one.
    std::optional<std::filesystem::path> metrics_dir;
    /// What is touched when a snapshot is good; unset: none are made (BACKUP_DIR).
    std::optional<std::filesystem::path> backup_stamp;
    std::optional<OidcConfig> oidc;  ///< unset: every request is trusted
    std::optional<std::string> base_url;
    AlertConfig alerts;

    /// Where what comes in waits for the database or the bucket; empty: dumps are refused.
    std::optional<std::filesystem::path> spool_dir() const {
        return s3 ? state_dir : coredumps_dir;
    }
    /// Whether core dumps are parsed here, which takes three of the above.
    bool parses() const { return spool_dir() && sidecar_url && sidecar_xfer_dir; }

    /// Throws ConfigError.
    static Config load(const Variables& variables);
    static Config from_environment();
};

/// What the sidecar reads: it has neither a database nor firmware of its own.
struct SidecarConfig {
    std::filesystem::path xfer_dir;
    /// What its processes know of the ELFs that they have seen; unset: each for itself, in memory.
    std::optional<std::filesystem::path> cache_dir;

    /// Throws ConfigError.
    static SidecarConfig load(const Variables& variables);
    static SidecarConfig from_environment();
};

}  // namespace coredepot
