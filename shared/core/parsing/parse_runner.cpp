#include "core/parsing/parse_runner.hpp"

#include <utility>

#include "core/parsing/retry_policy.hpp"
#include "gzip.hpp"
#include "log.hpp"
#include "os/host.hpp"
#include "os/storage_error.hpp"
#include "parse_result_json.hpp"

namespace coredepot::core {
namespace {

/// The text that stands in for a backtrace.
std::string unable(const std::string& why) {
    return "Unable to parse coredump: " + why;
}

/// Returns `outcome`.
metrics::ParseOutcome logged(const db::Claim& claim, metrics::ParseOutcome outcome,
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

ParseRunner::ParseRunner(Parts parts, std::vector<std::chrono::seconds> retry_pauses,
                         std::function<bool()> stopping, std::size_t at_once)
    : parts_(parts),
      retry_pauses_(std::move(retry_pauses)),
      stopping_(std::move(stopping)),
      at_once_(at_once),
      // With the host's name, because 127.0.0.1 is another sidecar on each machine.
      watch_(parts.outages, os::host_name() + ' ' + parts.sidecar.base_url(), retry_pauses_) {}

std::size_t ParseRunner::drain(const std::function<bool()>& enough) {
    constexpr std::chrono::minutes kLeftover{15};
    parts_.transfer.sweep(kLeftover);
    const auto brought = parts_.queue.bring_forward(kLease + longest_pause(retry_pauses_), kLease);
    if (brought > 0) {
        log::warning("core dumps were due too far in the future; was a clock wrong?",
                     {{"coredumps", brought}});
    }
    take_over_moved();
    store_away_ = false;
    elves_away_ = false;
    put_back_ = 0;
    if (!watch_.begin()) return 0;
    std::size_t worked_on = 0;
    while (true) {
        while (may_claim() && !enough()) {
            using Objects = db::ParseQueue::Objects;
            const bool objects = parts_.files.has_bucket() && !store_away_;
            const auto claim = parts_.queue.claim(kLease, objects ? Objects::Too : Objects::Not);
            if (!claim) break;
            take(*claim);
            ++worked_on;
        }
        if (parts_.sidecar.under_way() > 0) {
            parts_.sidecar.wait();
            if (suspect_ && !still_holds(*suspect_)) suspect_.reset();
        } else if (suspect_) {
            begin_alone();
        } else {
            break;
        }
    }
    watch_.end();
    if (folder_gone_) std::rethrow_exception(folder_gone_);
    return worked_on - put_back_;
}

void ParseRunner::take_over_moved() {
    constexpr std::chrono::minutes kLongEnough{1};
    const auto& folder = parts_.files.folder();
    while (folder && !stopping_()) {
        std::vector<std::int64_t> here;
        for (const auto& coredump : parts_.queue.waiting_elsewhere(kLongEnough)) {
            if (folder->exists(coredump.device_key, coredump.filename)) {
                here.push_back(coredump.coredump_id);
            }
        }
        if (here.empty()) return;
        parts_.queue.take_over(here);
        log::warning("core dumps of another store are in this one", {{"coredumps", here.size()}});
    }
}

bool ParseRunner::may_claim() const {
    return !stopping_() && !folder_gone_ && !elves_away_ && !suspect_ && !alone_ &&
           parts_.sidecar.under_way() < watch_.at_once(at_once_);
}

void ParseRunner::take(const db::Claim& claim) {
    // A claim's log lines belong together like those of a handler's request.
    const log::RequestScope scope(claim.lease);
    // Do this first, because it removes what dead claims on this core dump have left.
    auto job = std::make_shared<Job>(claim, parts_.transfer);
    if (claim.suspicion == 0) {
        begin(job);
        return;
    }
    log::warning("a runner was lost while it parsed a core dump, which is parsed alone now",
                 {{"coredump", claim.coredump_id},
                  {"device", claim.device_key.str()},
                  {"lost_alone", claim.suspicion - 1}});
    suspect_ = std::move(job);
}

void ParseRunner::begin_alone() {
    const auto job = std::exchange(suspect_, nullptr);
    const log::RequestScope scope(job->claim.lease);
    if (stopping_() || folder_gone_ || watch_.at_once(1) == 0) {
        parts_.queue.release(job->claim);
        count(Outcome::Released, *job);
    } else if (parts_.queue.parse_alone(job->claim, kLease)) {
        begin(job);
    }
}

void ParseRunner::begin(const std::shared_ptr<Job>& job) {
    const log::RequestScope scope(job->claim.lease);
    if (const auto outcome = stage_core(*job)) {
        count(*outcome, *job);
    } else {
        alone_ = job->claim.suspicion > 0;
        describe(job);
    }
}

std::optional<ParseRunner::Outcome> ParseRunner::stage_core(Job& job) {
    const auto& claim = job.claim;
    return with_files(claim, [&]() -> std::optional<Outcome> {
        if (claim.suspicion > kMostLost) {
            return record_error(claim,
                                "each of " + std::to_string(kMostLost) +
                                    " runners that parsed this core dump alone died",
                                Attempt::Made);
        }
        const auto coredump = parts_.files.read(claim.device_key, {claim.filename, claim.object});
        if (!coredump) {
            constexpr const char* kGone = "the core dump's file is gone";
            if (claim.is_here) return record_error(claim, kGone, Attempt::NotMade);
            // It may be on another host, whose runner gets it another time.
            return record_failure(claim, kGone);
        }
        job.staged.write_core(*coredump);
        if (claim.signature_rules) job.staged.write_rules(*claim.signature_rules);
        return std::nullopt;
    });
}

void ParseRunner::describe(const std::shared_ptr<Job>& job) {
    parts_.sidecar.describe(
        job->staged.core_name(), [this, job] { return still_wanted(*job); },
        [this, job](const sidecar::Description& description) { described(job, description); });
}

void ParseRunner::described(const std::shared_ptr<Job>& job,
                            const sidecar::Description& description) {
    const log::RequestScope scope(job->claim.lease);
    const auto* facts = std::get_if<DumpFacts>(&description);
    const auto outcome = facts == nullptr ? outcome_of(*job, std::get<sidecar::Failed>(description))
                                          : stage_elf(*job, *facts);
    if (outcome) {
        finish(*job, *outcome);
    } else {
        ask(job);
    }
}

std::optional<ParseRunner::Outcome> ParseRunner::stage_elf(Job& job, const DumpFacts& facts) {
    const auto& claim = job.claim;
    return with_files(claim, [&]() -> std::optional<Outcome> {
        auto elf = find_elf(claim, facts);
        if (const auto* none = std::get_if<NoElf>(&elf)) {
            job.staged.remove();
            return record_want(claim, *none);
        }
        job.elf = std::get<FoundElf>(std::move(elf));
        job.staged.put_elf(job.elf->elf.file);
        return std::nullopt;
    });
}

std::variant<FoundElf, NoElf> ParseRunner::find_elf(const db::Claim& claim,
                                                    const DumpFacts& facts) {
    try {
        return parts_.elves.find(claim, facts);
    } catch (const objects::Unavailable&) {
        elves_away_ = true;
        throw;
    }
}

std::optional<ParseRunner::Outcome> ParseRunner::with_files(
    const db::Claim& claim, const std::function<std::optional<Outcome>()>& step) {
    try {
        return step();
    } catch (const os::FolderGone&) {
        folder_gone_ = std::current_exception();
        parts_.queue.release(claim);
        return Outcome::Released;
    } catch (const objects::Unavailable& away) {
        log::warning("object storage not available: core dumps wait", {{"error", away.what()}});
        store_away_ = true;
        ++put_back_;
        parts_.queue.release(claim);
        return Outcome::Released;
    } catch (const os::StorageError& error) {
        log::error("disk failure during a parse", {{"error", error.what()}});
        return record_failure(claim, "the disk failed: " + error.code().message());
    }
}

void ParseRunner::ask(const std::shared_ptr<Job>& job) {
    const auto& staged = job->staged;
    const auto rules = job->claim.signature_rules ? staged.rules_name() : std::string();
    parts_.sidecar.ask(
        {staged.core_name(), staged.elf_name(), job->claim.chip.str(), rules},
        [this, job] { return still_wanted(*job); },
        [this, job](const sidecar::Answer& answer) {
            const log::RequestScope scope(job->claim.lease);
            finish(*job, outcome_of(*job, answer));
        });
}

bool ParseRunner::still_wanted(Job& job) {
    return !stopping_() && still_holds(job);
}

bool ParseRunner::still_holds(Job& job) {
    if (Clock::now() - job.renewed < kLease / 3) return true;
    job.renewed = Clock::now();
    const log::RequestScope scope(job.claim.lease);
    try {
        // The lease is lost: the core dump was deleted or put back, or this process stood still for
        // longer than the lease.
        return parts_.queue.renew(job.claim, kLease);
    } catch (const db::Unavailable& error) {
        // The answer may come before the lease ends, and the database may be back by then.
        log::warning("cannot renew a lease", {{"error", error.what()}});
        return true;
    }
}

void ParseRunner::finish(Job& job, Outcome outcome) {
    alone_ = false;
    count(outcome, job);
}

ParseRunner::Outcome ParseRunner::outcome_of(const Job& job, const sidecar::Answer& answer) {
    job.staged.remove();  // whoever sees the result finds the folder clean
    const auto& claim = job.claim;
    const auto* failed = std::get_if<sidecar::Failed>(&answer);
    if (failed != nullptr && stopping_()) {
        parts_.queue.release(claim);
        return Outcome::Released;
    }
    watch_.answered(claim.coredump_id, answer);
    if (failed != nullptr) return record_failure(claim, failed->error);
    if (const auto* rejected = std::get_if<sidecar::Rejected>(&answer)) {
        return record_error(claim, rejected->reason, Attempt::Made);
    }
    auto report = std::get<CrashReport>(answer);
    report.packed = gzip(parse_result_json(report.output, report.details));
    return record(job, report);
}

void ParseRunner::count(Outcome outcome, const Job& job) {
    parts_.counters.record_parse(
        outcome, std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - job.started));
}

ParseRunner::Outcome ParseRunner::record(const Job& job, const CrashReport& report) {
    const auto& claim = job.claim;
    const auto title = report.title.value_or("");
    const auto version = job.elf ? std::optional(job.elf->version) : std::nullopt;
    if (parts_.queue.record_parsed(claim, report, version)) {
        return logged(claim, Outcome::Parsed, title);
    }
    if (!parts_.queue.release(claim)) return logged(claim, Outcome::Dropped, title);
    return logged(claim, Outcome::Released, "the model's signature rules changed meanwhile");
}

ParseRunner::Outcome ParseRunner::record_error(const db::Claim& claim, const std::string& reason,
                                               Attempt attempt) {
    const bool recorded =
        parts_.queue.record_error(claim, unable(reason), attempt == Attempt::Made);
    return logged(claim, recorded ? Outcome::Error : Outcome::Dropped, reason);
}

ParseRunner::Outcome ParseRunner::record_want(const db::Claim& claim, const NoElf& want) {
    switch (parts_.queue.record_want(claim, unable(want.reason), want.sha256_prefix)) {
        case db::WantOutcome::Recorded:
            return logged(claim, Outcome::Error, want.reason);
        case db::WantOutcome::Kept:
            return logged(claim, Outcome::Dropped, "it keeps its result: " + want.reason);
        case db::WantOutcome::Arrived:
            return logged(claim, Outcome::Retry, "firmware arrived meanwhile");
        case db::WantOutcome::Lost:
            break;
    }
    return logged(claim, Outcome::Dropped, want.reason);
}

ParseRunner::Outcome ParseRunner::record_failure(const db::Claim& claim, const std::string& error) {
    const auto pause = pause_after(claim.attempt, retry_pauses_);
    if (!pause) return record_error(claim, error, Attempt::Made);
    const bool recorded = parts_.queue.record_failure(claim, error, *pause);
    return logged(claim, recorded ? Outcome::Retry : Outcome::Dropped, error);
}

}  // namespace coredepot::core
