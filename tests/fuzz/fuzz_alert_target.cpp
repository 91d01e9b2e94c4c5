// What clients send to make or change alert targets: the body, and the addresses in it.

#include "core/alerts/address.hpp"
#include "core/errors.hpp"
#include "domain/mail_address.hpp"
#include "domain/network.hpp"
#include "fuzz_input.hpp"
#include "http/alert_requests.hpp"

using namespace coredepot;

namespace {

bool has_line_end(std::string_view text) {
    return text.find_first_of("\r\n") != std::string_view::npos;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text(data, size);
    // What is taken stands in a request line, in a header, or in a command of SMTP.
    if (const auto shown = core::shown_url(text)) {
        fuzz::require(!has_line_end(text) && text.starts_with("http"));
        fuzz::require(shown->find('@') == std::string::npos);
    }
    if (is_mail_address(text)) {
        fuzz::require(text.find_first_of("\r\n <>,\"") == std::string_view::npos);
    }
    core::is_webhook_secret(text);
    if (const auto network = Network::parse(text)) network->contains(IpAddress::v4(127, 0, 0, 1));
    const auto body = json::Object::parse(text);
    if (!body) return 0;
    try {
        const auto target = http::new_alert_target(*body);
        fuzz::require(target.name && target.kind && target.address);
    } catch (const core::ValidationFailed&) {
        // The client is told so.
    }
    return 0;
}
