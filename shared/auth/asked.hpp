#pragma once

#include <chrono>
#include <optional>

#include "domain/time.hpp"

namespace coredepot::auth {

/// When the processes of this machine have asked an issuer, which decides when they may ask again.
/// Anybody can make a token that names an unknown key, so questions have a budget: 8 at once, and
/// one comes back every two seconds. Each answer has all keys, whoever caused the question. So even
/// if somebody uses up the budget, we learn of a new key within two seconds. After an issuer has
/// not answered, it is left alone for ten seconds.
struct Asked {
    std::optional<Timestamp> last;  ///< when the last question began; empty: there was none
    bool answered = true;           ///< the last question had a useful answer
    Timestamp budget_full_at{};     ///< when there may be 8 at once again

    /// How long the issuer must not be asked; zero: it may be asked now. If the clock was set back,
    /// nobody waits.
    std::chrono::microseconds wait(Timestamp now) const;
    /// The state after another question, which starts now and has no answer yet.
    Asked again(Timestamp now) const;

    bool operator==(const Asked&) const = default;

    static constexpr std::chrono::seconds kPauseAfterFailure{10};
};

}  // namespace coredepot::auth
