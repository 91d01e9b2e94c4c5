#include "support/s3_server.hpp"

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "json.hpp"

namespace coredepot::test {
namespace {

constexpr const char* kPython = "/usr/bin/python3";  // Debian's, whatever else is in PATH
constexpr const char* kBucket = "coredepot";
constexpr const char* kPrefix = "fleet/";
/// Where a store is away it says so at once. A busy machine is no store that is away.
constexpr std::chrono::seconds kPatience{10};

}  // namespace

S3Server::S3Server(std::string certificate, std::string key)
    : certificate_(std::move(certificate)), key_(std::move(key)) {
    come_back();
}

void S3Server::come_back() {
    // A log for each start: its first lines say where the server listens.
    const auto log = folder_ / ("log" + std::to_string(++starts_));
    std::vector<std::string> command{kPython,    COREDEPOT_SOURCE_DIR "/tests/support/s3_server.py",
                                     "--folder", folder_ / "objects",
                                     "--port",   std::to_string(port_)};
    if (!certificate_.empty()) {
        command.insert(command.end(), {"--certificate", certificate_, "--key", key_});
    }
    process_ = std::make_unique<ChildProcess>(command, log);
    const bool listens = eventually([&] {
        std::istringstream said(read_bytes(log));
        if (!certificate_.empty()) std::getline(said, tls_url_);
        std::getline(said, url_);
        return said.good() || !process_->is_running();
    });
    if (!listens || !url_.starts_with("http://127.0.0.1:")) {
        throw std::runtime_error("no object store: " + read_bytes(log));
    }
    port_ = std::stoi(url_.substr(url_.rfind(':') + 1));
}

Settings S3Server::settings() const {
    return {{"S3_ENDPOINT", url_},
            {"S3_BUCKET", kBucket},
            {"S3_PREFIX", kPrefix},
            {"S3_ACCESS_KEY_ID", "test"},
            {"S3_SECRET_ACCESS_KEY", "test-secret"},
            {"S3_TIMEOUT_SECONDS", std::to_string(kPatience.count())}};
}

S3Config S3Server::config() const {
    S3Config config;
    config.endpoint = url_;
    config.bucket = kBucket;
    config.prefix = kPrefix;
    config.access_key_id = "test";
    config.secret_access_key = "test-secret";
    config.timeout = kPatience;
    return config;
}

void S3Server::misbehave(const std::vector<S3Fault>& faults) {
    json::Writer text;
    text.begin_array();
    for (const auto& fault : faults) {
        text.begin_object()
            .member("do", fault.what)
            .member("operation", fault.operation)
            .member("times", fault.times)
            .member("skip", fault.skip)
            .member("status", fault.status)
            .member("code", fault.code)
            .member("key", fault.key)
            .end_object();
    }
    text.end_array();
    control("POST", "faults", text.take());
}

void S3Server::release() {
    control("POST", "release", "{}");
}

int S3Server::asked(const std::string& operation) {
    return count(operation, "asked");
}

int S3Server::done(const std::string& operation) {
    return count(operation, "done");
}

int S3Server::count(const std::string& operation, const std::string& of) {
    const auto counts = control("GET", "requests");
    if (!counts.has(operation)) return 0;
    return static_cast<int>(counts.at(operation).at(of).integer());
}

int S3Server::waiting() {
    return static_cast<int>(control("GET", "requests").at("waiting").integer());
}

std::map<std::string, std::string> S3Server::objects() {
    const auto all = control("GET", "objects");
    const std::string begin = std::string(kBucket) + '/' + kPrefix;
    std::map<std::string, std::string> objects;
    for (const auto& name : all.members()) {
        if (name.starts_with(begin)) {
            objects[name.substr(begin.size())] = all.at(name).at("sha256").text();
        }
    }
    return objects;
}

std::vector<std::string> S3Server::keys() {
    std::vector<std::string> keys;
    for (const auto& [key, hash] : objects()) keys.push_back(key);
    return keys;
}

void S3Server::clear() {
    control("DELETE", "objects");
}

JsonValue S3Server::control(const std::string& method, const std::string& what,
                            const std::string& body) {
    auto client = HttpClient::of_others(url_);
    HttpRequest request{method, "/-/" + what, std::nullopt, {}};
    if (method == "POST") request.body = body;
    const auto response = client.send(request);
    if (response.status != 200) {
        throw std::runtime_error("the object store did not do /-/" + what + ": " +
                                 std::to_string(response.status) + ' ' + response.body);
    }
    return response.json();
}

}  // namespace coredepot::test
