#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "domain/coredump.hpp"
#include "domain/dump_facts.hpp"
#include "net/http_get.hpp"

namespace coredepot::sidecar {

/// Its verdict on one core dump: this dump cannot be decoded, and asking again changes nothing.
struct Rejected {
    std::string reason;
};
/// No verdict. Worth another attempt.
struct Failed {
    /// How far the question came, which tells whose fault it may be.
    enum class Reach : std::uint8_t {
        Answered,  ///< an answer that is none
        NoAnswer,  ///< hung up, took too long, or a gateway says so (502, 503, 504): the sidecar
                   ///< is away, or this core dump is too much for it
        NoConnection,  ///< nobody is there; no core dump can do that
    };
    std::string error;
    Reach reach = Reach::Answered;
};
/// What the sidecar said of one core dump.
using Answer = std::variant<CrashReport, Rejected, Failed>;
/// What the sidecar says that a core dump tells of itself: nothing, where the sidecar is one that
/// does not know the question.
using Description = std::variant<DumpFacts, Failed>;

/// About one core dump; bare names of files in the transfer folder.
struct Question {
    std::string core;
    std::string elf;
    std::string chip;
    std::string rules{};  ///< signature rules (signature_rules_json.hpp); empty: there are none
};

/// Speaks what docs/sidecar.md describes, with several questions under way at once in one thread:
/// `GET {base}/describe-coredump?core=…` and
/// `GET {base}/parse-coredump?core=…&elf=…&chip=…&rules=…`.
class Client {
  public:
    explicit Client(std::string base_url) : base_url_(std::move(base_url)) {}

    /// `core` is a bare file name in the transfer folder. `keep_going` is asked about once a
    /// second; when it says no, the answer is Failed. `answered` is called by wait(), once.
    void describe(const std::string& core, std::function<bool()> keep_going,
                  std::function<void(const Description&)> answered);
    void ask(const Question& question, std::function<bool()> keep_going,
             std::function<void(const Answer&)> answered);

    /// Until there is an answer, but no longer than about a second. Throws what `answered` does.
    void wait() { questions_.wait(); }
    /// Questions without an answer so far.
    std::size_t under_way() const { return questions_.under_way(); }

    /// Where it asks.
    const std::string& base_url() const { return base_url_; }

  private:
    std::string base_url_;
    net::GetPool questions_;
};

}  // namespace coredepot::sidecar
