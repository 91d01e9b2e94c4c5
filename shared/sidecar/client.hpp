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

/// A verdict on one core dump: it cannot be decoded, and asking again will not help.
struct Rejected {
    std::string reason;
};
/// There is no verdict. It is worth trying again.
struct Failed {
    /// How far the question got. That hints at whose fault the failure is.
    enum class Reach : std::uint8_t {
        Answered,  ///< something came back, but no valid answer
        NoAnswer,  ///< hung up, took too long, or a gateway says so (502, 503, 504): the sidecar
                   ///< is away, or this core dump is too much for it
        NoConnection,  ///< nobody is there; no core dump can do that
    };
    std::string error;
    Reach reach = Reach::Answered;
};
/// The sidecar's answer about one core dump.
using Answer = std::variant<CrashReport, Rejected, Failed>;
/// What a core dump says about itself, according to the sidecar. No facts when the sidecar does not
/// know the question.
using Description = std::variant<DumpFacts, Failed>;

/// A question about one core dump. The names are bare names of files in the transfer folder.
struct Question {
    std::string core;
    std::string elf;
    std::string chip;
    std::string rules{};  ///< signature rules (signature_rules_json.hpp); empty when there are none
};

/// Speaks the protocol of docs/sidecar.md and keeps several questions under way in one thread:
/// `GET {base}/describe-coredump?core=…` and
/// `GET {base}/parse-coredump?core=…&elf=…&chip=…&rules=…`.
///
/// An answer may take up to kSidecarTimeLimit (domain/parse_limits.hpp, which has the decoder's
/// limits, too). The client reads no bytes of core dumps or ELFs; it passes only names of files.
class Client {
  public:
    explicit Client(std::string base_url) : base_url_(std::move(base_url)) {}

    /// `core` is a bare file name in the transfer folder. `keep_going` is asked about once a
    /// second; when it says no, the answer is Failed. `answered` is called by wait(), once.
    void describe(const std::string& core, std::function<bool()> keep_going,
                  std::function<void(const Description&)> answered);
    void ask(const Question& question, std::function<bool()> keep_going,
             std::function<void(const Answer&)> answered);

    /// Waits for an answer, but no longer than about a second. Throws what `answered` throws.
    void wait() { questions_.wait(); }
    /// How many questions have no answer yet.
    std::size_t under_way() const { return questions_.under_way(); }

    /// The address of the sidecar.
    const std::string& base_url() const { return base_url_; }

  private:
    std::string base_url_;
    net::GetPool questions_;
};

}  // namespace coredepot::sidecar
