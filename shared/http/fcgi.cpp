#include "http/fcgi.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <system_error>

#include <fcgiapp.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "os/files.hpp"
#include "text/integers.hpp"

namespace coredepot::http {
namespace {

/// FastCGI 1.0, section 2.2: FCGI_LISTENSOCK_FILENO.
constexpr int kListeningSocket = 0;

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Waits for connections and for the signals that end the program, at once. The signals are blocked
/// all the time: libfcgi takes an interrupted read of a request for its end, and the request would
/// be lost.
class Waiter {
  public:
    Waiter() {
        // A client that went away must not take the process along.
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &ignore, nullptr);

        sigset_t stop{};
        sigaddset(&stop, SIGTERM);
        sigaddset(&stop, SIGINT);
        sigprocmask(SIG_BLOCK, &stop, nullptr);
        stop_ = os::Descriptor(::signalfd(-1, &stop, SFD_CLOEXEC));
        if (stop_.get() < 0) throw_errno("cannot wait for signals");

        limit_accept();
        // Several processes wait for one socket. The kernel need not wake them all for each
        // connection, and who comes too late must not block in accept().
        const int flags = ::fcntl(kListeningSocket, F_GETFL);
        if (flags < 0 || ::fcntl(kListeningSocket, F_SETFL, flags | O_NONBLOCK) != 0) {
            throw_errno("cannot wait for connections");
        }
        watch(kListeningSocket, EPOLLIN | EPOLLEXCLUSIVE);
        watch(stop_.get(), EPOLLIN);
    }

    /// Until a connection may be accepted; false when the program has to end.
    bool wait_for_connection() const {
        std::array<epoll_event, 2> events{};
        int count = -1;
        do {
            count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
        } while (count < 0 && errno == EINTR);  // a debugger's doing
        if (count < 0) throw_errno("cannot wait for connections");
        return std::none_of(events.begin(), events.begin() + count,
                            [this](const auto& event) { return event.data.fd == stop_.get(); });
    }

  private:
    /// O_NONBLOCK belongs to all processes of the handler, and systemd takes it away whenever it
    /// starts one of them. A process that came too late for a connection at that moment would wait
    /// in accept() for the next one, deaf to signals. Connections over a Unix socket do not inherit
    /// this limit; those over TCP would.
    static void limit_accept() {
        sockaddr_storage address{};
        socklen_t length = sizeof address;
        if (::getsockname(kListeningSocket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
            throw_errno("cannot wait for connections");
        }
        if (address.ss_family != AF_UNIX) return;
        const timeval limit{0, 200'000};  // 0.2 s
        if (::setsockopt(kListeningSocket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0) {
            throw_errno("cannot wait for connections");
        }
    }

    void watch(int descriptor, std::uint32_t what) const {
        epoll_event event{};
        event.events = what;
        event.data.fd = descriptor;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
            throw_errno("cannot wait for connections");
        }
    }

    os::Descriptor epoll_{::epoll_create1(EPOLL_CLOEXEC)};
    os::Descriptor stop_;
};

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
    return parse_integer<std::uint64_t>(parameter(raw, "CONTENT_LENGTH"));
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
    request.content_encoding = parameter(raw, "HTTP_CONTENT_ENCODING");
    request.if_match = optional_parameter(raw, "HTTP_IF_MATCH");
    request.if_none_match = parameter(raw, "HTTP_IF_NONE_MATCH");
    request.idempotency_key = optional_parameter(raw, "HTTP_IDEMPOTENCY_KEY");
    request.authorization = optional_parameter(raw, "HTTP_AUTHORIZATION");
    request.scheme = parameter(raw, "REQUEST_SCHEME");
    request.host = parameter(raw, "HTTP_HOST");
    request.origin = optional_parameter(raw, "HTTP_ORIGIN");
    request.cookie = optional_parameter(raw, "HTTP_COOKIE");
    request.fetch_site = optional_parameter(raw, "HTTP_SEC_FETCH_SITE");
    request.forwarded_proto = optional_parameter(raw, "HTTP_X_FORWARDED_PROTO");
    request.forwarded_host = optional_parameter(raw, "HTTP_X_FORWARDED_HOST");
    request.request_id = parameter(raw, "REQUEST_ID");
    // The web server draws one; a caller that speaks FastCGI without one gets ours.
    if (request.request_id.empty()) request.request_id = os::random_name();
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

/// Ends the request and its connection. FCGX_Finish_r would wait until the web server has closed
/// it, lest a close with something unread becomes a reset, which may cost the web server the
/// answer. Where all was read the connection can go at once, and neither waits for the other.
void finish(FCGX_Request& raw, const Body& body) {
    // What follows the body is the record that says it ends.
    if (!body.leaves_some() && FCGX_GetChar(raw.in) == EOF) FCGX_Detach(&raw);
    FCGX_Finish_r(&raw);
    FCGX_Attach(&raw);
}

}  // namespace

void serve_fastcgi(const std::function<Response(Request&)>& answer) {
    if (FCGX_Init() != 0 || FCGX_IsCGI() != 0) {
        throw std::runtime_error(
            "standard input is not a listening socket; start this with "
            "spawn-fcgi or as a systemd service with StandardInput=socket");
    }
    const Waiter waiter;
    FCGX_Request raw;
    if (FCGX_InitRequest(&raw, kListeningSocket, 0) != 0) {
        throw std::runtime_error("FastCGI is not available");
    }
    while (waiter.wait_for_connection()) {
        if (const int error = FCGX_Accept_r(&raw); error != 0) {
            // Another process was faster.
            if (error == -EAGAIN || error == -EWOULDBLOCK) continue;
            throw std::system_error(-error, std::generic_category(), "cannot accept");
        }
        auto request = to_request(raw);
        send(answer(request), raw.out);
        finish(raw, request.body);
    }
    FCGX_Free(&raw, 1);
}

}  // namespace coredepot::http
