// file_and_row FOLDER URL STATEMENT THREADS SECONDS BYTES FIRST_DEVICE DEVICES: the limit for
// uploads. What each must do, and nothing else: the file (file_work.hpp), then the row, by the
// statement that Coredepot has for it, then the files that are evicted go. No HTTP, no token, no
// hash, no log. Prints, as JSON, how many of these a second and their latencies in milliseconds.
//
// STATEMENT has a device's id as $1, a file name as $2, a SHA-256 as $3 and microseconds since 1970
// as $4, and names the files to remove in the column evicted_filename. FIRST_DEVICE and DEVICES are
// ids; fleet.py says what the key of one is.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <libpq-fe.h>

#include "file_work.hpp"
#include "latencies.hpp"

namespace {

namespace fs = std::filesystem;
using Clock = Latencies::Clock;

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

struct Work {
    fs::path root;
    std::string url, statement, bytes;
    int threads, first_device, devices;
    Clock::time_point end;
};

std::string padded(long long number, std::size_t width) {
    const auto digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

/// As dump_filename() in shared/domain/coredump.hpp.
std::string filename(long long microseconds) {
    const std::time_t seconds = microseconds / 1'000'000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 40> text{};
    std::strftime(text.data(), text.size(), "coredump_%Y%m%dT%H%M%S_", &utc);
    return text.data() + padded(microseconds % 1'000'000, 6) + "Z.dmp";
}

class Rows {
  public:
    explicit Rows(const Work& work) : connection_(PQconnectdb(work.url.c_str())) {
        // As a session's in shared/db/session.cpp.
        require_status(
            Result(PQexec(connection_.get(),
                          "SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = "
                          "off; SET plan_cache_mode = force_generic_plan")),
            PGRES_COMMAND_OK);
        require_status(
            Result(PQprepare(connection_.get(), "record", work.statement.c_str(), 4, nullptr)),
            PGRES_COMMAND_OK);
    }

    /// Returns the names of what is evicted.
    std::vector<std::string> record(int device, const std::string& name, long long microseconds) {
        const auto id = std::to_string(device);
        const auto at = std::to_string(microseconds);
        const auto sha256 = padded(device, 20) + padded(microseconds, 44);  // any one will do
        const std::array values{id.c_str(), name.c_str(), sha256.c_str(), at.c_str()};
        const Result result(PQexecPrepared(connection_.get(), "record", values.size(),
                                           values.data(), nullptr, nullptr, 0));
        require_status(result, PGRES_TUPLES_OK);
        const int column = PQfnumber(result.get(), "evicted_filename");
        std::vector<std::string> evicted;
        for (int row = 0; row < PQntuples(result.get()); ++row) {
            if (!PQgetisnull(result.get(), row, column))
                evicted.emplace_back(PQgetvalue(result.get(), row, column));
        }
        return evicted;
    }

  private:
    void require_status(const Result& result, ExecStatusType status) const {
        if (PQresultStatus(result.get()) != status)
            throw std::runtime_error(PQerrorMessage(connection_.get()));
    }

    std::unique_ptr<PGconn, Finish> connection_;
};

/// Of its own devices, in turn: no two threads have the same.
void upload_until_end(const Work& work, int number, Latencies& latencies) {
    Rows rows(work);
    for (int i = number; Clock::now() < work.end; i += work.threads) {
        const auto begun = Clock::now();
        const int device = work.first_device + i % work.devices;
        const auto folder = work.root / ('d' + padded(device, 7));
        const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(
                                      std::chrono::system_clock::now().time_since_epoch())
                                      .count();
        const auto name = filename(microseconds);
        store(folder, name, work.bytes);
        for (const auto& evicted : rows.record(device, name, microseconds)) evict(folder, evicted);
        latencies.add(Clock::now() - begun);
    }
}

int run(const Work& work) {
    const auto started = Clock::now();
    std::vector<Latencies> of_threads(static_cast<std::size_t>(work.threads));
    std::vector<std::jthread> threads;
    for (int i = 0; i < work.threads; ++i) {
        threads.emplace_back([&work, i, &own = of_threads[static_cast<std::size_t>(i)]] {
            try {
                upload_until_end(work, i, own);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "file_and_row: %s\n", error.what());
                std::_Exit(1);
            }
        });
    }
    threads.clear();
    Latencies all;
    for (const auto& one : of_threads) all.add(one);
    if (all.size() == 0) return 1;
    all.print(Clock::now() - started);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 9) {
        std::fprintf(stderr,
                     "usage: file_and_row FOLDER URL STATEMENT THREADS SECONDS BYTES FIRST_DEVICE "
                     "DEVICES\n");
        return 2;
    }
    try {
        const auto seconds = std::chrono::duration<double>(std::stod(argv[5]));
        const int threads = std::stoi(argv[4]);
        const int devices = std::stoi(argv[8]);
        return run({argv[1], argv[2], argv[3], std::string(std::stoul(argv[6]), 'x'), threads,
                    std::stoi(argv[7]), devices - devices % threads,
                    Clock::now() + std::chrono::duration_cast<Clock::duration>(seconds)});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "file_and_row: %s\n", error.what());
        return 1;
    }
}
