// What is told of issues, in which there are names that devices made up: as Slack and mail show it.

#include "core/alerts/mail_message.hpp"
#include "core/alerts/message.hpp"
#include "core/alerts/slack_message.hpp"
#include "fuzz_input.hpp"
#include "json.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto alert = core::read_alert(fuzz::text(data, size));
    fuzz::require(!alert.headline.empty());
    fuzz::require(json::Object::parse(core::slack_message(alert)).has_value());
    const auto mail = core::mail_message(alert, "msg_1", "depot@example.com", {"a@b"}, Timestamp());
    for (const auto& header : mail.headers) {
        // A line goes on with a space, or it would be another header.
        for (auto at = header.find('\n'); at != std::string::npos; at = header.find('\n', at + 1)) {
            fuzz::require(header.compare(at - 1, 3, "\r\n ") == 0);
        }
        fuzz::require(header.find('\0') == std::string::npos);
    }
    fuzz::require(mail.html.find("<script") == std::string::npos);
    return 0;
}
