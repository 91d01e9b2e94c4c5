#include "core/parse_runner.hpp"

#include "core/retry_policy.hpp"
#include "log.hpp"
#include "storage/files.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {
namespace {

using std::chrono::steady_clock;

/// The text that takes the place of a backtrace.
std::string unable(const std::string& why) {
    return "Unable to parse coredump: " + why;
}

/// Returns `outcome`.
metrics::ParseOutcome finish(const db::Claim& claim, metrics::ParseOutcome outcome,
                             const std::string& detail) {
    log::info("parsed a core dump",
              {{"coredump", claim.coredump_id},
               {"device", claim.device_key.str()},
               {"attempt", claim.attempt},
               {"outcome", metrics::kParseOutcomes.at(static_cast<std::size_t>(outcome))},
               {"detail", detail}});
    return outcome;
}

}  // namespace

std::size_t ParseRunner::drain() {
    constexpr std::chrono::minutes kLeftover{15};
    parts_.transfer.sweep(kLeftover);
    std::size_t worked_on = 0;
    while (!stopping_()) {
        const auto claim = parts_.queue.claim(kLease);
        if (!claim) break;
        process(*claim);
        ++worked_on;
    }
    return worked_on;
}

void ParseRunner::process(const db::Claim& claim) {
    // A claim is to its log lines what a request is to a handler's.
    const log::RequestScope scope(claim.lease);
    const auto started = steady_clock::now();
    const auto outcome = work_on(claim);
    parts_.counters.record_parse(outcome, std::chrono::duration_cast<std::chrono::microseconds>(
                                              steady_clock::now() - started));
}

ParseRunner::Outcome ParseRunner::work_on(const db::Claim& claim) {
    try {
        // First of all, because it removes what dead claims of this core dump left behind.
        const auto staged = parts_.transfer.stage(claim.coredump_id, claim.lease);
        if (claim.attempt > static_cast<int>(retry_pauses_.size()) + 1) {
            return record_error(claim, "the runner died during every attempt", Attempt::Made);
        }
        const auto coredump = parts_.dumps.read(claim.device_key, claim.filename);
        if (!coredump) {
            return record_error(claim, "the core dump's file is gone", Attempt::NotMade);
        }
        const auto elf = parts_.elves.find(claim, *coredump);
        if (const auto* none = std::get_if<NoElf>(&elf)) {
            return record_error(claim, none->reason, Attempt::NotMade);
        }
        staged.write_core(*coredump);
        staged.write_elf([&](const auto& sink) { std::get<BundledElf>(elf).extract(sink); });
        return decode(claim, staged);
    } catch (const storage::ZipError& error) {
        return record_error(claim, std::string("firmware ZIP: ") + error.what(), Attempt::NotMade);
    } catch (const storage::StorageError& error) {
        log::error("disk failure during a parse", {{"error", error.what()}});
        return record_failure(claim, "the disk failed: " + error.code().message());
    }
}

ParseRunner::Outcome ParseRunner::decode(const db::Claim& claim,
                                         const storage::StagedPair& staged) {
    const auto answer = ask(claim, staged);
    staged.remove();  // who sees the result finds the folder clean
    if (const auto* parsed = std::get_if<CrashReport>(&answer)) {
        return record(claim, *parsed);
    }
    if (const auto* rejected = std::get_if<sidecar::Rejected>(&answer)) {
        return record_error(claim, rejected->reason, Attempt::Made);
    }
    if (stopping_()) {
        parts_.queue.release(claim);
        return Outcome::Released;
    }
    return record_failure(claim, std::get<sidecar::Failed>(answer).error);
}

sidecar::Answer ParseRunner::ask(const db::Claim& claim, const storage::StagedPair& staged) {
    auto renewed = steady_clock::now();
    const auto keep_going = [&] {
        if (stopping_()) return false;
        if (steady_clock::now() - renewed < kLease / 3) return true;
        renewed = steady_clock::now();
        return still_ours(claim);
    };
    return parts_.sidecar.parse(staged.core_name(), staged.elf_name(), claim.chip.str(),
                                keep_going);
}

bool ParseRunner::still_ours(const db::Claim& claim) {
    try {
        // Lost: deleted meanwhile, or this process stood still for longer than its lease.
        return parts_.queue.renew(claim, kLease);
    } catch (const db::Unavailable& error) {
        // The answer may come before the lease ends and the database be back to record it.
        log::warning("cannot renew a lease", {{"error", error.what()}});
        return true;
    }
}

ParseRunner::Outcome ParseRunner::record(const db::Claim& claim, const CrashReport& report) {
    const bool recorded = parts_.queue.record_parsed(claim, report);
    return finish(claim, recorded ? Outcome::Parsed : Outcome::Dropped, report.title.value_or(""));
}

ParseRunner::Outcome ParseRunner::record_error(const db::Claim& claim, const std::string& reason,
                                               Attempt attempt) {
    const bool recorded =
        parts_.queue.record_error(claim, unable(reason), attempt == Attempt::Made);
    return finish(claim, recorded ? Outcome::Error : Outcome::Dropped, reason);
}

ParseRunner::Outcome ParseRunner::record_failure(const db::Claim& claim, const std::string& error) {
    const auto pause = pause_after(claim.attempt, retry_pauses_);
    if (!pause) return record_error(claim, error, Attempt::Made);
    const bool recorded = parts_.queue.record_failure(claim, error, *pause);
    return finish(claim, recorded ? Outcome::Retry : Outcome::Dropped, error);
}

}  // namespace coredepot::core
