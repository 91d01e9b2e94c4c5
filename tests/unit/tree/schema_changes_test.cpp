// Sqitch's changes stay as they were deployed, so a function that changed stands in several of
// them. Each but the last says where the last is, which needs none of the others to be understood.

#include <map>
#include <regex>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "unit/tree/source.hpp"

namespace coredepot {
namespace {

/// A function or a view, as one change defines it.
struct Definition {
    std::string change;
    std::string comment;      ///< all lines of it
    std::string line_before;  ///< its last one
};

/// The names of all changes, in the order in which they are deployed.
std::vector<std::string> planned_changes() {
    std::istringstream plan(test::source("sql/sqitch.plan"));
    std::vector<std::string> changes;
    for (std::string line; std::getline(plan, line);) {
        if (line.empty() || line.front() == '%') continue;
        changes.push_back(line.substr(0, line.find(' ')));
    }
    return changes;
}

/// Each function and view with its definitions, the current one last.
std::map<std::string, std::vector<Definition>> definitions() {
    static const std::regex definition(R"(^CREATE (?:OR REPLACE )?(?:FUNCTION|VIEW) (\w+).*)");
    std::map<std::string, std::vector<Definition>> found;
    for (const auto& change : planned_changes()) {
        std::istringstream script(test::source("sql/deploy/" + change + ".sql"));
        std::string comment;
        std::string before;
        for (std::string line; std::getline(script, line); before = line) {
            std::smatch match;
            if (std::regex_match(line, match, definition)) {
                found[match[1]].push_back({change, comment, before});
            }
            comment = line.starts_with("--") ? comment + line + '\n' : "";
        }
    }
    return found;
}

TEST(SchemaChanges, ADefinitionThatIsReplacedSaysWhereTheCurrentOneIs) {
    const auto all = definitions();
    ASSERT_GT(all.size(), 50U);
    for (const auto& [name, generations] : all) {
        const auto& current = generations.back();
        for (const auto& earlier : generations) {
            // A change may define it for several lists of parameters.
            if (earlier.change == current.change) break;
            EXPECT_EQ(earlier.line_before, "-- Replaced by " + current.change + ".sql.")
                << name << " in sql/deploy/" << earlier.change << ".sql";
        }
    }
}

// Whoever reads it need not look up the ones before.
TEST(SchemaChanges, ACurrentDefinitionSaysAllThereIsToSay) {
    for (const auto& [name, generations] : definitions()) {
        if (generations.size() < 2) continue;
        EXPECT_FALSE(generations.back().comment.starts_with("-- As before"))
            << name << " in sql/deploy/" << generations.back().change << ".sql";
    }
}

}  // namespace
}  // namespace coredepot
