#include "domain/upload_limit.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

/// A device's state and a clock, both moved by the test.
class Uploader {
  public:
    explicit Uploader(UploadLimit limit) : limit_(limit) {}

    void pass(microseconds time) { now_ += time; }
    /// Uploads if that is allowed now.
    bool upload() {
        const auto until_full = std::max(full_at_ - now_, 0us);
        if (limit_.wait(until_full) > 0us) return false;
        full_at_ = now_ + until_full + limit_.refill;
        return true;
    }
    int upload_all() {
        int count = 0;
        while (upload()) ++count;
        return count;
    }
    microseconds wait() const { return limit_.wait(std::max(full_at_ - now_, 0us)); }

  private:
    UploadLimit limit_;
    microseconds now_{0};
    microseconds full_at_{0};
};

TEST(UploadLimit, ABurstThenTheRate) {
    Uploader device(UploadLimit::per_minute(60, 300));
    EXPECT_EQ(device.upload_all(), 300);
    EXPECT_EQ(device.wait(), 1s);
    device.pass(999'999us);
    EXPECT_EQ(device.wait(), 1us);
    EXPECT_FALSE(device.upload());
    device.pass(1us);
    EXPECT_EQ(device.upload_all(), 1);
    device.pass(1min);
    EXPECT_EQ(device.upload_all(), 60);
}

TEST(UploadLimit, ARestBringsTheBurstBackAndNoMore) {
    Uploader device(UploadLimit::per_minute(60, 300));
    device.upload_all();
    device.pass(5min);
    EXPECT_EQ(device.upload_all(), 300);
    device.pass(24h);
    EXPECT_EQ(device.upload_all(), 300);
}

TEST(UploadLimit, ABurstOfOne) {
    Uploader device(UploadLimit::per_minute(2, 1));
    EXPECT_EQ(device.upload_all(), 1);
    EXPECT_EQ(device.wait(), 30s);
    device.pass(30s);
    EXPECT_EQ(device.upload_all(), 1);
}

TEST(UploadLimit, ARateOfZeroIsNoLimit) {
    const auto limit = UploadLimit::per_minute(0, 300);
    for (const microseconds until_full : {0us, 1us, microseconds(24h)}) {
        EXPECT_EQ(limit.wait(until_full), 0us);
    }
    EXPECT_EQ(UploadLimit().wait(0us), 0us);
}

TEST(UploadLimit, MoreDebtThanThereCanBeIsForgiven) {
    const auto limit = UploadLimit::per_minute(60, 10);
    EXPECT_EQ(limit.wait(10s), 1s);
    EXPECT_EQ(limit.wait(10s + 1us), 0us);
    EXPECT_EQ(limit.wait(24h), 0us);
}

}  // namespace
}  // namespace coredepot
