#include "support/alert_receiver.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace coredepot::test {
namespace {

/// Head and body; empty when the connection ended before.
std::optional<ReceivedAlert> read_request(int connection) {
    std::string bytes;
    std::array<char, 4096> piece{};
    const auto more = [&] {
        const auto got = ::recv(connection, piece.data(), piece.size(), 0);
        if (got > 0) bytes.append(piece.data(), static_cast<std::size_t>(got));
        return got > 0;
    };
    while (bytes.find("\r\n\r\n") == std::string::npos) {
        if (!more()) return std::nullopt;
    }
    ReceivedAlert alert;
    const auto end = bytes.find("\r\n\r\n");
    for (auto begin = bytes.find("\r\n") + 2; begin < end;) {
        const auto line_end = bytes.find("\r\n", begin);
        const auto line = bytes.substr(begin, line_end - begin);
        auto name = line.substr(0, line.find(':'));
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        alert.headers[name] = line.substr(std::min(line.size(), name.size() + 2));
        begin = line_end + 2;
    }
    const auto length = std::stoul(alert.headers["content-length"]);
    while (bytes.size() < end + 4 + length) {
        if (!more()) return std::nullopt;
    }
    alert.body = bytes.substr(end + 4, length);
    return alert;
}

bool send_whole(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void await_close(int connection) {
    char byte = 0;
    while (::recv(connection, &byte, 1, 0) > 0) {
    }
}

}  // namespace

AlertReceiver::AlertReceiver(const std::string& address, int port)
    : address_(address), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    constexpr int kBacklog = 64;
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, address.c_str(), &where.sin_addr);
    socklen_t length = sizeof(where);
    auto* generic = reinterpret_cast<sockaddr*>(&where);
    if (::bind(listening_, generic, length) != 0 || ::listen(listening_, kBacklog) != 0 ||
        ::getsockname(listening_, generic, &length) != 0) {
        throw std::runtime_error("the receiver cannot listen");
    }
    port_ = ntohs(where.sin_port);
    acceptor_ = std::thread([this] { accept_connections(); });
}

AlertReceiver::~AlertReceiver() {
    ::shutdown(listening_, SHUT_RDWR);
    acceptor_.join();
    ::close(listening_);
    {
        const std::scoped_lock lock(mutex_);
        for (const int connection : connections_) ::shutdown(connection, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
    for (const int connection : connections_) ::close(connection);
}

std::string AlertReceiver::url() const {
    return "http://" + address_ + ':' + std::to_string(port_) + "/hook";
}

void AlertReceiver::answer_with(std::function<ReceiverReply(const ReceivedAlert&)> decide) {
    const std::scoped_lock lock(mutex_);
    decide_ = std::move(decide);
}

std::vector<ReceivedAlert> AlertReceiver::received() const {
    const std::scoped_lock lock(mutex_);
    return received_;
}

std::size_t AlertReceiver::connections() const {
    const std::scoped_lock lock(mutex_);
    return connections_.size();
}

void AlertReceiver::accept_connections() {
    while (true) {
        const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const std::scoped_lock lock(mutex_);
        connections_.push_back(connection);
        threads_.emplace_back([this, connection] { serve(connection); });
    }
}

void AlertReceiver::serve(int connection) {
    if (auto alert = read_request(connection)) {
        std::function<ReceiverReply(const ReceivedAlert&)> decide;
        std::size_t place = 0;
        {
            const std::scoped_lock lock(mutex_);
            decide = decide_;
            place = received_.size();
            received_.push_back(*alert);
        }
        const auto reply = decide ? decide(*alert) : ReceiverReply();
        if (reply.manner == ReceiverReply::Manner::NeverAnswer) await_close(connection);
        if (reply.manner == ReceiverReply::Manner::Answer) {
            {
                const std::scoped_lock lock(mutex_);
                received_[place].was_answered = reply.status / 100 == 2;
            }
            send_whole(connection, "HTTP/1.1 " + std::to_string(reply.status) + " Whatever\r\n" +
                                       (reply.header.empty() ? "" : reply.header + "\r\n") +
                                       "Connection: close\r\nContent-Length: " +
                                       std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body);
        }
    }
    // The descriptor itself is closed at the end: its number must stay this connection's.
    ::shutdown(connection, SHUT_RDWR);
}

}  // namespace coredepot::test
