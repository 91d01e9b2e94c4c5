#include "auth/issuer_answer.hpp"

#include "log.hpp"

namespace coredepot::auth {
namespace {

/// What was in the future, because a clock was put back, is no reason to wait.
bool is_within(std::optional<Timestamp> past, Timestamp now, std::chrono::seconds span) {
    return past && *past <= now && now - *past < span;
}

}  // namespace

void IssuerAnswer::refresh() {
    if (!is_fresh()) update(std::chrono::seconds(0), [this] { return is_fresh(); });
}

bool IssuerAnswer::is_fresh() const {
    return is_within(fetched_at_, clock_(), kMaxAge);
}

void IssuerAnswer::update(std::chrono::seconds patience, const std::function<bool()>& satisfied) {
    read_cache();
    if (satisfied()) return;
    const auto turn =
        cache_.take_turn(is_there() ? patience : question_.longest + std::chrono::seconds(1));
    read_cache();  // the one who had the turn before us has put something there
    if (!turn || satisfied()) return;
    const auto now = clock_();
    if (is_within(turn->last_attempt(), now, kPause) || is_within(attempted_at_, now, kPause)) {
        return;
    }
    attempted_at_ = now;
    turn->record_attempt(now);
    ask_issuer();
}

void IssuerAnswer::read_cache() {
    const auto entry = cache_.read_changed();
    if (!entry) return;
    if (const auto failure = question_.accept(entry->answer)) {
        log::warning("cached answer is not used",
                     {{"what", question_.what}, {"error", failure->why}});
        return;
    }
    fetched_at_ = entry->fetched_at;
}

void IssuerAnswer::ask_issuer() {
    const auto now = clock_();
    const auto answer = question_.ask();
    const auto* failure = std::get_if<FetchFailure>(&answer);
    std::optional<FetchFailure> of_no_use;
    if (failure == nullptr) {
        of_no_use = question_.accept(std::get<std::string>(answer));
        if (of_no_use) failure = &*of_no_use;
    }
    if (failure != nullptr) {
        log::warning("cannot get " + question_.what, {{"error", failure->why}});
        return;
    }
    fetched_at_ = now;
    cache_.store({std::get<std::string>(answer), now});
}

}  // namespace coredepot::auth
