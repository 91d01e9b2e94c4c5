#include "command_line.hpp"

#include <iostream>
#include <utility>

#include <getopt.h>

#include "text/integers.hpp"

namespace coredepot {
namespace {

// For our own options, getopt_long() returns this plus the option's index.
constexpr int kFirstOption = 256;
constexpr int kVersion = kFirstOption - 1;
constexpr int kHelp = kFirstOption - 2;
constexpr int kNoMore = -1;

/// The complaint about an argument that getopt_long() refused.
std::string complaint(const char* argument) {
    const std::string text = argument;
    const auto name = text.substr(0, text.find('='));
    if (optopt >= kHelp) return name + " takes no value";
    if (optopt == 0) return "unknown option " + name;
    return std::string("unknown option -") + static_cast<char>(optopt);
}

}  // namespace

Option::Option(const char* name, bool& is_given)
    : name(name), take([&is_given](const std::string&) { is_given = true; }) {}

Option::Option(const char* name, const char* needs, std::function<void(const std::string&)> take)
    : name(name), needs(needs), take(std::move(take)) {}

std::optional<std::vector<std::string>> read_command_line(const Program& program, int argc,
                                                          char* const* argv,
                                                          std::initializer_list<Option> options) {
    std::vector<option> known;
    for (const auto& option : options) {
        known.push_back({option.name, option.needs != nullptr ? required_argument : no_argument,
                         nullptr, kFirstOption + static_cast<int>(known.size())});
    }
    known.push_back({"help", no_argument, nullptr, kHelp});
    known.push_back({"version", no_argument, nullptr, kVersion});
    known.push_back({});
    const auto option_of = [&](int code) { return options.begin() + (code - kFirstOption); };
    optind = 0;  // start at the beginning, also when this is called again
    opterr = 0;
    int found = 0;
    while ((found = getopt_long(argc, argv, ":h", known.data(), nullptr)) != kNoMore) {
        switch (found) {
            case 'h':
            case kHelp:
                std::cout << program.usage;
                return std::nullopt;
            case kVersion:
                std::cout << program.name << " " COREDEPOT_VERSION "\n";
                return std::nullopt;
            case ':': {
                const auto* option = option_of(optopt);
                throw UsageError(std::string("--") + option->name + " needs " + option->needs);
            }
            case '?':
                throw UsageError(complaint(argv[optind - 1]));
            default: {
                const auto* option = option_of(found);
                option->take(option->needs != nullptr ? optarg : "");
            }
        }
    }
    return std::vector<std::string>(argv + optind, argv + argc);
}

std::chrono::seconds seconds_of(std::string_view option, std::string_view text) {
    constexpr std::int64_t kYear = 31'536'000;
    const auto value = parse_integer(text);
    if (!value || *value < 0 || *value > kYear) {
        throw UsageError(std::string(option) + " needs a number of seconds");
    }
    return std::chrono::seconds(*value);
}

void complain(const Program& program, const UsageError& error) {
    std::cerr << program.name << ": " << error.what() << "\n\n" << program.usage;
}

}  // namespace coredepot
