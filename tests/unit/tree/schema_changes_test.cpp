// Sqitch's changes stay as they were deployed, so a function that changed stands in several of
// them. Each but the last says where the next is.

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
    std::string line_before;
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
        std::string before;
        for (std::string line; std::getline(script, line); before = line) {
            std::smatch match;
            if (std::regex_match(line, match, definition)) {
                found[match[1]].push_back({change, before});
            }
        }
    }
    return found;
}

TEST(SchemaChanges, ADefinitionThatIsReplacedSaysWhere) {
    const auto all = definitions();
    ASSERT_GT(all.size(), 50U);
    for (const auto& [name, generations] : all) {
        for (std::size_t i = 0; i + 1 < generations.size(); ++i) {
            const auto& [change, line_before] = generations[i];
            std::size_t next = i + 1;
            // A change may define it for several lists of parameters.
            while (next < generations.size() && generations[next].change == change) ++next;
            if (next == generations.size()) break;
            EXPECT_EQ(line_before, "-- Replaced by " + generations[next].change + ".sql.")
                << name << " in sql/deploy/" << change << ".sql";
        }
    }
}

}  // namespace
}  // namespace coredepot
