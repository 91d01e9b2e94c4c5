// handlers/processes is the one list of services: what cannot be made from it agrees with it.

#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "support/process_list.hpp"
#include "unit/tree/source.hpp"

namespace coredepot {
namespace {

using test::matches;
using test::Process;
using test::source;
using Names = std::set<std::string>;

/// A program's code, without its comments.
std::string code_of(const Process& process) {
    return std::regex_replace(source("handlers/" + process.program + ".cpp"), std::regex("//.*"),
                              "");
}

bool has_database(const Process& process) {
    return code_of(process).find("db::") != std::string::npos;
}

TEST(Processes, ThereAreSomeOfEachKind) {
    Names kinds;
    for (const auto& process : test::process_list()) kinds.insert(process.kind);
    EXPECT_EQ(kinds, (Names{"handler", "sidecar", "runner"}));
}

TEST(Processes, NginxHandsRequestsToAllThatListenAndToNoOther) {
    Names listening;
    for (const auto& process : test::process_list()) {
        if (process.listens()) listening.insert(process.program);
    }
    Names asked;
    for (const auto* file : {"coredepot", "locations", "sidecar"}) {
        const auto text = source(std::string("nginx/") + file + ".conf.in");
        // fastcgi_pass, and the maps that one of them reads
        asked.merge(matches(text, R"(fastcgi_pass coredepot_(\w+);)"));
        asked.merge(matches(text, R"((?:default|DELETE) +coredepot_(\w+);)"));
    }
    EXPECT_EQ(asked, listening);
}

TEST(Processes, AReaderOpensTheDatabaseForReading) {
    for (const auto& process : test::process_list()) {
        const auto modes = matches(code_of(process), R"(db::Mode::(\w+))");
        if (process.user == "writer" || !has_database(process)) continue;
        EXPECT_EQ(process.user, "reader") << process.program;
        EXPECT_EQ(modes, Names{"ReadOnly"}) << process.program;
    }
}

// As pg_stat_activity shows it, and logs.
TEST(Processes, AHandlersConnectionHasItsUnitsName) {
    for (const auto& process : test::process_list()) {
        if (process.kind != "handler" || !has_database(process)) continue;
        EXPECT_EQ(matches(code_of(process), R"re("(coredepot-[\w-]+)",\s+db::Mode)re"),
                  Names{"coredepot-" + process.unit});
    }
}

TEST(Processes, TheMeasuredNeedsAreComparedWithTheLimitsThatThereAre) {
    const auto page = source("docs/capacity.md");
    const std::regex row(R"(\n\| ([a-z, ]+) \|[^|\n]*\|[^|\n]*\| (\d+) MB \|)");
    Names measured;
    for (std::sregex_iterator match(page.begin(), page.end(), row), end; match != end; ++match) {
        const auto programs = matches((*match)[1], R"((\w+))");
        for (const auto& process : test::process_list()) {
            if (!programs.contains(process.program)) continue;
            EXPECT_EQ((*match)[2].str() + 'M', process.memory) << process.program;
            measured.insert(process.program);
        }
    }
    EXPECT_GE(measured.size(), 10U) << "is the table still there?";
}

}  // namespace
}  // namespace coredepot
