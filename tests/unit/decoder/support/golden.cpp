#include "decoder/support/golden.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

namespace coredepot::decoder::test {
namespace {

constexpr std::string_view kPanicReason = "Panic reason: ";

GoldenFrame parse_frame(const std::string& line) {
    static const std::regex pattern{
        R"(^#\d+\s+(?:(0x[0-9a-f]+) in )?(\S+) \((.*)\)(?: at (\S+:\d+))?$)"};
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) {
        return {};
    }
    return {match[1], match[2], match[4], parse_arguments(match[3].str())};
}

std::string squeezed(const std::string& line) {
    std::istringstream words{line};
    std::string text;
    for (std::string word; words >> word;) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

}  // namespace

std::map<std::string, std::string> parse_arguments(std::string_view text) {
    std::map<std::string, std::string> arguments;
    while (!text.empty()) {
        // A comma in a string or in a structure separates no arguments.
        bool quoted = false;
        int depth = 0;
        std::size_t end = 0;
        for (; end < text.size() && (quoted || depth > 0 || text[end] != ','); ++end) {
            quoted = quoted != (text[end] == '"' && text[end - 1] != '\\');
            depth += quoted ? 0 : text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
        }
        const std::string argument{text.substr(0, end)};
        const std::string name = argument.substr(0, argument.find('='));
        std::string value = argument.substr(std::min(argument.size(), name.size() + 1));
        if (const std::string same = name + "@entry="; value.starts_with(same)) {
            value.erase(0, same.size());
        }
        arguments[name] = value;
        text.remove_prefix(std::min(text.size(), end + 2));
    }
    return arguments;
}

Golden parse_golden(const std::string& expected_output) {
    static const std::regex thread{R"(^=+ THREAD \d+ \(TCB: (0x[0-9a-f]+), name: '(.*)'\) =+$)"};
    static const std::regex value{R"(^(\w+)\s+(0x[0-9a-f]+).*$)"};
    static const std::regex row{R"(^0x[0-9a-f]+ .*\d+/\d+\s+\d+/\d+$)"};
    Golden golden;
    std::string section;
    std::istringstream lines{expected_output};
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, thread)) {
            golden.threads.push_back({match[1], match[2], {}});
            section = "thread";
        } else if (line.starts_with("====")) {
            section = line;
        } else if (line.starts_with("Crashed task handle")) {
            golden.crashed_line = line;
        } else if (line.starts_with(kPanicReason)) {
            golden.panic_reason = line.substr(kPanicReason.size());
        } else if (section.find("REGISTERS") != std::string::npos &&
                   std::regex_match(line, match, value)) {
            golden.registers[match[1]] =
                static_cast<std::uint32_t>(std::stoul(match[2], nullptr, 16));
        } else if (section.find("THREADS INFO") != std::string::npos &&
                   std::regex_match(line, row)) {
            golden.rows.push_back(squeezed(line));
        } else if (section == "thread" && line.starts_with('#')) {
            golden.threads.back().frames.push_back(parse_frame(line));
        }
    }
    return golden;
}

}  // namespace coredepot::decoder::test
