#include "support/fake_issuer.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/token_factory.hpp"

namespace coredepot::test {
namespace {

/// All up to the empty line.
std::string read_head(int connection) {
    std::string head;
    std::array<char, 4096> piece{};
    while (head.find("\r\n\r\n") == std::string::npos) {
        const auto got = ::recv(connection, piece.data(), piece.size(), 0);
        if (got <= 0) return "";
        head.append(piece.data(), static_cast<std::size_t>(got));
    }
    return head;
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
    answer(kDiscovery, 200, to_json({{"issuer", quote(url_)}, {"jwks_uri", quote(url_ + kJwks)}}));
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

int FakeIssuer::asked(const std::string& path) const {
    const std::scoped_lock lock(mutex_);
    const auto found = asked_.find(path);
    return found == asked_.end() ? 0 : found->second;
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
    const auto head = read_head(connection);
    const auto begin = head.find(' ') + 1;
    const auto path = head.substr(begin, head.find(' ', begin) - begin);
    Answer answer;
    {
        const std::scoped_lock lock(mutex_);
        ++asked_[path];
        const auto found = answers_.find(path);
        if (found != answers_.end()) answer = found->second;
    }
    send_all(connection, "HTTP/1.1 " + std::to_string(answer.status) +
                             " Whatever\r\nConnection: close\r\nContent-Length: " +
                             std::to_string(answer.body.size()) + "\r\n" + answer.headers + "\r\n" +
                             answer.body);
}

}  // namespace coredepot::test
