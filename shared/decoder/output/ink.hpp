#pragma once

#include <string>
#include <string_view>

namespace coredepot::decoder {

/// Colours for a terminal, or none. The report's text is the same.
class Ink {
  public:
    /// Plain text.
    Ink() = default;
    /// ANSI escape sequences (ECMA-48, SGR).
    static Ink ansi() { return Ink{true}; }

    std::string heading(std::string_view text) const { return painted("1", text); }
    std::string crash(std::string_view text) const { return painted("1;31", text); }
    std::string note(std::string_view text) const { return painted("33", text); }
    std::string function(std::string_view text) const { return painted("36", text); }

  private:
    explicit Ink(bool coloured) : coloured_{coloured} {}

    std::string painted(std::string_view attributes, std::string_view text) const {
        const std::string plain{text};
        return coloured_ ? "\x1B[" + std::string{attributes} + 'm' + plain + "\x1B[0m" : plain;
    }

    bool coloured_ = false;
};

}  // namespace coredepot::decoder
