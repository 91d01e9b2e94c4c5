#pragma once

#include <chrono>
#include <optional>

#include "domain/time.hpp"

namespace coredepot::auth {

/// How an issuer was asked so far, by all processes of this machine together; from that follows
/// whether it may be asked again. Anybody can make a token that names a key which nobody knows, so
/// that questions are a budget: 8 at once, of which one comes back every two seconds. Each answer
/// has all keys, whoever brought the question about, so whoever uses the budget up makes us know
/// of a new key within two seconds. An issuer that did not answer has ten seconds of peace.
struct Asked {
    std::optional<Timestamp> last;  ///< when a question began; empty: there was none
    bool answered = true;           ///< that question, with something of use
    Timestamp budget_full_at{};     ///< when there may be 8 at once again

    /// How long the issuer may not be asked; zero: it may be asked now. A clock that was set back
    /// makes nobody wait.
    std::chrono::microseconds wait(Timestamp now) const;
    /// The same with one more question, which begins now and has no answer yet.
    Asked again(Timestamp now) const;

    bool operator==(const Asked&) const = default;

    static constexpr std::chrono::seconds kPauseAfterFailure{10};
};

}  // namespace coredepot::auth
