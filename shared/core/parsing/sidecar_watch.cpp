#include "core/parsing/sidecar_watch.hpp"

#include <algorithm>

#include "core/parsing/retry_policy.hpp"
#include "log.hpp"

namespace coredepot::core {

using Reach = sidecar::Failed::Reach;

bool SidecarWatch::begin() {
    // As long as a claim: if we die, another runner asks.
    constexpr std::chrono::seconds kTurn{30};
    const auto outage = outages_.find(sidecar_, kTurn, kTurn + longest_pause(pauses_));
    failures_ = outage ? outage->failures : 0;
    our_turn_ = outage && outage->our_turn;
    away_ = outage && !our_turn_;
    unanswered_.reset();
    return !away_;
}

void SidecarWatch::end() {
    if (our_turn_) outages_.pass_turn(sidecar_);
    our_turn_ = false;
}

std::size_t SidecarWatch::at_once(std::size_t wanted) const {
    if (away_) return 0;
    return failures_ > 0 ? 1 : wanted;
}

void SidecarWatch::answered(std::int64_t coredump_id, const sidecar::Answer& answer) {
    const auto* failed = std::get_if<sidecar::Failed>(&answer);
    if (failed != nullptr && failed->reach != Reach::Answered) {
        const bool another = unanswered_ && *unanswered_ != coredump_id;
        unanswered_ = coredump_id;
        if (failed->reach == Reach::NoConnection || another) found_away(failed->error);
        return;
    }
    unanswered_.reset();
    if (failures_ == 0) return;
    log::info("the sidecar is back", {{"failures", failures_}});
    outages_.end(sidecar_);
    failures_ = 0;
    our_turn_ = away_ = false;
}

void SidecarWatch::found_away(const std::string& error) {
    if (away_) return;  // the other questions under way find the same
    const auto pause = pauses_.empty()
                           ? std::chrono::seconds(0)
                           : pauses_.at(std::min<std::size_t>(static_cast<std::size_t>(failures_),
                                                              pauses_.size() - 1));
    outages_.record(sidecar_, pause);
    ++failures_;
    away_ = true;
    our_turn_ = false;
    log::warning("the sidecar is away; the queue waits for it",
                 {{"error", error}, {"failures", failures_}, {"pause_s", pause.count()}});
}

}  // namespace coredepot::core
