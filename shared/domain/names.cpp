#include "domain/names.hpp"

#include <algorithm>
#include <cstddef>

#include "text/ascii.hpp"

namespace coredepot {
namespace {

bool is_lower_or_digit(char c) {
    return is_lower_letter(c) || is_digit(c);
}

bool length_within(std::string_view text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most;
}

}  // namespace

bool ModelCodeRule::matches(std::string_view text) {
    return length_within(text, 1, 50) &&
           std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '_'; });
}

bool DeviceKeyRule::matches(std::string_view text) {
    return text.size() == 8 && std::ranges::all_of(text, is_lower_or_digit);
}

bool ChipRule::matches(std::string_view text) {
    return length_within(text, 1, 50) && std::ranges::all_of(text, is_lower_or_digit);
}

bool FirmwareVersionRule::matches(std::string_view text) {
    return length_within(text, 1, 50) && text.front() != '.' &&
           std::ranges::all_of(
               text, [](char c) { return is_printable_ascii(c) && c != '/' && c != '\\'; });
}

bool DumpFilenameRule::matches(std::string_view text) {
    // '#' stands for a digit.
    constexpr std::string_view kShape = "coredump_########T######_######Z.dmp";
    return std::ranges::equal(
        text, kShape, [](char c, char shape) { return shape == '#' ? is_digit(c) : c == shape; });
}

bool IdempotencyKeyRule::matches(std::string_view text) {
    return length_within(text, 1, 255) && std::ranges::all_of(text, is_printable_ascii);
}

bool ClientIdRule::matches(std::string_view text) {
    return length_within(text, 1, 255) && std::ranges::all_of(text, is_printable_ascii) &&
           !text.starts_with(kDeviceClients);
}

}  // namespace coredepot
