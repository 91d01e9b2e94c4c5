#include "support/fake_issuer.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/token_factory.hpp"

namespace coredepot::test {
namespace {

/// How long a request is whose head is there; the end of the head when no body is announced.
std::size_t length_of(const std::string& request, std::size_t head_end) {
    static const std::string kLength = "Content-Length: ";
    const auto at = request.find(kLength);
    if (at == std::string::npos || at > head_end) return head_end;
    return head_end + std::stoul(request.substr(at + kLength.size()));
}

/// Head and body; "" when the client does not finish.
std::string read_request(int connection) {
    static const std::string kEnd = "\r\n\r\n";
    std::string request;
    std::array<char, 4096> piece{};
    while (true) {
        const auto end = request.find(kEnd);
        if (end != std::string::npos && request.size() >= length_of(request, end + kEnd.size())) {
            return request;
        }
        const auto got = ::recv(connection, piece.data(), piece.size(), 0);
        if (got <= 0) return "";
        request.append(piece.data(), static_cast<std::size_t>(got));
    }
}

void send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

FakeIssuer::FakeIssuer() {
    // An issuer may be behind a proxy; this one is not, whatever the environment says.
    ::setenv("no_proxy", "127.0.0.1", 1);
    listen_on(0);
    url_ = "http://127.0.0.1:" + std::to_string(port_);
    answer(kDiscovery, 200,
           to_json({{"issuer", quote(url_)},
                    {"jwks_uri", quote(url_ + kJwks)},
                    {"token_endpoint", quote(url_ + kToken)},
                    {"authorization_endpoint", quote(url_ + kAuthorization)},
                    {"end_session_endpoint", quote(url_ + kEndSession)}}));
    publish(jwks({}));
}

FakeIssuer::~FakeIssuer() {
    go_down();
}

void FakeIssuer::listen_on(int port) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, generic, length) != 0 || ::listen(listening_, 64) != 0 ||
        ::getsockname(listening_, generic, &length) != 0) {
        throw std::runtime_error("the fake issuer cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

void FakeIssuer::go_down() {
    if (!thread_.joinable()) return;
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
    speak_again();
}

void FakeIssuer::come_back() {
    listen_on(port_);
}

void FakeIssuer::fall_silent() {
    const std::scoped_lock lock(mutex_);
    silent_ = true;
}

void FakeIssuer::speak_again() {
    const std::scoped_lock lock(mutex_);
    silent_ = false;
    for (const int connection : waiting_) ::close(connection);
    waiting_.clear();
}

std::size_t FakeIssuer::waiting() const {
    const std::scoped_lock lock(mutex_);
    return waiting_.size();
}

void FakeIssuer::answer(const std::string& path, int status, const std::string& body,
                        const std::string& headers) {
    const std::scoped_lock lock(mutex_);
    answers_[path] = {status, body, headers};
}

void FakeIssuer::give_token(const std::string& credentials, const std::string& token) {
    const std::scoped_lock lock(mutex_);
    tokens_[credentials] = token;
}

int FakeIssuer::asked(const std::string& path) const {
    const std::scoped_lock lock(mutex_);
    const auto found = asked_.find(path);
    return found == asked_.end() ? 0 : found->second;
}

std::string FakeIssuer::last_request(const std::string& path) const {
    const std::scoped_lock lock(mutex_);
    const auto found = last_.find(path);
    return found == last_.end() ? "" : found->second;
}

void FakeIssuer::serve() {
    while (true) {
        const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        if (is_kept_waiting(connection)) continue;
        serve_one(connection);
        ::close(connection);
    }
}

bool FakeIssuer::is_kept_waiting(int connection) {
    const std::scoped_lock lock(mutex_);
    if (silent_) waiting_.push_back(connection);
    return silent_;
}

void FakeIssuer::serve_one(int connection) {
    const auto request = read_request(connection);
    const auto begin = request.find(' ') + 1;
    const auto path = request.substr(begin, request.find(' ', begin) - begin);
    const auto answer = answer_to(path, request);
    send_all(connection, "HTTP/1.1 " + std::to_string(answer.status) +
                             " Whatever\r\nConnection: close\r\nContent-Length: " +
                             std::to_string(answer.body.size()) + "\r\n" + answer.headers + "\r\n" +
                             answer.body);
}

FakeIssuer::Answer FakeIssuer::answer_to(const std::string& path, const std::string& request) {
    const std::scoped_lock lock(mutex_);
    ++asked_[path];
    last_[path] = request;
    const auto found = answers_.find(path);
    if (found != answers_.end()) return found->second;
    if (path != kToken) return {404, "{}", ""};
    for (const auto& [credentials, token] : tokens_) {
        if (request.find("grant_type=client_credentials") != std::string::npos &&
            request.find(credentials) != std::string::npos) {
            return {200, to_json({{"access_token", quote(token)}, {"token_type", quote("Bearer")}}),
                    ""};
        }
    }
    // RFC 6749, section 5.2
    return {401,
            to_json({{"error", quote("invalid_client")},
                     {"error_description", quote("No such client, or another secret")}}),
            ""};
}

}  // namespace coredepot::test
