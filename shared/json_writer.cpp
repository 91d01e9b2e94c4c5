#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "json.hpp"
#include "text/utf8.hpp"

namespace coredepot::json {
namespace {

/// What a list begins with; most are of a few kilobytes.
constexpr std::size_t kReserved = 4096;

constexpr std::string_view kHex = "0123456789ABCDEF";

/// RFC 8259, section 7: what must not stand in a string as it is.
constexpr bool is_escaped(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& text, char c) {
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    text += '\\';
    if (const auto at = kShort.find(c); at != std::string_view::npos) {
        text += kLetters[at];
        return;
    }
    const auto code = static_cast<unsigned char>(c);
    text.append("u00");
    text += kHex[code >> 4U];
    text += kHex[code & 0xfU];
}

constexpr std::uint64_t kEachByte = 0x0101010101010101;

/// A high bit where a byte of `bytes` is less than `limit`, up to 0x80; none in bytes from 0x80 on.
/// Behind such a byte it may be wrong (a borrow), and say so of one that is not less.
constexpr std::uint64_t bytes_below(std::uint64_t bytes, std::uint64_t limit) {
    return (bytes - kEachByte * limit) & ~bytes & (kEachByte * 0x80);
}

/// How many bytes from `at` on need no look, in steps of eight: most texts have nothing to be
/// escaped.
std::size_t plain_length(std::string_view value, std::size_t at) {
    std::size_t length = 0;
    for (std::uint64_t bytes = 0; value.size() - at - length >= sizeof bytes;
         length += sizeof bytes) {
        std::memcpy(&bytes, value.data() + at + length, sizeof bytes);
        const auto quotes = bytes_below(bytes ^ (kEachByte * '"'), 1);
        const auto backslashes = bytes_below(bytes ^ (kEachByte * '\\'), 1);
        if ((bytes_below(bytes, 0x20) | quotes | backslashes) != 0) break;
    }
    return length;
}

/// With its quotes.
void append_string(std::string& text, std::string_view value) {
    text += '"';
    std::size_t begin = 0;
    for (std::size_t at = plain_length(value, 0); at < value.size(); ++at) {
        if (!is_escaped(value[at])) continue;
        text.append(value, begin, at - begin);
        append_escaped(text, value[at]);
        begin = at + 1;
        at += plain_length(value, begin);
    }
    text.append(value, begin);
    text += '"';
}

}  // namespace

struct Writer::Impl {
    std::string text;
    bool has_sibling = false;  ///< whether something stands before what comes next

    Impl() { text.reserve(kReserved); }

    /// A value begins, or an element, or a member's name.
    void begin() {
        if (has_sibling) text += ',';
        has_sibling = true;
    }
    void open(char bracket) {
        begin();
        text += bracket;
        has_sibling = false;
    }
    void close(char bracket) {
        text += bracket;
        has_sibling = true;
    }
    void literal(std::string_view value) {
        begin();
        text += value;
    }
};

Writer::Writer() : impl_(std::make_unique<Impl>()) {}
Writer::~Writer() = default;

Writer& Writer::begin_object() {
    impl_->open('{');
    return *this;
}

Writer& Writer::end_object() {
    impl_->close('}');
    return *this;
}

Writer& Writer::begin_array() {
    impl_->open('[');
    return *this;
}

Writer& Writer::end_array() {
    impl_->close(']');
    return *this;
}

Writer& Writer::key(std::string_view name) {
    impl_->begin();
    append_string(impl_->text, name);
    impl_->text += ':';
    impl_->has_sibling = false;
    return *this;
}

Writer& Writer::value(std::string_view text) {
    if (!is_utf8(text)) return value(to_utf8(text));
    impl_->begin();
    append_string(impl_->text, text);
    return *this;
}

Writer& Writer::value(bool truth) {
    impl_->literal(truth ? "true" : "false");
    return *this;
}

Writer& Writer::value(std::int64_t number) {
    constexpr std::size_t kMostDigits = 20;  // of -9223372036854775808
    std::array<char, kMostDigits> digits{};
    const auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    impl_->literal({digits.data(), static_cast<std::size_t>(end - digits.data())});
    return *this;
}

Writer& Writer::value(std::nullopt_t /*unused*/) {
    impl_->literal("null");
    return *this;
}

Writer& Writer::raw_value(std::string_view json) {
    impl_->literal(json);
    return *this;
}

std::string Writer::take() {
    return std::move(impl_->text);
}

}  // namespace coredepot::json
