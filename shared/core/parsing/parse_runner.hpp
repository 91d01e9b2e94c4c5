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

/// Brings core dumps from PENDING to PARSED or ERROR: claim, stage, ask the sidecar which ELF the
/// core dump names, find and stage that, ask the sidecar for the report, record. The bytes of a
/// core dump are a stranger's: they are copied here, and read by the sidecar alone. Any number may
/// run at once, on any number of machines; each can be killed at any moment.
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

    /// `stopping` is asked between core dumps and about once a second during one; once it is true,
    /// what has begun is given back to the queue. `at_once`: how many core dumps the sidecar is
    /// asked about at a time.
    ParseRunner(Parts parts, std::vector<std::chrono::seconds> retry_pauses,
                std::function<bool()> stopping, std::size_t at_once = 1);

    /// Works until nothing is due, or the sidecar turns out to be away. `enough` is asked before
    /// each claim; once it is true, drain() ends what it has begun and returns. Returns how many
    /// claims it worked on. Throws db::Unavailable; os::FolderGone, and then every core dump
    /// is where it was in the queue. So is each that is an object, while the store is away.
    std::size_t drain(const std::function<bool()>& enough = [] { return false; });

    /// How long a claim holds without being renewed. Short, because a killed runner's core dump
    /// waits for its end; renewed while the sidecar works.
    static constexpr std::chrono::seconds kLease{30};

    /// So many runners may be lost over one core dump, each of which parsed it alone, before it
    /// ends in ERROR for that. Whoever is killed while it parses several, or was not alone yet,
    /// counts for none of them. More than one, because what kills a runner may also be the
    /// machine, or who runs it; each costs the core dump a lease, and no other anything.
    static constexpr int kMostLost = 5;

  private:
    using Outcome = metrics::ParseOutcome;
    using Clock = std::chrono::steady_clock;

    /// A claim that the sidecar is asked about; what is staged for it goes with it.
    struct Job {
        Job(const db::Claim& what, const storage::TransferFolder& transfer)
            : claim(what), staged(transfer.stage(what.coredump_id, what.lease)) {}
        db::Claim claim;
        storage::StagedFiles staged;
        std::optional<FoundElf> elf;  ///< that it is decoded with, once it is found
        Clock::time_point started = Clock::now();
        Clock::time_point renewed = started;
    };

    /// What waits for a runner of another store, and has its file in this one: a folder that was
    /// moved without its .store-id, or got another one.
    void take_over_moved();
    bool may_claim() const;
    void take(const db::Claim& claim);
    void begin(const std::shared_ptr<Job>& job);
    void begin_alone();
    /// The next three: the outcome, unless there is more to do for it.
    /// What `step` says, or what a disk or a store that fails makes of it.
    std::optional<Outcome> with_files(const db::Claim& claim,
                                      const std::function<std::optional<Outcome>()>& step);
    std::optional<Outcome> stage_core(Job& job);
    std::optional<Outcome> stage_elf(Job& job, const DumpFacts& facts);
    std::variant<FoundElf, NoElf> find_elf(const db::Claim& claim, const DumpFacts& facts);
    void describe(const std::shared_ptr<Job>& job);
    void described(const std::shared_ptr<Job>& job, const sidecar::Description& description);
    void ask(const std::shared_ptr<Job>& job);
    bool still_wanted(Job& job);
    /// Renews the lease when it is time to; false when it is lost.
    bool still_holds(Job& job);
    /// What was asked of the sidecar came to this.
    void finish(Job& job, Outcome outcome);
    Outcome outcome_of(const Job& job, const sidecar::Answer& answer);
    void count(Outcome outcome, const Job& job);

    Outcome record(const Job& job, const CrashReport& report);
    /// Whether the sidecar was asked; what ends before that counts as no attempt.
    enum class Attempt { Made, NotMade };
    Outcome record_error(const db::Claim& claim, const std::string& reason, Attempt attempt);
    Outcome record_want(const db::Claim& claim, const NoElf& want);
    Outcome record_failure(const db::Claim& claim, const std::string& error);

    Parts parts_;
    std::vector<std::chrono::seconds> retry_pauses_;
    std::function<bool()> stopping_;
    std::size_t at_once_;
    SidecarWatch watch_;
    /// Over which a runner was lost: waits until nothing else is under way, and nothing else is
    /// claimed meanwhile.
    std::shared_ptr<Job> suspect_;
    bool alone_ = false;              ///< it is what is under way
    std::exception_ptr folder_gone_;  ///< and that is why nothing is claimed any more
    bool store_away_ = false;         ///< that has the objects, none of which is claimed any more
    /// An ELF is in it too, of a core dump that may be a file: nothing is claimed any more.
    bool elves_away_ = false;
    std::size_t put_back_ = 0;  ///< claims, for that reason
};

}  // namespace coredepot::core
