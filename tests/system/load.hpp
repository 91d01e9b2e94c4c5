#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace coredepot::test {

/// Devices that upload and people who look, several at once and without a pause, until it is
/// stopped. What is not answered as it should be is a failure of the test.
class Load {
  public:
    enum class Spooling { Never, WhereTheDatabaseIsAway };

    /// All of one device; `device_id` and `device_key` are its.
    Load(std::int64_t device_id, std::string device_key, Spooling spooling);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    void stop();

    /// Requests that were answered up to now.
    std::uint64_t answered() const { return answered_; }
    /// Of those how many 202.
    std::uint64_t spooled() const { return spooled_; }
    /// The filenames of what was accepted.
    std::set<std::string> accepted() const;

  private:
    void upload(std::size_t worker);
    void look();
    void change();

    std::int64_t device_id_;
    std::string device_key_;
    Spooling spooling_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> answered_{0};
    std::atomic<std::uint64_t> spooled_{0};
    mutable std::mutex mutex_;
    std::set<std::string> accepted_;
    std::vector<std::thread> threads_;
};

}  // namespace coredepot::test
