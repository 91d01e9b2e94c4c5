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
/// the issuer. That is asked at most once in kPause by all processes together, and by one at a
/// time. While it does not answer, the answer that we have goes on being used, however old it is.
class IssuerAnswer {
  public:
    static constexpr std::chrono::minutes kMaxAge{5};
    static constexpr std::chrono::seconds kPause{10};

    IssuerAnswer(const std::string& issuer, const std::filesystem::path& cache_folder,
                 Question question, Clock clock)
        : question_(std::move(question)),
          clock_(std::move(clock)),
          cache_(cache_folder, question_.kind, issuer) {}

    /// Makes it fresh if that can be had. Waits for another process that asks only when there is no
    /// answer yet, and then for as long as asking may take.
    void refresh();
    /// The same when a fresh one will not do either, until one is `satisfied`; waits for `patience`
    /// for another process that asks.
    void update(std::chrono::seconds patience, const std::function<bool()>& satisfied);
    /// Whether an answer was ever accepted.
    bool is_there() const { return fetched_at_.has_value(); }

  private:
    bool is_fresh() const;
    void read_cache();
    void ask_issuer();

    Question question_;
    Clock clock_;
    IssuerCache cache_;
    std::optional<Timestamp> fetched_at_;    ///< the answer in use; empty when there is none
    std::optional<Timestamp> attempted_at_;  ///< by this process
};

}  // namespace coredepot::auth
