#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dump_files.hpp"
#include "core/parsing/elf_finder.hpp"
#include "core/parsing/sidecar_watch.hpp"
#include "db/parse_queue.hpp"
#include "metrics/counters.hpp"
#include "sidecar/client.hpp"
#include "storage/transfer_folder.hpp"

namespace coredepot::core {

/// Brings core dumps from PENDING to PARSED or ERROR: it claims one, stages it, asks the sidecar
/// which ELF the core dump names, finds and stages that, asks the sidecar for the report, and
/// records it. A core dump's bytes come from a stranger. This class copies them, and only the
/// sidecar reads them. Any number may run at once on any number of machines, and each may be killed
/// at any moment.
class ParseRunner {
  public:
    struct Parts {
        db::ParseQueue& queue;
        ElfFinder& elves;
        const DumpFiles& files;
        const storage::TransferFolder& transfer;
        sidecar::Client& sidecar;
        metrics::Counters& counters;
        db::SidecarOutages& outages;
    };

    /// `stopping` is called between core dumps and about once a second during one. Once it returns
    /// true, unfinished core dumps go back into the queue. `at_once`: how many core dumps the
    /// sidecar works on at a time.
    ParseRunner(Parts parts, std::vector<std::chrono::seconds> retry_pauses,
                std::function<bool()> stopping, std::size_t at_once = 1);

    /// Works until nothing is due, or until the sidecar turns out to be away. `enough` is called
    /// before each claim; once it returns true, drain() finishes what it has begun and returns.
    /// Returns how many claims it worked on. Throws db::Unavailable. Throws os::FolderGone, and
    /// then every core dump keeps its place in the queue. Objects also keep theirs while the store
    /// is away.
    std::size_t drain(const std::function<bool()>& enough = [] { return false; });

    /// How long a claim lasts without being renewed. It is short, because a killed runner's core
    /// dump waits for its end. It is renewed while the sidecar works.
    static constexpr std::chrono::seconds kLease{30};

    /// A core dump ends in ERROR after that many runners were lost while each parsed it alone. A
    /// runner that is killed while it parses several does not count against any of them. It is more
    /// than one, because a runner may also die with its machine, or be killed by a person. Each
    /// loss costs this core dump a lease, and others nothing.
    static constexpr int kMostLost = 5;

  private:
    using Outcome = metrics::ParseOutcome;
    using Clock = std::chrono::steady_clock;

    /// A claim that the sidecar is working on. Its staged files go with it.
    struct Job {
        Job(const db::Claim& what, const storage::TransferFolder& transfer)
            : claim(what), staged(transfer.stage(what.coredump_id, what.lease)) {}
        db::Claim claim;
        storage::StagedFiles staged;
        std::optional<FoundElf> elf;  ///< the ELF to decode it with, once found
        Clock::time_point started = Clock::now();
        Clock::time_point renewed = started;
    };

    /// Takes over core dumps that wait for a runner of another store although their files are in
    /// this one: somebody moved a folder without its .store-id, or the folder got a new one.
    void take_over_moved();
    bool may_claim() const;
    void take(const db::Claim& claim);
    void begin(const std::shared_ptr<Job>& job);
    void begin_alone();
    /// The next three return the outcome, or nothing when there is more to do.
    /// Returns the result of `step`, or the outcome when a disk or a store fails.
    std::optional<Outcome> with_files(const db::Claim& claim,
                                      const std::function<std::optional<Outcome>()>& step);
    std::optional<Outcome> stage_core(Job& job);
    std::optional<Outcome> stage_elf(Job& job, const DumpFacts& facts);
    std::variant<FoundElf, NoElf> find_elf(const db::Claim& claim, const DumpFacts& facts);
    void describe(const std::shared_ptr<Job>& job);
    void described(const std::shared_ptr<Job>& job, const sidecar::Description& description);
    void ask(const std::shared_ptr<Job>& job);
    bool still_wanted(Job& job);
    /// Renews the lease when it is time; false when it is lost.
    bool still_holds(Job& job);
    /// Called with the outcome of a question to the sidecar.
    void finish(Job& job, Outcome outcome);
    Outcome outcome_of(const Job& job, const sidecar::Answer& answer);
    void count(Outcome outcome, const Job& job);

    Outcome record(const Job& job, const CrashReport& report);
    /// Whether the sidecar was asked. If not, the attempt does not count.
    enum class Attempt { Made, NotMade };
    Outcome record_error(const db::Claim& claim, const std::string& reason, Attempt attempt);
    Outcome record_want(const db::Claim& claim, const NoElf& want);
    Outcome record_failure(const db::Claim& claim, const std::string& error);

    Parts parts_;
    std::vector<std::chrono::seconds> retry_pauses_;
    std::function<bool()> stopping_;
    std::size_t at_once_;
    SidecarWatch watch_;
    /// A core dump that lost a runner. It waits until nothing else is under way, and nothing else
    /// is claimed meanwhile.
    std::shared_ptr<Job> suspect_;
    bool alone_ = false;              ///< the suspect is what is under way
    std::exception_ptr folder_gone_;  ///< why nothing is claimed any more, if it is set
    bool store_away_ = false;         ///< the objects' store: no objects are claimed any more
    /// The ELF of a core dump in a file is also in the store, so nothing is claimed any more.
    bool elves_away_ = false;
    std::size_t put_back_ = 0;  ///< claims that were put back for that reason
};

}  // namespace coredepot::core
