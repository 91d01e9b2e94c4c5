#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "auth/discovery.hpp"
#include "auth/issuer_cache.hpp"
#include "domain/time.hpp"

namespace coredepot::auth {

/// The current time. Tests set it themselves.
using Clock = std::function<Timestamp()>;

/// A question to the issuer.
struct Question {
    std::string kind;  ///< part of the names of the answer's files
    std::string what;  ///< for the log
    /// Asks the issuer. Takes at most `longest`.
    std::function<std::variant<std::string, FetchFailure>()> ask;
    std::chrono::seconds longest;
    /// Starts using an answer, from the issuer or from the disk. If it is useless, says why and
    /// keeps the previous one.
    std::function<std::optional<FetchFailure>(const std::string& answer)> accept;
};

/// An issuer's answer to one question, as fresh as we can have it.
///
/// It comes from this process's memory. When that is older than kMaxAge or not good enough, it
/// comes from the disk, where another process may have stored a newer one. When that is not good
/// enough either, we ask the issuer: one process at a time, and as often as Asked allows all of
/// them together. While the issuer does not answer, we keep using the last answer, however old.
class IssuerAnswer {
  public:
    static constexpr std::chrono::minutes kMaxAge{5};

    IssuerAnswer(const std::string& issuer, const std::filesystem::path& cache_folder,
                 Question question, Clock clock)
        : question_(std::move(question)),
          clock_(std::move(clock)),
          cache_(cache_folder, question_.kind, issuer) {}

    /// Gets a fresh answer if possible. If another process is asking, it waits only when there is
    /// no answer yet, and then as long as asking may take. True when this call asked the issuer and
    /// got an answer.
    bool refresh();
    /// The same when even a fresh answer may not be good enough: tries until one is `satisfied`. If
    /// another process is asking, it waits up to `patience`.
    bool update(std::chrono::seconds patience, const std::function<bool()>& satisfied);
    /// Takes over an answer that another process stored. Asks nobody.
    void look();
    /// When the current answer was asked for; empty when none was ever accepted.
    std::optional<Timestamp> fetched_at() const { return fetched_at_; }
    /// When this process and others have asked the issuer.
    Asked asked() const;

  private:
    bool is_there() const { return fetched_at_.has_value(); }
    bool is_fresh() const;
    std::optional<IssuerCache::Turn> take_turn(std::chrono::seconds patience) const;
    bool ask_issuer();
    Asked latest(const Asked& on_disk) const;

    Question question_;
    Clock clock_;
    IssuerCache cache_;
    std::optional<Timestamp> fetched_at_;  ///< of the current answer; empty when there is none
    Asked asked_;                          ///< questions of this process
};

}  // namespace coredepot::auth
