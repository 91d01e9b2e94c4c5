#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "decoder/panic_text/numbers.hpp"
#include "decoder/panic_text/panic_text.hpp"

namespace coredepot::decoder {

/// Reads the log of a serial port line by line, and keeps the last panic in it. What it knows of a
/// panic that goes on is open until the device restarts or another begins.
class LogReader {
  public:
    /// A line without its end.
    void read(std::string_view line);

    /// As read_panic_text().
    std::optional<PanicText> finish();

  private:
    bool read_boot(std::string_view line);
    bool read_words(std::string_view line);
    void read_watchdog(std::string_view line);
    void read_hash(std::string_view line);
    bool read_core(std::string_view line);
    void read_backtrace(std::string_view text);
    void read_stack(const StackLine& line);
    void begin(bool exception);
    void close();
    std::optional<CheckedError> checked_error() const;
    bool has_body() const { return std::ranges::any_of(open_->cores, &CoreText::is_usable); }
    /// What the next line is of: the last core, or one more.
    CoreText& core();
    CoreText& next_core(std::optional<unsigned> number);

    std::optional<PanicText> open_;
    std::optional<PanicText> last_;
    std::size_t complete_ = 0;
    bool cut_off_ = false;
    bool in_backtrace_ = false;             ///< the line before was one of a backtrace
    std::optional<unsigned> printed_core_;  ///< whose backtrace was announced
    std::size_t first_core_ = 0;            ///< of `open_`: the one that crashed
    std::map<unsigned, std::string> running_;
    std::string boot_hash_;
    std::string chip_;
    std::optional<std::uint32_t> revision_;
    std::size_t line_number_ = 0;
    std::deque<std::pair<std::size_t, std::string>> remarks_;
};

}  // namespace coredepot::decoder
