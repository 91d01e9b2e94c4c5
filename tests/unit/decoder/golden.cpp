#include "decoder/golden.hpp"

#include <regex>
#include <sstream>

namespace coredepot::decoder::test {
namespace {

constexpr std::string_view kPanicReason = "Panic reason: ";

GoldenFrame parse_frame(const std::string& line) {
    static const std::regex pattern{
        R"(^#\d+\s+(?:(0x[0-9a-f]+) in )?(\S+) \(.*?\)?(?: at (\S+:\d+))?$)"};
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) {
        return {};
    }
    return {match[1], match[2], match[3]};
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
