// How long the sidecar takes for a core dump, and how much memory: the first one of a firmware, the
// first one when there is an index in the cache folder, and those that come after.
//   decode_bench [ROUNDS=300]
// Takes the crash in tests/data and, where they are, the real dumps in CORES_DIR. A process of its
// own for everything that is measured, as it would be for a sidecar that was started just then.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoder/decode.hpp"
#include "decoder/limits/run_within.hpp"
#include "decoder/output/report_json.hpp"
#include "decoder/output/report_text.hpp"
#include "domain/parse_limits.hpp"
#include "json.hpp"
#include "parse_service/index_folder.hpp"

using namespace coredepot;

namespace {

namespace fs = std::filesystem;

/// Processes that are started to see what the first decode takes.
constexpr int kProcesses = 15;
constexpr double kBytesPerMebibyte = 1'048'576;

struct Case {
    std::string name;
    fs::path dump, elf;
};

std::vector<Case> cases() {
    const fs::path root = COREDEPOT_SOURCE_DIR;
    std::vector<Case> all{{"tests/data/crash", root / "tests/data/crash/coredump.bin",
                           root / "tests/data/crash/thermostat.elf"}};
    const char* const named = std::getenv("CORES_DIR");
    const fs::path cores = named != nullptr ? fs::path(named) : root / "../shared/cores";
    std::error_code none;
    for (const auto& folder : fs::directory_iterator(cores, none)) {
        const auto path = folder.path();
        if (fs::exists(path / "app.elf")) {
            all.push_back({path.filename(), path / "coredump.b64", path / "app.elf"});
        }
    }
    if (all.size() == 1) std::printf("NO REAL CORE DUMPS in %s: say CORES_DIR=…\n", cores.c_str());
    std::ranges::sort(all, {}, &Case::name);
    return all;
}

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Milliseconds, from the dump's bytes to those of the answer, as handlers/parse_sidecar.cpp has
/// it.
double decode(const Case& dump_of, decoder::ElfShelf& shelf) {
    const auto dump = content_of(dump_of.dump);
    const auto start = std::chrono::steady_clock::now();
    const auto report = decoder::run_within(kDecodeTimeLimit, [&] {
        return decoder::decode(std::as_bytes(std::span(dump)), shelf, dump_of.elf, "");
    });
    json::Writer writer;
    writer.begin_object().member("output", decoder::to_text(report.value()));
    decoder::write_members(writer, *report);
    writer.end_object();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    return taken.count();
}

struct Measured {
    std::vector<double> milliseconds;
    double peak_mebibytes;
};

/// What `work` returns in a process of its own.
Measured in_own_process(const std::function<std::vector<double>()>& work) {
    int ends[2];  // NOLINT(*-avoid-c-arrays): pipe(2)
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
        ::mallopt(M_ARENA_MAX, 1);  // as in the sidecar
        ::mallopt(M_MMAP_THRESHOLD, 1'048'576);
        try {
            const auto milliseconds = work();
            const auto bytes = std::as_bytes(std::span(milliseconds));
            const auto written = ::write(ends[1], bytes.data(), bytes.size());
            ::_exit(written == static_cast<ssize_t>(bytes.size()) ? 0 : 1);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            ::_exit(1);
        }
    }
    ::close(ends[1]);
    Measured measured{};
    for (double value = 0; ::read(ends[0], &value, sizeof value) == sizeof value;) {
        measured.milliseconds.push_back(value);
    }
    ::close(ends[0]);
    int status = 0;
    rusage used{};
    if (::wait4(child, &status, 0, &used) != child || status != 0) {
        throw std::runtime_error("a decode failed");
    }
    constexpr double kKibibytesPerMebibyte = 1024;
    measured.peak_mebibytes = static_cast<double>(used.ru_maxrss) / kKibibytesPerMebibyte;
    std::ranges::sort(measured.milliseconds);
    return measured;
}

double quantile(const std::vector<double>& sorted, double share) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted.at(static_cast<std::size_t>(last * share));
}

/// The median over several processes.
double first_decode(const Case& dump, const decoder::IndexStore& indexes) {
    std::vector<double> all;
    for (int i = 0; i < kProcesses; ++i) {
        all.push_back(in_own_process([&] {
                          decoder::ElfShelf shelf(decoder::kMaxShelfBytes, indexes);
                          return std::vector{decode(dump, shelf)};
                      }).milliseconds.at(0));
    }
    std::ranges::sort(all);
    return quantile(all, 0.5);
}

void measure(const Case& dump, int rounds, const fs::path& cache) {
    const auto first = first_decode(dump, {});
    in_own_process([&] {
        decoder::ElfShelf shelf(0, parse_service::index_folder(cache));
        return std::vector{decode(dump, shelf)};
    });
    const auto indexed = first_decode(dump, parse_service::index_folder(cache));
    const auto again = in_own_process([&] {
        decoder::ElfShelf shelf;
        decode(dump, shelf);
        std::vector<double> all;
        for (int i = 0; i < rounds; ++i) all.push_back(decode(dump, shelf));
        return all;
    });
    std::printf("%-20s %7.2f %9.2f %9.2f %9.2f %9.2f %9.1f\n", dump.name.c_str(),
                static_cast<double>(fs::file_size(dump.elf)) / kBytesPerMebibyte, first, indexed,
                quantile(again.milliseconds, 0.5), quantile(again.milliseconds, 0.99),
                again.peak_mebibytes);
}

}  // namespace

int main(int count, char** arguments) {
    constexpr int kRounds = 300;
    std::string cache = (fs::temp_directory_path() / "decode_bench.XXXXXX").string();
    try {
        const int rounds = count > 1 ? std::stoi(arguments[1]) : kRounds;
        if (::mkdtemp(cache.data()) == nullptr) throw std::runtime_error("no temporary folder");
        const auto all = cases();
        std::printf("%-20s %7s %9s %9s %9s %9s %9s\n%-20s %7s %9s %9s %9s %9s %9s\n", "core dump",
                    "ELF", "first", "+index", "again", "p99", "peak", "", "MiB", "ms", "ms", "ms",
                    "ms", "MiB");
        for (const auto& dump : all) measure(dump, rounds, cache);
        fs::remove_all(cache);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "decode_bench: %s\n", error.what());
        fs::remove_all(cache);
        return 1;
    }
}
