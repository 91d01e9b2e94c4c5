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
#include "decoder/panic_text/rust_words.hpp"

namespace coredepot::decoder {

/// Reads the log of a serial port line by line, and keeps the last panic in it. What it knows of a
/// panic that goes on is open until the device restarts or another begins.
class LogReader {
  public:
    /// ESP-IDF prints 100 frames at most.
    static constexpr std::size_t kMaxListed = 256;
    /// ESP-IDF prints a kilobyte of the stack, esp-backtrace at most 32.
    static constexpr std::size_t kMaxStackWords = 16'384;

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
    bool read_rust(std::string_view line);
    void begin_rust(std::string_view line);
    void read_rust_stack(RustStack stack);
    bool read_message(std::string_view line);
    void forget_announcement();
    void remember(std::string remark);
    std::string rust_panic() const;
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
    std::string cut_off_;                   ///< words of the last panic that does not tell where
    std::string reset_;                     ///< words of the last reset without a panic
    bool in_backtrace_ = false;             ///< the line before was one of a backtrace
    std::optional<unsigned> printed_core_;  ///< whose backtrace was announced
    std::size_t first_core_ = 0;            ///< of `open_`: the one that crashed
    std::map<unsigned, std::string> running_;
    bool in_rust_ = false;          ///< Rust's exception handler prints registers and calls
    bool lists_calls_ = false;      ///< `Backtrace:` had nothing behind it
    bool message_follows_ = false;  ///< the line before was `panicked at …:`
    std::string before_message_;    ///< what that line had in front
    std::string boot_hash_;
    std::string chip_;
    std::optional<std::uint32_t> revision_;
    std::size_t line_number_ = 0;
    std::deque<std::pair<std::size_t, std::string>> remarks_;
};

}  // namespace coredepot::decoder
