// The table of endpoints and nginx's configuration say the same.

#include <algorithm>
#include <chrono>
#include <regex>

#include <gtest/gtest.h>

#include "domain/parse_limits.hpp"
#include "http/endpoints.hpp"
#include "http/router.hpp"
#include "unit/tree/source.hpp"

namespace coredepot::http {
namespace {

using test::source;

/// One thing that nginx looks at a path with: an exact one or a regular expression.
struct Rule {
    bool exact;
    std::string pattern;
    std::string value;

    bool matches(const std::string& path) const {
        if (exact) return pattern == path;
        // What nginx's PCRE calls \z is $ here, where a path never has a second line.
        auto expression = std::regex_replace(pattern, std::regex(R"(\\z)"), "$$");
        return std::regex_search(path, std::regex(expression));
    }
};

/// As nginx goes about it: exact ones first, then expressions in their order.
std::optional<std::string> lookup(const std::vector<Rule>& rules, const std::string& path) {
    for (const bool exact : {true, false}) {
        for (const auto& rule : rules) {
            if (rule.exact == exact && rule.matches(path)) return rule.value;
        }
    }
    return std::nullopt;
}

std::vector<Rule> find_rules(const std::string& text, const std::regex& expression) {
    std::vector<Rule> rules;
    for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end;
         ++match) {
        rules.push_back({(*match)[1] == "=", (*match)[2], (*match)[3]});
    }
    return rules;
}

/// location = /x { … fastcgi_pass y; }, or { … try_files /_ @z; } and location @z with that. Not
/// what is asked by nginx itself.
std::vector<Rule> locations() {
    static const std::regex location(
        R"(location (=|~) ((?!/_internal)\S+)\s*\{[^}]*(?:fastcgi_pass|try_files /_) (\S+);[^}]*\})");
    static const std::regex named(R"(location (@)(\S+)\s*\{[^}]*fastcgi_pass (\S+);[^}]*\})");
    const auto text = source("nginx/locations.conf.in");
    auto rules = find_rules(text, location);
    for (auto& rule : rules) {
        for (const auto& target : find_rules(text, named)) {
            if (rule.value == '@' + target.pattern) rule.value = target.value;
        }
    }
    return rules;
}

/// The upstream that a location's fastcgi_pass stands for when it is one of the variables.
std::string upstream(const std::string& pass, std::string_view method) {
    if (!pass.starts_with('$')) return pass;
    if (pass == "$coredepot_issues") {
        return method == "PATCH" ? "coredepot_triage" : "coredepot_issues";
    }
    const bool is_delete = method == "DELETE";
    return is_delete ? "coredepot_delete"
                     : (pass == "$coredepot_coredumps" ? "coredepot_list" : "coredepot_detail");
}

std::string sample_path(std::string_view pattern) {
    return std::regex_replace(std::string(pattern), std::regex(R"(\{[^}]*\}|\[/\])"), "1");
}

/// Every endpoint that comes through nginx's public server, with a path of its own.
std::vector<std::pair<EndpointSpec, std::string>> public_endpoints() {
    std::vector<std::pair<EndpointSpec, std::string>> endpoints;
    for (const auto& spec : all_endpoints()) {
        if (is_of_sidecar(spec.endpoint)) continue;
        std::string pattern(spec.path);
        if (pattern.ends_with("[/]")) {
            pattern.resize(pattern.size() - 3);
            endpoints.emplace_back(spec, sample_path(pattern) + "/");
        }
        endpoints.emplace_back(spec, sample_path(pattern));
    }
    return endpoints;
}

TEST(Routes, EveryEndpointGoesToAHandlerThatServesIt) {
    static const std::regex name_of_upstream(R"(coredepot_(\w+))");
    const auto rules = locations();
    ASSERT_GT(rules.size(), 8U);
    // Endpoints by operation, to find the C++ name of one in a handler's source.
    const auto names = source("shared/http/endpoints.cpp");
    for (const auto& [spec, path] : public_endpoints()) {
        const auto pass = lookup(rules, path);
        ASSERT_TRUE(pass) << "no location for " << path;
        std::smatch handler;
        const auto name = upstream(*pass, spec.method);
        ASSERT_TRUE(std::regex_match(name, handler, name_of_upstream)) << name;
        std::smatch enumerator;
        const std::regex row(R"(Endpoint::(\w+)[^\n]*")" + std::string(spec.operation) + '"');
        ASSERT_TRUE(std::regex_search(names, enumerator, row)) << spec.operation;
        const auto text = source("handlers/" + handler[1].str() + ".cpp");
        EXPECT_NE(text.find("Endpoint::" + enumerator[1].str() + ","), std::string::npos)
            << spec.method << ' ' << path << " goes to " << handler[1];
    }
}

TEST(Routes, EveryLocationHasAnEndpoint) {
    const auto endpoints = public_endpoints();
    for (const auto& rule : locations()) {
        EXPECT_TRUE(std::ranges::any_of(endpoints, [&](const auto& endpoint) {
            return rule.matches(endpoint.second);
        })) << rule.pattern;
    }
}

TEST(Routes, NginxAllowsWhatTheRouterAllows) {
    static const std::regex map_block(R"(map \$uri \$coredepot_allow \{([^}]*)\})");
    static const std::regex map_row(R"re((?:^|\n)\s+"?(~?)([^\s"]+)"?\s+"([^"]*)";)re");
    const auto site = source("nginx/coredepot.conf.in");
    std::smatch map;
    ASSERT_TRUE(std::regex_search(site, map, map_block));
    auto rules = find_rules(map[1], map_row);
    for (auto& rule : rules) rule.exact = !rule.pattern.starts_with('^');
    const auto everybody = auth::trust_everybody();
    const Router router(*everybody, {});
    for (const auto& [spec, path] : public_endpoints()) {
        Request request;
        request.method = "TRACE";
        request.path = path;
        std::string expected;
        for (const auto& [name, value] : router.answer(request).headers) {
            if (name == "Allow") expected = value;
        }
        const auto allowed = lookup(rules, path);
        EXPECT_EQ(allowed ? allowed : lookup(rules, "default"), expected) << path;
    }
}

// nginx sends the page at the places of its screens, and nowhere else: errors there are the API's.
TEST(Routes, ThePagesPlacesAreThoseOfItsScreens) {
    static const std::regex location(R"(location ~ (\^/\(\S+) \{)");
    static const std::regex pattern(R"(pattern: '([^']+)')");
    const auto conf = source("nginx/page.conf.in");
    std::smatch places;
    ASSERT_TRUE(std::regex_search(conf, places, location));
    const Rule rule{false, places[1], {}};
    const auto screens = source("nginx/page/app/screens.ts");
    std::size_t count = 0;
    for (std::sregex_iterator match(screens.begin(), screens.end(), pattern), end; match != end;
         ++match, ++count) {
        EXPECT_TRUE(rule.matches(sample_path((*match)[1].str()))) << (*match)[1];
    }
    EXPECT_GT(count, 5U);
    for (const auto& [spec, path] : public_endpoints()) EXPECT_FALSE(rule.matches(path)) << path;
    for (const auto* path : {"/index.html", "/devicesx", "/devices/1/2", "/favicon.ico"})
        EXPECT_FALSE(rule.matches(path)) << path;
}

// Or it would be nginx that says what went wrong.
TEST(Routes, NginxWaitsLongerForTheSidecarThanARunnerDoes) {
    const auto server = source("nginx/sidecar.conf.in");
    std::smatch seconds;
    ASSERT_TRUE(std::regex_search(server, seconds, std::regex(R"(fastcgi_read_timeout (\d+)s;)")));
    EXPECT_GT(std::chrono::seconds(std::stoi(seconds[1])), kSidecarTimeLimit);
}

TEST(Routes, TheSidecarsServerHasItsPaths) {
    const auto server = source("nginx/sidecar.conf.in");
    for (const auto& spec : all_endpoints()) {
        if (!is_of_sidecar(spec.endpoint)) continue;
        EXPECT_TRUE(std::regex_search(server, std::regex("location = " + std::string(spec.path) +
                                                         R"( +\{ try_files /_ @sidecar; \})")))
            << spec.path;
    }
}

}  // namespace
}  // namespace coredepot::http
