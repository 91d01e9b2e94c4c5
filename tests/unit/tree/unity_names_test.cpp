// Several sources are one unit in the builds of the sanitizers, of the linter and of CI for other
// releases. There, equal names in their nameless namespaces collide; this finds such names without
// these builds, and before a new file moves two others into one unit.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/tree/source.hpp"

namespace coredepot {
namespace {

namespace fs = std::filesystem;
using test::source;

/// CMAKE_UNITY_BUILD_BATCH_SIZE in CMakeLists.txt.
constexpr std::size_t kFilesOfUnit = 40;

/// What a nameless namespace defines: by its name, for functions with the types of the parameters.
using Definitions = std::map<std::string, std::string>;

struct File {
    std::string path;
    Definitions definitions;
};

/// `(const Report& report, int n = 0)` as `const Report&,int,`.
std::string parameter_types(const std::string& parameters) {
    std::string types;
    std::string one;
    int depth = 0;
    for (const char c : parameters) {
        depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
        if ((c == ',' && depth == 1) || depth == 0) {
            static const std::regex name{R"(( = .*)|(\b\w+( = .*)?$))"};
            types += std::regex_replace(one, name, "") + ',';
            one.clear();
            if (depth == 0) break;
        } else if (depth > 1 || c != '(') {
            one += c;
        }
    }
    return types;
}

/// Adds what `statement`, at the outermost level of a nameless namespace, defines.
void add(std::string statement, const std::string& within, Definitions& found) {
    static const std::regex parameters{R"(^template <[^;{]*?> (?=\w))"};
    static const std::regex type{R"(^(struct|class|enum|enum class) (\w+))"};
    static const std::regex alias{R"(^using (\w+) = (.*);)"};
    static const std::regex last_name{R"((\w+)(\[[^\]]*\])?\s*$)"};
    if (statement.starts_with("template")) {
        statement = std::regex_replace(statement, parameters, "");
    }
    std::smatch match;
    if (std::regex_search(statement, match, type)) {
        if (statement.find('{') != std::string::npos) found.emplace(within + match.str(2), "type");
        return;
    }
    if (std::regex_search(statement, match, alias)) {
        found.emplace(within + match.str(1), match.str(2));  // may be said again
        return;
    }
    if (statement.starts_with("using ")) return;  // of a name from elsewhere: may be said again
    const auto end = statement.find_first_of("({=;");
    const auto head = statement.substr(0, end);
    if (!std::regex_search(head, match, last_name)) return;
    const bool function = end != std::string::npos && statement[end] == '(';
    found.emplace(within + match.str(1) +
                      (function ? '(' + parameter_types(statement.substr(end)) + ')' : ""),
                  function ? "function" : "variable");
}

Definitions definitions_in(const fs::path& path) {
    static const std::regex named{R"(namespace ([\w:]+) \{)"};
    Definitions found;
    std::string within;
    std::string statement;
    bool nameless = false;
    static const std::regex comment{R"((^|\s+)//.*)"};
    std::ifstream lines{path};
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (!line.starts_with('}')) line = std::regex_replace(line, comment, "");
        if (line == "namespace {" || line == "}  // namespace") {
            nameless = line.front() == 'n';
        } else if (line.starts_with("namespace") && std::regex_match(line, match, named)) {
            within += match.str(1) + "::";
        } else if (nameless && !line.empty() &&
                   (!statement.empty() || std::string{" }#/"}.find(line[0]) == std::string::npos)) {
            statement += (statement.empty() ? "" : " ") + line.substr(line.find_first_not_of(' '));
            if (line.find('{') != std::string::npos || line.back() == ';') {
                add(statement, within, found);
                statement.clear();
            }
        }
    }
    return found;
}

/// The sources of each `file(GLOB …)` in shared/CMakeLists.txt, in the order of their paths.
std::vector<std::vector<File>> targets() {
    const fs::path shared = fs::path{COREDEPOT_SOURCE_DIR} / "shared";
    const std::string cmake = source("shared/CMakeLists.txt");
    const std::regex glob{R"(file\(GLOB(_RECURSE)? \w+ CONFIGURE_DEPENDS([^)]*)\))"};
    std::vector<std::vector<File>> all;
    for (std::sregex_iterator call(cmake.begin(), cmake.end(), glob), end; call != end; ++call) {
        std::string expression = std::regex_replace(call->str(2), std::regex{R"(\s+)"}, "|");
        expression = std::regex_replace(expression, std::regex{R"(\.)"}, "\\.");
        expression = std::regex_replace(expression, std::regex{R"(\*)"},
                                        call->str(1).empty() ? "[^/]*" : ".*");
        const std::regex wanted{expression.substr(1)};
        std::vector<File> files;
        for (const auto& entry : fs::recursive_directory_iterator{shared}) {
            const auto path = fs::relative(entry.path(), shared).string();
            if (std::regex_match(path, wanted)) files.push_back({path, {}});
        }
        std::ranges::sort(files, {}, &File::path);
        for (File& file : files) file.definitions = definitions_in(shared / file.path);
        all.push_back(std::move(files));
    }
    return all;
}

TEST(UnityBuild, NamesOfSourcesThatMayBeOneUnitDiffer) {
    std::size_t names = 0;
    for (const auto& files : targets()) {
        ASSERT_FALSE(files.empty());
        for (std::size_t i = 0; i < files.size(); ++i) {
            names += files[i].definitions.size();
            for (std::size_t j = i + 1; j < std::min(files.size(), i + kFilesOfUnit); ++j) {
                for (const auto& [name, kind] : files[i].definitions) {
                    const auto other = files[j].definitions.find(name);
                    const bool equal = other != files[j].definitions.end();
                    const bool alias = kind != "type" && kind != "function" && kind != "variable";
                    EXPECT_FALSE(equal && !(alias && other->second == kind))
                        << "shared/" << files[i].path << " and shared/" << files[j].path
                        << " both have " << name;
                }
            }
        }
    }
    EXPECT_GT(names, 1000U) << "the expressions no longer fit the sources";
}

TEST(UnityBuild, UnitsHaveAsManySourcesAsThisLooksAt) {
    const auto sizes = test::matches(source("CMakeLists.txt"), R"(BATCH_SIZE (\d+))");
    ASSERT_EQ(sizes.size(), 1U);
    EXPECT_EQ(*sizes.begin(), std::to_string(kFilesOfUnit));
}

}  // namespace
}  // namespace coredepot
