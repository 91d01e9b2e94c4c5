#include "core/alerts/slack_message.hpp"

#include <vector>

#include "json.hpp"
#include "text/utf8.hpp"

namespace coredepot::core {
namespace {

/// https://api.slack.com/reference/surfaces/formatting#escaping
std::string slack_escaped(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '&') {
            escaped += "&amp;";
        } else if (c == '<') {
            escaped += "&lt;";
        } else if (c == '>') {
            escaped += "&gt;";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

/// Between backticks, nothing acts as a format, a mention or a link.
std::string as_code(std::string text) {
    for (char& c : text) {
        if (c == '`') c = '\'';
    }
    return '`' + slack_escaped(text) + '`';
}

std::string line_of(const AlertText::Item& item) {
    std::string line = "*" + slack_escaped(item.what) + "* ";
    line += item.url ? '<' + *item.url + '|' + slack_escaped(item.name) + '>'
                     : slack_escaped(item.name);
    return line + ' ' + as_code(item.title) + '\n' + as_code(item.facts);
}

/// Joins lines into as few texts as possible, none longer than a section in Slack may be.
std::vector<std::string> sections_of(const AlertText& alert) {
    constexpr std::size_t kLongest = 2'900;  // of 3000 characters
    std::vector<std::string> sections;
    for (const auto& item : alert.items) {
        const auto line = line_of(item);
        if (sections.empty() || sections.back().size() + line.size() + 2 > kLongest) {
            sections.push_back(line);
        } else {
            sections.back() += "\n\n" + line;
        }
    }
    return sections;
}

std::string cut(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    text.resize(most);
    // Remove an incomplete character at the end.
    while (!text.empty() && !is_utf8(text)) text.pop_back();
    return text + "…";
}

void write_text(json::Writer& writer, const char* type, const std::string& text) {
    writer.key("text").begin_object().member("type", type).member("text", text).end_object();
}

}  // namespace

std::string slack_message(const AlertText& alert) {
    constexpr std::size_t kLongestHeader = 140;  // of 150 characters
    // A message may have fifty blocks.
    constexpr std::size_t kMostSections = 45;
    auto sections = sections_of(alert);
    if (sections.size() > kMostSections) sections.resize(kMostSections);
    std::string text = alert.items.size() == 1 ? "" : as_code(alert.headline);
    for (const auto& section : sections) text += (text.empty() ? "" : "\n\n") + section;

    json::Writer writer;
    writer.begin_object().member("text", text).key("blocks").begin_array();
    writer.begin_object().member("type", "header");
    write_text(writer, "plain_text", cut(alert.headline, kLongestHeader));
    writer.end_object();
    for (const auto& section : sections) {
        writer.begin_object().member("type", "section");
        write_text(writer, "mrkdwn", section);
        writer.end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace coredepot::core
