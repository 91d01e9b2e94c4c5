#include "core/alerts/message.hpp"

#include <cmath>
#include <cstdint>
#include <map>

#include "json.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

/// Longer titles are cut.
constexpr std::size_t kLongestTitle = 300;

std::string visible(std::string text) {
    if (text.size() > kLongestTitle) text.resize(kLongestTitle);
    return to_visible(text, '?');
}

std::string text_of(const json::Object& object, const char* member) {
    return visible(object.string(member).value_or(""));
}

std::string counted(std::int64_t number, const char* one, const char* many) {
    return std::to_string(number) + ' ' + (number == 1 ? one : many);
}

std::string list_of(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : ", ") + visible(text);
    return all;
}

/// The reason why an issue's mute ended.
std::string mute_over(const json::Object& cause) {
    const auto until = cause.object("muted_until");
    if (!until) return "";
    if (const auto more = until->integer("occurrences")) {
        return counted(*more, "more core dump", "more core dumps");
    }
    if (const auto more = until->integer("devices")) {
        return counted(*more, "more device", "more devices");
    }
    if (const auto version = until->string("version_after")) {
        return "seen in a version after " + visible(*version);
    }
    return until->has("time") ? "its time is over" : "";
}

std::string regression(const json::Object& cause) {
    std::string what = "Regressed";
    if (const auto version = text_of(cause, "version"); !version.empty()) what += " in " + version;
    const auto fixed = cause.strings("fixed_in");
    if (fixed && !fixed->empty()) what += " (fixed in " + list_of(*fixed) + ')';
    return what;
}

std::string spike(const json::Object& cause) {
    auto what =
        "Spike: " + counted(cause.integer("occurrences").value_or(0), "core dump", "core dumps");
    what += " of " + counted(cause.integer("devices").value_or(0), "device", "devices");
    what += " within an hour";
    if (const auto mean = cause.number("mean")) {
        what += ", where the mean is " + std::to_string(std::llround(*mean));
    }
    return what;
}

std::string what_happened(const json::Object& event) {
    const auto type = event.string("type").value_or("");
    const auto cause = event.object("cause");
    if (type == "issue.created") {
        const auto version = cause ? text_of(*cause, "version") : "";
        return version.empty() ? "New" : "New in " + version;
    }
    if (type == "issue.regressed") return cause ? regression(*cause) : "Regressed";
    if (type == "issue.spike") return cause ? spike(*cause) : "Spike";
    const auto over = cause ? mute_over(*cause) : "";
    return over.empty() ? "Unmuted" : "Unmuted: " + over;
}

std::string versions_of(const json::Object& issue) {
    const auto first = text_of(issue, "first_version");
    const auto last = text_of(issue, "last_version");
    if (first.empty()) return "version not known";
    return first == last ? "version " + first : "versions " + first + " to " + last;
}

std::string facts_of(const json::Object& issue) {
    std::string facts = text_of(issue, "model") + " · " + text_of(issue, "kind") + " · ";
    facts += counted(issue.integer("devices").value_or(0), "device", "devices") + " · ";
    facts += counted(issue.integer("occurrences").value_or(0), "core dump", "core dumps");
    facts += " (" + std::to_string(issue.integer("occurrences_last_hour").value_or(0)) +
             " in the last hour) · ";
    return facts + versions_of(issue);
}

/// Reads an issue from an event, or from a row of a digest.
std::optional<AlertText::Item> read_item(const json::Object& event, std::string what) {
    const auto issue = event.object("issue");
    if (!issue) return std::nullopt;
    AlertText::Item item{std::move(what), text_of(*issue, "name"), text_of(*issue, "title"),
                         facts_of(*issue), issue->string("url")};
    if (item.title.empty()) item.title = "a crash without a title";
    return item;
}

/// `2 new, 1 regressed`
std::string summary_of(const std::vector<json::Object>& events) {
    std::map<std::string, std::int64_t> counts;
    for (const auto& event : events) ++counts[event.string("type").value_or("")];
    std::string all;
    for (const auto& [type, word] :
         {std::pair{"issue.created", "new"}, std::pair{"issue.regressed", "regressed"},
          std::pair{"issue.unmuted", "unmuted"}, std::pair{"issue.spike", "with a spike"}}) {
        if (counts[type] == 0) continue;
        all += (all.empty() ? "" : ", ") + std::to_string(counts[type]) + ' ' + word;
    }
    return all;
}

AlertText read_batch(const json::Object& data) {
    AlertText text;
    const auto events = data.objects("events");
    if (!events) return text;
    text.headline = "Issues: " + summary_of(*events);
    for (const auto& event : *events) {
        if (auto item = read_item(event, what_happened(event))) {
            text.items.push_back(*std::move(item));
        }
    }
    return text;
}

AlertText read_digest(const json::Object& data) {
    AlertText text;
    const auto number = [&](const char* member) { return data.integer(member).value_or(0); };
    text.headline =
        "The last 24 hours: " + counted(number("occurrences"), "core dump", "core dumps") + ", " +
        counted(number("new"), "new issue", "new issues") + ", " +
        std::to_string(number("regressed")) + " regressed, " + std::to_string(number("unmuted")) +
        " unmuted";
    const auto issues = data.objects("issues");
    if (!issues) return text;
    for (const auto& row : *issues) {
        auto what =
            counted(row.integer("occurrences_last_day").value_or(0), "core dump", "core dumps");
        if (auto item = read_item(row, std::move(what))) text.items.push_back(*std::move(item));
    }
    return text;
}

AlertText read_single(const json::Object& event) {
    AlertText text;
    auto item = read_item(event, what_happened(event));
    if (!item) return text;
    text.headline = item->name + ' ' + item->what + ": " + item->title;
    text.issue = item->name;
    text.items.push_back(*std::move(item));
    return text;
}

}  // namespace

AlertText read_alert(std::string_view body) {
    AlertText text;
    const auto message = json::Object::parse(body);
    const auto data = message ? message->object("data") : std::nullopt;
    if (data) {
        const auto type = message->string("type").value_or("");
        if (type == "batch") {
            text = read_batch(*data);
        } else if (type == "digest") {
            text = read_digest(*data);
        } else if (type == "test") {
            text.headline =
                "A test of the alert target " + text_of(*data, "target") + ": messages arrive here";
        } else {
            text = read_single(*data);
        }
    }
    if (text.headline.empty()) text.headline = "Something happened to an issue";
    return text;
}

}  // namespace coredepot::core
