#include "support/raw_connection.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "support/exchange_log.hpp"

namespace coredepot::test {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

RawConnection::RawConnection(int port) : RawConnection(port, "127.0.0.1") {}

RawConnection::RawConnection(int port, const std::string& from)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    constexpr timeval kPatience{60, 0};
    constexpr int kOn = 1;
    if (fd_ < 0) fail("socket");
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from.c_str(), &own.sin_addr);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);  // each send() is a packet
    // The port is chosen when the other side is known (ip(7)): otherwise each needs one for itself.
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &kOn, sizeof kOn);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
        ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd_);
        fail("connect");
    }
}

RawConnection::~RawConnection() {
    ::close(fd_);
}

bool RawConnection::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
        if (sent < 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawConnection::keep_receive_buffer_small() const {
    constexpr int kBytes = 4096;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &kBytes, sizeof kBytes);
}

void RawConnection::finish_sending() const {
    ::shutdown(fd_, SHUT_WR);
}

std::string RawConnection::receive_all() const {
    std::string received;
    std::array<char, 65'536> piece{};
    while (true) {
        const auto got = ::recv(fd_, piece.data(), piece.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        // Reset: the other side closed while bytes of ours were still on their way.
        if (got == 0 || (got < 0 && errno == ECONNRESET)) return received;
        if (got < 0) fail("recv");
        received.append(piece.data(), static_cast<std::size_t>(got));
    }
}

void RawConnection::receive_until(std::string_view end) const {
    std::string received;
    while (!received.ends_with(end)) {
        char byte = 0;
        const auto got = ::recv(fd_, &byte, 1, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("recv");
        if (got == 0) throw std::runtime_error("closed after: " + received);
        received += byte;
    }
}

HttpResponse RawConnection::receive_response(bool has_body) const {
    auto response = parse_response(receive_all(), has_body);
    if (response.status == 0) return response;
    expect_contract(response, "raw request", has_body);
    record_response(response, has_body);
    return response;
}

HttpResponse raw_exchange(int port, std::string_view request, const std::string& from) {
    const RawConnection connection(port, from);
    connection.send(request);
    return connection.receive_response();
}

}  // namespace coredepot::test
