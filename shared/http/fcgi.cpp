#include "http/fcgi.hpp"

#include <charconv>
#include <csignal>
#include <string_view>

#include <fcgiapp.h>

#include "storage/files.hpp"

namespace coredepot::http {
namespace {

/// FastCGI 1.0, section 2.2: FCGI_LISTENSOCK_FILENO.
constexpr int kListeningSocket = 0;

/// Without SA_RESTART, so that a signal ends a wait in accept(); FCGX_ShutdownPending makes libfcgi
/// treat that as the end and not as a reason to wait again.
void install_signal_handlers() {
    struct sigaction stop {};
    stop.sa_handler = [](int /*signal*/) { FCGX_ShutdownPending(); };
    sigaction(SIGTERM, &stop, nullptr);
    sigaction(SIGINT, &stop, nullptr);
    // A client that went away must not take the process along.
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
}

std::string parameter(const FCGX_Request& raw, const char* name) {
    const char* value = FCGX_GetParam(name, raw.envp);
    return value == nullptr ? "" : value;
}

/// Of a header that came several times all values, joined as RFC 7230, section 3.2.2 has it: taking
/// one of them would be a choice that something in front of us may have made otherwise.
std::optional<std::string> optional_parameter(const FCGX_Request& raw, std::string_view name) {
    std::optional<std::string> joined;
    for (char** variable = raw.envp; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (!text.starts_with(name) || text.substr(name.size(), 1) != "=") continue;
        const auto value = text.substr(name.size() + 1);
        if (joined) joined->append(", ").append(value);
        if (!joined) joined = value;
    }
    if (joined && joined->empty()) return std::nullopt;
    return joined;
}

std::optional<std::uint64_t> content_length(const FCGX_Request& raw) {
    const auto text = parameter(raw, "CONTENT_LENGTH");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return length;
}

/// FCGX_GetStr may return less than asked for before the end; Body counts.
Body body_of(FCGX_Request& raw) {
    return {content_length(raw), [&raw](char* target, std::size_t length) {
                const int got = FCGX_GetStr(target, static_cast<int>(length), raw.in);
                return got < 0 ? std::size_t{0} : static_cast<std::size_t>(got);
            }};
}

Request to_request(FCGX_Request& raw) {
    Request request;
    request.method = parameter(raw, "REQUEST_METHOD");
    request.path = parameter(raw, "DOCUMENT_URI");
    request.query = Query::parse(parameter(raw, "QUERY_STRING"));
    request.content_type = parameter(raw, "CONTENT_TYPE");
    request.if_none_match = parameter(raw, "HTTP_IF_NONE_MATCH");
    request.idempotency_key = optional_parameter(raw, "HTTP_IDEMPOTENCY_KEY");
    request.authorization = optional_parameter(raw, "HTTP_AUTHORIZATION");
    request.scheme = parameter(raw, "REQUEST_SCHEME");
    request.host = parameter(raw, "HTTP_HOST");
    request.forwarded_proto = optional_parameter(raw, "HTTP_X_FORWARDED_PROTO");
    request.forwarded_host = optional_parameter(raw, "HTTP_X_FORWARDED_HOST");
    request.request_id = parameter(raw, "REQUEST_ID");
    // The web server draws one; a caller that speaks FastCGI without one gets ours.
    if (request.request_id.empty()) request.request_id = storage::random_name();
    request.body = body_of(raw);
    return request;
}

void put(std::string_view text, FCGX_Stream* out) {
    FCGX_PutStr(text.data(), static_cast<int>(text.size()), out);
}

void send(const Response& response, FCGX_Stream* out) {
    std::string head = "Status: " + std::to_string(response.status) + ' ';
    head.append(reason_phrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    // Without it the web server would have to send the body in chunks. An empty body may be one
    // that the web server fills in (X-Accel-Redirect), and statuses without a body must not
    // announce one.
    if (!response.body.empty()) {
        head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    }
    put(head + "\r\n", out);
    put(response.body, out);
}

}  // namespace

void serve_fastcgi(const std::function<Response(Request&)>& answer) {
    install_signal_handlers();
    if (FCGX_Init() != 0 || FCGX_IsCGI() != 0) {
        throw std::runtime_error(
            "standard input is not a listening socket; start this with "
            "spawn-fcgi or as a systemd service with StandardInput=socket");
    }
    FCGX_Request raw;
    if (FCGX_InitRequest(&raw, kListeningSocket, FCGI_FAIL_ACCEPT_ON_INTR) != 0) {
        throw std::runtime_error("FastCGI is not available");
    }
    while (FCGX_Accept_r(&raw) == 0) {
        auto request = to_request(raw);
        send(answer(request), raw.out);
        FCGX_Finish_r(&raw);
    }
    FCGX_Free(&raw, 1);
}

}  // namespace coredepot::http
