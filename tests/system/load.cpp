#include "system/load.hpp"

#include <gtest/gtest.h>

#include "system/machine.hpp"

namespace coredepot::test {
namespace {

/// A failure says enough once.
constexpr int kMostComplaints = 10;
std::atomic<int> complaints{0};

bool is_good(const HttpResponse& response, int status, const char* what) {
    if (response.status == status) return true;
    if (complaints++ < kMostComplaints) ADD_FAILURE() << what << ": " << response;
    return false;
}

}  // namespace

Load::Load(std::int64_t device_id, std::string device_key, Spooling spooling)
    : device_id_(device_id), device_key_(std::move(device_key)), spooling_(spooling) {
    constexpr std::size_t kDevices = 4;
    for (std::size_t i = 0; i < kDevices; ++i) threads_.emplace_back([this, i] { upload(i); });
    threads_.emplace_back([this] { look(); });
    threads_.emplace_back([this] { change(); });
}

Load::~Load() {
    stop();
}

void Load::stop() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

std::set<std::string> Load::accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
}

void Load::upload(std::size_t worker) {
    // From one that is here at once to one that takes several reads.
    constexpr std::size_t kSmallest = 1000;
    constexpr std::size_t kGrowth = 17;
    std::size_t size = kSmallest;
    for (std::size_t i = 0; i < worker; ++i) size *= kGrowth;
    const std::string dump(std::min<std::size_t>(size, 1'000'000), 'x');
    auto client = Machine::client();
    while (!stopping_) {
        const auto response = client.post(
            "/api/iot/coredump?chip=esp32c3&firmware_version=0.0.0&device_key=" + device_key_,
            dump);
        const bool is_spooled =
            response.status == 202 && spooling_ == Spooling::WhereTheDatabaseIsAway;
        if (!is_good(response, is_spooled ? 202 : 201, "upload")) continue;
        ++answered_;
        if (is_spooled) ++spooled_;
        const std::lock_guard lock(mutex_);
        accepted_.insert(response.json().at("filename").text());
    }
}

void Load::look() {
    auto client = Machine::client();
    while (!stopping_) {
        for (const auto& path : {std::string("/api/device-models"), std::string("/health"),
                                 "/api/devices/" + std::to_string(device_id_),
                                 "/api/iot/firmware-version?device_key=" + device_key_}) {
            if (is_good(client.get(path), 200, path.c_str())) ++answered_;
        }
    }
}

/// What must not be sent twice, and so is lost when it is not answered.
void Load::change() {
    auto client = Machine::client();
    const auto model = client.get("/api/devices/" + std::to_string(device_id_))
                           .json()
                           .at("device_model_id")
                           .integer();
    const auto body = R"({"device_model_id": )" + std::to_string(model) + "}";
    while (!stopping_) {
        const auto made = client.post("/api/devices", body);
        if (!is_good(made, 201, "a new device")) continue;
        const auto path = "/api/devices/" + std::to_string(made.json().at("id").integer());
        if (is_good(client.del(path + "/coredumps"), 204, "no core dumps")) ++answered_;
        if (is_good(client.del(path), 204, "no device")) ++answered_;
    }
}

}  // namespace coredepot::test
