// A variable's default is in the code, in docs/configuration.md and in coredepot.env. They are
// equal.

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config.hpp"
#include "unit/config_test.hpp"
#include "unit/tree/source.hpp"

namespace coredepot {
namespace {

using test::Settings;
using test::source;

/// So many that each variable has an effect.
Settings everything() {
    return {{"DATABASE_URL", "postgresql:///coredepot"},
            {"COREDUMPS_DIR", "/srv/coredumps"},
            {"S3_ENDPOINT", "https://store.example"},
            {"S3_BUCKET", "depot"},
            {"S3_ACCESS_KEY_ID", "key"},
            {"S3_SECRET_ACCESS_KEY", "secret"},
            {"OIDC_ISSUER_URL", "https://id.example"},
            {"OIDC_CLIENT_ID", "coredepot"}};
}

std::optional<Config> load(Settings settings) {
    settings.merge(everything());
    try {
        return Config::load(test::variables(settings));
    } catch (const ConfigError&) {
        return std::nullopt;
    }
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
    const std::regex separators(separator);
    return {std::sregex_token_iterator(text.begin(), text.end(), separators, -1), {}};
}

/// The defaults that docs/configuration.md gives as a value, and not in words.
Settings documented() {
    static const std::regex row(R"(^\| (`[A-Z].*?`) \|.*\| ([^|]+) \|$)");
    static const std::regex value(R"(^(\d+|true|false)\b.*|^`([a-z0-9][a-z0-9 ,-]*)`$)");
    Settings defaults;
    std::istringstream lines(source("docs/configuration.md"));
    for (std::string line; std::getline(lines, line);) {
        std::smatch columns;
        if (!std::regex_match(line, columns, row)) continue;
        const auto names = split(columns[1], ", ");
        const auto values =
            names.size() == 1 ? std::vector<std::string>{columns[2]} : split(columns[2], "[,;] ");
        for (std::size_t i = 0; i < names.size() && names.size() == values.size(); ++i) {
            std::smatch found;
            if (!std::regex_match(values[i], found, value)) continue;
            defaults[names[i].substr(1, names[i].size() - 2)] =
                found[1].matched ? found[1] : found[2];
        }
    }
    return defaults;
}

/// Another value of the same kind, or one that is refused.
std::string other_than(const std::string& value) {
    if (value == "true") return "false";
    if (value == "false") return "true";
    if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
        return std::to_string(std::stoll(value) + 1);
    }
    return value + '0';
}

TEST(DefaultValues, AreWhatTheDocumentationSays) {
    // The first is for coredepot-backup alone, the second for an endpoint without TLS.
    const std::set<std::string> without_effect{"BACKUP_KEEP", "S3_ALLOW_HTTP"};
    const auto by_default = load({}).value();
    const auto all = documented();
    EXPECT_GT(all.size(), 25U) << "the expressions no longer fit the table";
    for (const auto& [name, value] : all) {
        EXPECT_EQ(load({{name, value}}), by_default) << name << " is not " << value;
        if (without_effect.contains(name)) continue;
        EXPECT_NE(load({{name, other_than(value)}}), by_default) << name << " has no effect";
    }
}

TEST(DefaultValues, AreWhatTheFileOfThePackageSays) {
    static const std::regex line(R"re(\n#([A-Z][A-Z0-9_]+)="?([^"\n]*)"?)re");
    const auto file = source("systemd/coredepot.env");
    const auto all = documented();
    std::size_t equal = 0;
    for (std::sregex_iterator match(file.begin(), file.end(), line), end; match != end; ++match) {
        const auto found = all.find((*match)[1]);
        if (found == all.end()) continue;
        EXPECT_EQ((*match)[2], found->second) << found->first;
        ++equal;
    }
    EXPECT_GT(equal, 25U) << "the expression no longer fits the file";
}

TEST(DefaultValues, OfTheBackupIsItsUnits) {
    EXPECT_NE(source("systemd/coredepot-backup.service.in")
                  .find("BACKUP_KEEP:-" + documented().at("BACKUP_KEEP") + '}'),
              std::string::npos);
}

}  // namespace
}  // namespace coredepot
