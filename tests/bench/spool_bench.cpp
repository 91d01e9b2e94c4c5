// What an upload costs while the database is away, with ever more core dumps waiting.
//   spool_bench [WAITING=0,10000,100000,1000000] [FOLDER]
// A line for each: the median of 100 uploads of 16 KiB with a key of their own, their 95th
// percentile, what a device's count and a look at /health take, and how long the parts take to be
// sorted when all lie beside them, as in a spool of before. Needs 4 KiB of disk and an inode for
// each that waits.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

#include "sha256.hpp"
#include "storage/spool.hpp"

using namespace coredepot;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

double took(const std::function<void()>& action) {
    const auto started = Clock::now();
    action();
    return Milliseconds(Clock::now() - started).count();
}

double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

storage::UploadedDump dump(std::size_t number, const std::string& bytes) {
    return {DeviceKey::trusted(std::to_string(10'000'000 + number)),
            std::nullopt,
            Chip::trusted("esp32c3"),
            FirmwareVersion::trusted("1.0"),
            now(),
            IdempotencyKey::parse(std::to_string(number)),
            sha256_hex(bytes),
            bytes};
}

/// As a runner of before would find it: not synced, which takes too long for a million.
void fill(const fs::path& root, std::size_t from, std::size_t to) {
    fs::create_directories(root / ".spool");
    for (auto number = from; number < to; ++number) {
        const auto waits = dump(number, "x");
        const auto name = waits.device.str() + '-' + to_compact(waits.uploaded_at) + ".spool";
        std::ofstream(root / ".spool" / name, std::ios::binary) << to_record(waits);
    }
}

void measure(const fs::path& root, std::size_t from, std::size_t waiting) {
    constexpr std::size_t kUploads = 100;
    constexpr std::size_t kBytes = 16'384;
    constexpr std::uint64_t kNoBound = std::uint64_t{1} << 40U;
    const storage::Spool spool(root, kNoBound);
    fill(root, from, waiting);
    const auto sorting = took([&] { spool.for_each([](const auto&) { return false; }); });
    std::vector<double> uploads;
    const std::string bytes(kBytes, 'x');
    for (std::size_t i = 0; i < kUploads; ++i) {
        // Devices that have nothing there yet, spread over the parts.
        const auto upload = dump(50'000'000 + waiting + i, bytes);
        uploads.push_back(took([&] {
            spool.waiting_of(upload.device);
            spool.store(upload);
        }));
    }
    const auto count = took([&] { spool.waiting_of(DeviceKey::trusted("10000000")); });
    const auto health = took([&] { spool.state(); });
    std::printf(
        "%9zu waiting: upload %6.2f ms, 95%% %6.2f ms; count %5.2f ms; health %5.2f ms; "
        "sorting in %zu took %.0f ms\n",
        waiting, quantile(uploads, 0.5), quantile(uploads, 0.95), count, health, waiting - from,
        sorting);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        std::istringstream counts(argc > 1 ? argv[1] : "0,10000,100000,1000000");
        const fs::path root = fs::path(argc > 2 ? argv[2] : fs::temp_directory_path()) /
                              ("coredepot-spool-bench-" + std::to_string(::getpid()));
        fs::create_directory(root);
        std::size_t before = 0;
        for (std::string count; std::getline(counts, count, ',');) {
            const auto waiting = static_cast<std::size_t>(std::stoull(count));
            measure(root, before, std::max(before, waiting));
            before = waiting;
        }
        fs::remove_all(root);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "spool_bench: %s\n", error.what());
        return 1;
    }
}
