#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "auth/discovery.hpp"
#include "auth/issuer_cache.hpp"
#include "domain/time.hpp"

namespace coredepot::auth {

/// What time it is; a test says so itself.
using Clock = std::function<Timestamp()>;

/// Something that the issuer is asked for.
struct Question {
    std::string kind;  ///< part of the names of the files that keep the answer
    std::string what;  ///< for the log
    /// Asks the issuer, which takes `longest` at the most.
    std::function<std::variant<std::string, FetchFailure>()> ask;
    std::chrono::seconds longest;
    /// Takes over an answer, the issuer's own or one from the disk. Says why, and goes on with what
    /// there was, when it is of no use.
    std::function<std::optional<FetchFailure>(const std::string& answer)> accept;
};

/// An issuer's answer to one question as it is now, as far as one can know.
///
/// It is taken from this process's memory; when that is older than kMaxAge, or will not do, from
/// the disk, where another process may have put a newer one; and when that will not do either, from
/// the issuer. That is asked by one process at a time, and as often as Asked allows all of them
/// together. While it does not answer, the answer that we have goes on being used, however old.
class IssuerAnswer {
  public:
    static constexpr std::chrono::minutes kMaxAge{5};

    IssuerAnswer(const std::string& issuer, const std::filesystem::path& cache_folder,
                 Question question, Clock clock)
        : question_(std::move(question)),
          clock_(std::move(clock)),
          cache_(cache_folder, question_.kind, issuer) {}

    /// Makes it fresh if that can be had. Waits for another process that asks only when there is no
    /// answer yet, and then for as long as asking may take. True when the issuer was asked here and
    /// now, and answered.
    bool refresh();
    /// The same when a fresh one will not do either, until one is `satisfied`; waits for another
    /// process that asks until that has taken it `patience`.
    bool update(std::chrono::seconds patience, const std::function<bool()>& satisfied);
    /// Takes over what another process put on the disk, and asks nobody.
    void look();
    /// When the answer in use was asked for; empty when none was ever accepted.
    std::optional<Timestamp> fetched_at() const { return fetched_at_; }
    /// How the issuer was asked so far, by this process and others.
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
    std::optional<Timestamp> fetched_at_;  ///< the answer in use; empty when there is none
    Asked asked_;                          ///< by this process
};

}  // namespace coredepot::auth
