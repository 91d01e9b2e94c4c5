// The part of LogReader that reads the output of Rust firmware without ESP-IDF.

#include <algorithm>
#include <array>
#include <utility>

#include "decoder/bytes/printable.hpp"
#include "decoder/panic_text/log_reader.hpp"
#include "decoder/panic_text/rust_words.hpp"
#include "decoder/panic_text/words.hpp"
#include "text/ascii.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

/// Lines between `panicked at` and its message when PanicInfo is printed as a structure.
constexpr std::array<std::string_view, 3> kBeforeMessage = {"PanicInfo {",
                                                            "payload:", "message: Some("};

/// Whether two lines have the same text in front of the device's output, except for the time.
bool is_same_but_for_digits(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](char x, char y) { return x == y || (is_digit(x) && is_digit(y)); });
}

}  // namespace

bool LogReader::read_rust(std::string_view line) {
    if (const auto name = rust_exception_in(line); !name.empty()) {
        forget_announcement();
        begin(true);
        open_->exception = printable(name);
        begin_rust(line);
        return true;
    }
    if (const auto overflow = rust_overflow_in(line); !overflow.empty()) {
        forget_announcement();
        begin(false);
        open_->reason = printable(overflow);
        begin_rust(line);
        return true;
    }
    if (const auto [start, text] = rust_panic_in(line); !text.empty()) {
        message_follows_ = text.ends_with(':') || text.ends_with(" '");
        before_message_ = line.substr(0, start);
        remember(text);
        return true;
    }
    if (auto stack = rust_stack_in(line)) {
        read_rust_stack(*std::move(stack));
        return true;
    }
    if (message_follows_) {
        return read_message(line);
    }
    if (!open_) {
        return false;
    }
    if (in_rust_) {
        core().registers.merge(rust_registers_in(line));
    }
    const auto call = in_rust_ || lists_calls_ ? listed_call_in(line) : std::nullopt;
    if (call && core().calls.size() < kMaxListed) {
        core().calls.push_back(*call);
    }
    return call.has_value();
}

/// An exception is the message of a panic whose place, inside esp-hal, tells nothing.
void LogReader::forget_announcement() {
    if (std::exchange(message_follows_, false) && !remarks_.empty()) {
        remarks_.pop_back();
    }
}

void LogReader::begin_rust(std::string_view line) {
    in_rust_ = true;
    core().registers.merge(rust_registers_in(line));
}

/// After an exception's registers, they tell where it was; the stack is the same.
void LogReader::read_rust_stack(RustStack stack) {
    message_follows_ = false;
    if (!open_ || !core().stack.empty()) {
        next_core(std::nullopt);
    }
    CoreText& part = core();
    const bool of_exception = part.registers.contains("SP");
    if (!of_exception) {
        part.registers.insert_or_assign("MEPC", stack.pc);
    }
    stack.words.resize(std::min(stack.words.size(), kMaxStackWords));
    part.stack = std::move(stack.words);
    part.stack_is_unplaced = true;
}

/// Reads a panic's message, from the first line after its place.
bool LogReader::read_message(std::string_view line) {
    if (std::ranges::any_of(kBeforeMessage, [&](auto part) { return has(line, part); })) {
        return true;
    }
    message_follows_ = false;
    if (has(line, "Backtrace:") || remarks_.empty()) {
        return false;
    }
    const auto front = line.substr(0, before_message_.size());
    line.remove_prefix(is_same_but_for_digits(front, before_message_) ? front.size() : 0);
    line = trimmed(line);
    line.remove_suffix(line.ends_with(',') ? 1 : 0);  // the end of `Some(`
    auto& [number, remark] = remarks_.back();
    number = line_number_;
    remark += ' ' + printable(line);
    return true;
}

}  // namespace coredepot::decoder
