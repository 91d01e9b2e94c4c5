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

#include "http/fcgi_answer.hpp"
#include "os/files.hpp"
#include "text/integers.hpp"

namespace coredepot::http {
namespace {

/// FastCGI 1.0, section 2.2: FCGI_LISTENSOCK_FILENO.
constexpr int kListeningSocket = 0;

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Waits for connections and for the signals that end the program. The signals are blocked at all
/// other times, because libfcgi takes an interrupted read for the end of the request, and the
/// request would be lost.
class Waiter {
  public:
    Waiter() {
        // A client that goes away must not kill the process.
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
        // Several processes wait for one socket. A connection may wake more than one of them, and
        // the late ones must not block in accept().
        const int flags = ::fcntl(kListeningSocket, F_GETFL);
        if (flags < 0 || ::fcntl(kListeningSocket, F_SETFL, flags | O_NONBLOCK) != 0) {
            throw_errno("cannot wait for connections");
        }
        watch(kListeningSocket, EPOLLIN | EPOLLEXCLUSIVE);
        watch(stop_.get(), EPOLLIN);
    }

    /// Waits until a connection can be accepted. False when the program has to end.
    bool wait_for_connection() const {
        std::array<epoll_event, 2> events{};
        int count = -1;
        do {
            count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
        } while (count < 0 && errno == EINTR);  // a debugger does this
        if (count < 0) throw_errno("cannot wait for connections");
        return std::none_of(events.begin(), events.begin() + count,
                            [this](const auto& event) { return event.data.fd == stop_.get(); });
    }

  private:
    /// All processes of a handler share O_NONBLOCK, and systemd clears it whenever it starts one of
    /// them. At that moment, a process that is late for a connection would wait in accept() for the
    /// next one and ignore signals. Connections over a Unix socket do not inherit this limit;
    /// connections over TCP would.
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

/// A variable of the request, and where its value goes.
template <class Text>
struct Variable {
    std::string_view name;
    Text Request::*member;
};

constexpr std::array kTexts = {
    Variable<std::string>{"REQUEST_METHOD", &Request::method},
    Variable<std::string>{"DOCUMENT_URI", &Request::path},
    Variable<std::string>{"CONTENT_TYPE", &Request::content_type},
    Variable<std::string>{"HTTP_CONTENT_ENCODING", &Request::content_encoding},
    Variable<std::string>{"HTTP_IF_NONE_MATCH", &Request::if_none_match},
    Variable<std::string>{"REQUEST_SCHEME", &Request::scheme},
    Variable<std::string>{"HTTP_HOST", &Request::host},
    Variable<std::string>{"REQUEST_ID", &Request::request_id},
};

using OptionalText = std::optional<std::string>;
constexpr std::array kOptionalTexts = {
    Variable<OptionalText>{"HTTP_AUTHORIZATION", &Request::authorization},
    Variable<OptionalText>{"HTTP_COOKIE", &Request::cookie},
    Variable<OptionalText>{"HTTP_IF_MATCH", &Request::if_match},
    Variable<OptionalText>{"HTTP_RANGE", &Request::range},
    Variable<OptionalText>{"HTTP_IF_RANGE", &Request::if_range},
    Variable<OptionalText>{"HTTP_IDEMPOTENCY_KEY", &Request::idempotency_key},
    Variable<OptionalText>{"HTTP_ORIGIN", &Request::origin},
    Variable<OptionalText>{"HTTP_SEC_FETCH_SITE", &Request::fetch_site},
    Variable<OptionalText>{"HTTP_X_FORWARDED_PROTO", &Request::forwarded_proto},
    Variable<OptionalText>{"HTTP_X_FORWARDED_HOST", &Request::forwarded_host},
};

/// The first value counts.
bool take_text(Request& request, std::string_view name, std::string_view value) {
    const auto* const variable = std::ranges::find(kTexts, name, &Variable<std::string>::name);
    if (variable == kTexts.end()) return false;
    auto& text = request.*(variable->member);
    if (text.empty()) text = value;
    return true;
}

/// If a header came several times, joins all its values (RFC 7230, section 3.2.2). Taking one of
/// them would be a choice that a server in front of us may have made differently.
void take_optional_text(Request& request, std::string_view name, std::string_view value) {
    const auto* const variable =
        std::ranges::find(kOptionalTexts, name, &Variable<OptionalText>::name);
    if (variable == kOptionalTexts.end()) return;
    auto& text = request.*(variable->member);
    if (text) text->append(", ").append(value);
    if (!text) text = value;
}

std::optional<std::uint64_t> content_length(const FCGX_Request& raw) {
    const char* const value = FCGX_GetParam("CONTENT_LENGTH", raw.envp);
    return parse_integer<std::uint64_t>(value == nullptr ? "" : value);
}

/// FCGX_GetStr may return less than asked for before the end. Body counts.
Body body_of(FCGX_Request& raw) {
    return {content_length(raw), [&raw](char* target, std::size_t length) {
                const int got = FCGX_GetStr(target, static_cast<int>(length), raw.in);
                return got < 0 ? std::size_t{0} : static_cast<std::size_t>(got);
            }};
}

Request to_request(FCGX_Request& raw) {
    Request request;
    // Looks at each variable once; there are about thirty.
    for (char** variable = raw.envp; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const auto name = text.substr(0, text.find('='));
        const auto value = text.substr(std::min(name.size() + 1, text.size()));
        if (take_text(request, name, value)) continue;
        take_optional_text(request, name, value);
    }
    for (const auto& variable : kOptionalTexts) {
        auto& text = request.*(variable.member);
        if (text && text->empty()) text.reset();
    }
    const char* const query = FCGX_GetParam("QUERY_STRING", raw.envp);
    request.query = Query::parse(query == nullptr ? "" : query);
    // The web server makes up an ID. For a caller that speaks FastCGI without one, we do.
    if (request.request_id.empty()) request.request_id = os::random_name();
    request.body = body_of(raw);
    return request;
}

std::string head_of(const Response& response) {
    std::string head = "Status: " + std::to_string(response.status) + ' ';
    head.append(reason_phrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    // Without a length, the web server would have to send the body in chunks. The web server may
    // fill in an empty body (X-Accel-Redirect), and a status without a body must not announce one.
    if (!response.body.empty()) {
        head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    }
    return head + "\r\n";
}

void put(std::string_view text, FCGX_Stream* out) {
    FCGX_PutStr(text.data(), static_cast<int>(text.size()), out);
}

/// Sends the answer and ends the request and its connection.
///
/// FCGX_Finish_r would wait until the web server closes the connection: closing a connection with
/// unread data resets it, and the web server might lose the answer. If everything was read, we can
/// close at once, and neither waits for the other. Then we also send the answer in one system call:
/// libfcgi writes 8 KB at a time, and each write wakes the web server.
void finish(FCGX_Request& raw, const Response& response, const Body& body) {
    const auto head = head_of(response);
    // The next record after the body says that the body ends.
    if (!body.leaves_some() && FCGX_GetChar(raw.in) == EOF && raw.keepConnection == 0) {
        // If the web server has gone away, its own log says so.
        FcgiAnswer(raw.requestId, head, response.body).send(raw.ipcFd);
        FCGX_Detach(&raw);
        FCGX_Free(&raw, 1);
    } else {
        put(head, raw.out);
        put(response.body, raw.out);
        FCGX_Finish_r(&raw);
    }
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
        finish(raw, answer(request), request.body);
    }
    FCGX_Free(&raw, 1);
}

}  // namespace coredepot::http
