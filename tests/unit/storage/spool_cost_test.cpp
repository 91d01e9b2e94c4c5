// What an upload costs while others wait: told by how many names it reads in folders, which this
// program counts in place of the C library.

#include <atomic>

#include <dirent.h>
#include <dlfcn.h>
#include <gtest/gtest.h>

#include "sha256.hpp"
#include "storage/spool.hpp"
#include "support/temporary_folder.hpp"

namespace {

std::atomic<std::size_t> names_read = 0;

}  // namespace

extern "C" dirent* readdir(DIR* folder) {
    using Read = dirent* (*)(DIR*);
    static const auto real = reinterpret_cast<Read>(::dlsym(RTLD_NEXT, "readdir"));
    ++names_read;
    return real(folder);
}

namespace coredepot::storage {
namespace {

constexpr std::size_t kWaiting = 3'000;
/// In a part there is one of them, or none; this is far from any number that grows.
constexpr std::size_t kFew = 40;

UploadedDump dump(const std::string& device, const std::string& key) {
    return {DeviceKey::trusted(device),
            std::nullopt,
            Chip::trusted("esp32c3"),
            FirmwareVersion::trusted("1.0"),
            now(),
            IdempotencyKey::parse(key),
            sha256_hex("bytes"),
            "bytes"};
}

std::size_t names_read_by(const std::function<void()>& action) {
    names_read = 0;
    action();
    return names_read;
}

TEST(SpoolCost, IsTheSameHoweverManyWait) {
    const test::TemporaryFolder root;
    const Spool spool(root.path(), 1'000'000'000);
    for (std::size_t i = 0; i < kWaiting; ++i) {
        const auto device = std::to_string(10'000'000 + i);
        test::write_file(root / ".spool" / (device + "-20260211T143000_123456Z.spool"), "x");
    }
    EXPECT_GT(names_read_by([&] { spool.for_each([](const auto&) { return false; }); }), kWaiting);

    EXPECT_LT(names_read_by([&] { spool.store(dump("abcd1234", "first")); }), kFew);
    EXPECT_LT(names_read_by([&] { spool.store(dump("abcd1234", "first")); }), kFew);
    EXPECT_LT(names_read_by([&] { spool.waiting_of(DeviceKey::trusted("abcd1234")); }), kFew);
    SpoolState state;
    EXPECT_EQ(names_read_by([&] { state = spool.state(); }), 0U);
    EXPECT_EQ(state.waiting.files, kWaiting + 1);
}

}  // namespace
}  // namespace coredepot::storage
