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

/// What a device leaves of a crash: a core dump, or else what its panic handler printed. A log that
/// holds both is read for its core dump, which tells more.
class CrashSource {
  public:
    /// Refers to `bytes`. Throws Undecodable.
    explicit CrashSource(std::span<const std::byte> bytes);

    /// What the decoder works on; like this source, it refers to the bytes at most. `fallback`
    /// gives the CPU where nothing else tells it, as in a text that is a bare backtrace.
    CoreImage image(const std::function<Architecture()>& fallback) const;

  private:
    void open(std::span<const std::byte> bytes);

    std::optional<Container> container_;  // empty: it is the text of a panic
    PanicText panic_;
    std::string
        lost_dump_;  // why the core dump in the same log cannot be read; empty: none is there
};

}  // namespace coredepot::decoder
