#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/elf_finder.hpp"
#include "db/parse_queue.hpp"
#include "metrics/counters.hpp"
#include "sidecar/client.hpp"
#include "storage/dump_store.hpp"
#include "storage/transfer_folder.hpp"

namespace coredepot::core {

/// Brings core dumps from PENDING to PARSED or ERROR: claim, find the ELF, stage, ask the sidecar,
/// record. Any number may run at once, on any number of machines; each can be killed at any moment.
class ParseRunner {
  public:
    struct Parts {
        db::ParseQueue& queue;
        ElfFinder& elves;
        const storage::DumpStore& dumps;
        const storage::TransferFolder& transfer;
        const sidecar::Client& sidecar;
        metrics::Counters& counters;
    };

    /// `stopping` is asked between core dumps and about once a second during one.
    ParseRunner(Parts parts, std::vector<std::chrono::seconds> retry_pauses,
                std::function<bool()> stopping)
        : parts_(parts), retry_pauses_(std::move(retry_pauses)), stopping_(std::move(stopping)) {}

    /// Works until nothing is due. Returns how many claims it worked on. Throws db::Unavailable.
    std::size_t drain();

    /// How long a claim holds without being renewed. Short, because a killed runner's core dump
    /// waits for its end; renewed while the sidecar works.
    static constexpr std::chrono::seconds kLease{30};

  private:
    using Outcome = metrics::ParseOutcome;

    void process(const db::Claim& claim);
    Outcome work_on(const db::Claim& claim);
    Outcome decode(const db::Claim& claim, const storage::StagedPair& staged);
    sidecar::Answer ask(const db::Claim& claim, const storage::StagedPair& staged);

    bool still_ours(const db::Claim& claim);

    Outcome record(const db::Claim& claim, const CrashReport& report);
    /// Whether the sidecar was asked; what ends before that counts as no attempt.
    enum class Attempt { Made, NotMade };
    Outcome record_error(const db::Claim& claim, const std::string& reason, Attempt attempt);
    Outcome record_failure(const db::Claim& claim, const std::string& error);

    Parts parts_;
    std::vector<std::chrono::seconds> retry_pauses_;
    std::function<bool()> stopping_;
};

}  // namespace coredepot::core
