#include "decoder/output/memory_dump.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "decoder/bytes/hex.hpp"
#include "decoder/target/memory_regions.hpp"
#include "text/ascii.hpp"
#include "text/hex.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kBytesPerLine = 16;

std::string_view as_characters(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Empty when it belongs to no task.
std::string owner(const Report& report, const Segment& segment) {
    for (const Task& task : report.tasks) {
        if (segment.contains(task.tcb)) {
            return "task control block of task '" + task.name + '\'';
        }
        if (task.stack_start && task.stack_end && segment.start >= *task.stack_start &&
            segment.start < *task.stack_end) {
            return "stack of task '" + task.name + '\'';
        }
    }
    return {};
}

std::string line_text(std::uint32_t address, std::string_view bytes) {
    std::string text = hex_address(address) + ": ";
    for (std::size_t i = 0; i < kBytesPerLine; ++i) {
        text += i < bytes.size() ? ' ' + to_hex(bytes.substr(i, 1)) : std::string(3, ' ');
    }
    text += "  |";
    for (const char c : bytes) {
        text += is_printable_ascii(c) ? c : '.';
    }
    return text + "|\n";
}

std::string piece_text(const Report& report, const Segment& segment) {
    std::string text =
        hex_address(segment.start) + ", " + std::to_string(segment.bytes.size()) + " bytes";
    if (const auto region = memory_region(report.chip, segment.start); !region.empty()) {
        text += ", " + std::string{region};
    }
    if (const auto of = owner(report, segment); !of.empty()) {
        text += ", " + of;
    }
    text += '\n';
    const auto bytes = as_characters(segment.bytes);
    for (std::size_t i = 0; i < bytes.size(); i += kBytesPerLine) {
        text += line_text(segment.start + static_cast<std::uint32_t>(i),
                          bytes.substr(i, kBytesPerLine));
    }
    return text;
}

std::optional<std::string> unless_empty(std::string text) {
    return text.empty() ? std::nullopt : std::optional{std::move(text)};
}

}  // namespace

std::string memory_text(const Report& report, const std::vector<Segment>& memory) {
    std::string text = "\n=========================== MEMORY ============================\n";
    for (const Segment& segment : memory) {
        text += piece_text(report, segment) + '\n';
    }
    return text;
}

void write_memory(json::Writer& writer, const Report& report, const std::vector<Segment>& memory) {
    writer.key("memory").begin_array();
    for (const Segment& segment : memory) {
        writer.begin_object()
            .member("start", segment.start)
            .member("size", static_cast<std::uint32_t>(segment.bytes.size()))
            .member("region", unless_empty(std::string{memory_region(report.chip, segment.start)}))
            .member("of", unless_empty(owner(report, segment)))
            .member("bytes", to_hex(as_characters(segment.bytes)))
            .end_object();
    }
    writer.end_array();
}

}  // namespace coredepot::decoder
