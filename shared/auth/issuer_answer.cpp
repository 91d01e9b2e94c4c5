#include "auth/issuer_answer.hpp"

#include "log.hpp"

namespace coredepot::auth {
namespace {

/// A time in the future, after the clock was set back, is no reason to wait.
bool is_within(std::optional<Timestamp> past, Timestamp now, std::chrono::seconds span) {
    return past && *past <= now && now - *past < span;
}

}  // namespace

bool IssuerAnswer::refresh() {
    return !is_fresh() && update(std::chrono::seconds(0), [this] { return is_fresh(); });
}

bool IssuerAnswer::is_fresh() const {
    return is_within(fetched_at_, clock_(), kMaxAge);
}

bool IssuerAnswer::update(std::chrono::seconds patience, const std::function<bool()>& satisfied) {
    look();
    if (satisfied()) return false;
    const auto turn = take_turn(patience);
    look();  // the previous holder of the turn has stored something
    if (!turn || satisfied()) return false;
    const auto now = clock_();
    const auto asked = latest(turn->asked());
    if (asked.wait(now) > std::chrono::microseconds(0)) return false;
    asked_ = asked.again(now);
    turn->record(asked_);
    asked_.answered = ask_issuer();
    if (!asked_.answered)
        asked_.last = clock_();  // the pause starts at the end of the failed question
    turn->record(asked_);
    return asked_.answered;
}

/// Waits for another process that is asking, but not for a slow issuer: while we wait, we serve
/// nobody.
std::optional<IssuerCache::Turn> IssuerAnswer::take_turn(std::chrono::seconds patience) const {
    if (!is_there()) return cache_.take_turn(question_.longest + std::chrono::seconds(1));
    if (auto turn = cache_.take_turn(std::chrono::seconds(0))) return turn;
    const auto now = clock_();
    const auto began = cache_.asked().last;
    const bool is_slow = began && *began <= now && now - *began >= patience;
    return is_slow ? std::nullopt : cache_.take_turn(patience);
}

Asked IssuerAnswer::asked() const {
    return latest(cache_.asked());
}

/// If the disk fails, we only know about this process's own questions.
Asked IssuerAnswer::latest(const Asked& on_disk) const {
    return asked_.last && (!on_disk.last || *on_disk.last < *asked_.last) ? asked_ : on_disk;
}

void IssuerAnswer::look() {
    const auto entry = cache_.read_changed();
    if (!entry) return;
    if (const auto failure = question_.accept(entry->answer)) {
        log::warning("a cached answer cannot be used",
                     {{"what", question_.what}, {"error", failure->why}});
        return;
    }
    fetched_at_ = entry->fetched_at;
}

bool IssuerAnswer::ask_issuer() {
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
        return false;
    }
    fetched_at_ = now;
    cache_.store({std::get<std::string>(answer), now});
    return true;
}

}  // namespace coredepot::auth
