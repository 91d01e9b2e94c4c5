#pragma once

#include <functional>
#include <string>
#include <variant>

#include "domain/coredump.hpp"

namespace coredepot::sidecar {

/// Its verdict on one core dump: this dump cannot be decoded, and asking again changes nothing.
struct Rejected {
    std::string reason;
};
/// No verdict: unreachable, too slow, or an answer that is none. Worth another attempt.
struct Failed {
    std::string error;
};
/// What the sidecar said of one core dump.
using Answer = std::variant<CrashReport, Rejected, Failed>;

/// Speaks `GET {base}/parse-coredump?core=…&elf=…&chip=…`.
class Client {
  public:
    explicit Client(std::string base_url) : base_url_(std::move(base_url)) {}

    /// `core` and `elf` are bare file names in the transfer folder. `keep_going` is asked about
    /// once a second; when it says no, the answer is Failed.
    Answer parse(const std::string& core, const std::string& elf, const std::string& chip,
                 const std::function<bool()>& keep_going) const;

  private:
    std::string base_url_;
};

}  // namespace coredepot::sidecar
