#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "decoder/dump/container.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/panic_text/panic_text.hpp"
#include "decoder/target/chip.hpp"

namespace coredepot::decoder {

/// What a device leaves behind after a crash: a core dump, or the text that its panic handler
/// printed. If a log has both, we read the core dump, because it says more.
class CrashSource {
  public:
    /// Refers to `bytes`. Throws Undecodable.
    explicit CrashSource(std::span<const std::byte> bytes);

    /// The image that the decoder works on. Like this source, it may refer to the bytes. `fallback`
    /// gives the CPU when nothing else does, for example when a text is only a backtrace.
    CoreImage image(const std::function<Architecture()>& fallback) const;

  private:
    void open(std::span<const std::byte> bytes);

    std::optional<Container> container_;  // empty for the text of a panic
    PanicText panic_;
    std::string
        lost_dump_;  // why the core dump in the same log cannot be read; empty if there is none
};

}  // namespace coredepot::decoder
