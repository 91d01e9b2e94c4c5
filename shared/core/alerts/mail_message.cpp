#include "core/alerts/mail_message.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string_view>

#include "text/base64.hpp"

namespace coredepot::core {
namespace {

std::string html_escaped(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

bool continues_character(char c) {
    constexpr unsigned kTopBits = 0xc0;
    constexpr unsigned kContinuation = 0x80;
    return (static_cast<unsigned char>(c) & kTopBits) == kContinuation;
}

/// Encodes a header's text as words of base64 (RFC 2047). No word is longer than 75 characters or
/// ends inside a character. So nothing in the text can become a header.
std::string encoded_header(const std::string& text) {
    constexpr std::size_t kMostBytes = 42;
    std::string header;
    for (std::size_t begin = 0; begin < text.size();) {
        auto end = std::min(begin + kMostBytes, text.size());
        while (end < text.size() && end > begin + 1 && continues_character(text[end])) --end;
        header += (begin == 0 ? "=?utf-8?B?" : "\r\n =?utf-8?B?") +
                  encode_base64(std::string_view(text).substr(begin, end - begin)) + "?=";
        begin = end;
    }
    return header;
}

/// A date in UTC in the form of RFC 5322, section 3.3.
std::string mail_date(Timestamp now) {
    const auto seconds = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(now));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    const auto length =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
    return {text.data(), length};
}

std::string plain_text(const AlertText& alert) {
    std::string text = alert.headline + "\n";
    for (const auto& item : alert.items) {
        text += '\n' + item.what + "\n" + item.name + "  " + item.title + '\n' + item.facts + '\n';
        if (item.url) text += *item.url + '\n';
    }
    return text;
}

std::string html_text(const AlertText& alert) {
    std::string html = "<!doctype html><html><body style=\"font-family: sans-serif\"><h2>" +
                       html_escaped(alert.headline) + "</h2>";
    for (const auto& item : alert.items) {
        const auto name = "<strong>" + html_escaped(item.name) + "</strong>";
        html += "<p>" + html_escaped(item.what) + "<br>";
        html += item.url ? "<a href=\"" + html_escaped(*item.url) + "\">" + name + "</a>" : name;
        html += " <code>" + html_escaped(item.title) + "</code><br>" + html_escaped(item.facts) +
                "</p>";
    }
    return html + "</body></html>\n";
}

}  // namespace

net::Mail mail_message(const AlertText& alert, const std::string& uid, const std::string& from,
                       const std::vector<std::string>& to, Timestamp now) {
    const auto domain = from.substr(from.find('@') + 1);
    net::Mail mail{from, to, {}, plain_text(alert), html_text(alert)};
    mail.headers = {"Date: " + mail_date(now), "Message-ID: <" + uid + '@' + domain + '>',
                    "Subject: " + encoded_header("[Coredepot] " + alert.headline),
                    "Auto-Submitted: auto-generated"};
    if (alert.issue)
        mail.headers.push_back("References: <issue-" + *alert.issue + '@' + domain + '>');
    return mail;
}

}  // namespace coredepot::core
