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

/// Reads a serial port's log line by line and keeps the last panic in it. A panic stays open until
/// the device restarts or another panic begins.
class LogReader {
  public:
    /// ESP-IDF prints at most 100 frames.
    static constexpr std::size_t kMaxListed = 256;
    /// ESP-IDF prints a kilobyte of the stack, esp-backtrace at most 32.
    static constexpr std::size_t kMaxStackWords = 16'384;

    /// Takes a line without its end.
    void read(std::string_view line);

    /// For read_panic_text().
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
    /// The core that the next line is about: the last one, or another one.
    CoreText& core();
    CoreText& next_core(std::optional<unsigned> number);

    std::optional<PanicText> open_;
    std::optional<PanicText> last_;
    std::size_t complete_ = 0;
    std::string cut_off_;                   ///< words of the last panic, if it does not tell where
    std::string reset_;                     ///< words of the last reset without a panic
    bool in_backtrace_ = false;             ///< the previous line belonged to a backtrace
    std::optional<unsigned> printed_core_;  ///< the core whose backtrace was announced
    std::size_t first_core_ = 0;            ///< the core in `open_` that crashed
    std::map<unsigned, std::string> running_;
    bool in_rust_ = false;          ///< Rust's exception handler is printing registers and calls
    bool lists_calls_ = false;      ///< nothing followed `Backtrace:`
    bool message_follows_ = false;  ///< the previous line was `panicked at …:`
    std::string before_message_;    ///< what was in front of that line
    std::string boot_hash_;
    std::string chip_;
    std::optional<std::uint32_t> revision_;
    std::size_t line_number_ = 0;
    std::deque<std::pair<std::size_t, std::string>> remarks_;
};

}  // namespace coredepot::decoder
