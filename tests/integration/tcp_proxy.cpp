#include "tcp_proxy.hpp"

#include <array>
#include <stdexcept>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace coredepot::test {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Moves what is there; false at the end of the stream.
bool move_bytes(int from, int to) {
    std::array<char, 65'536> piece{};
    const auto got = ::recv(from, piece.data(), piece.size(), 0);
    return got > 0 && ::send(to, piece.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
}

/// Whether there is something to read, or the end, within a moment.
bool readable(int fd) {
    pollfd look{fd, POLLIN, 0};
    return ::poll(&look, 1, 10) > 0;
}

}  // namespace

TcpProxy::TcpProxy(int server_port)
    : server_port_(server_port), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, generic, length) != 0 || ::listen(listening_, 4) != 0 ||
        ::getsockname(listening_, generic, &length) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve_connections(); });
}

TcpProxy::~TcpProxy() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
}

void TcpProxy::lose_next_answer(std::function<bool()> done) {
    done_ = std::move(done);
    losing_ = true;
}

void TcpProxy::serve_connections() {
    while (!stopping_) {
        const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        relay(client);
        ::close(client);
    }
}

void TcpProxy::relay(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
    bool open =
        ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    while (open && !stopping_) {
        if (readable(client)) open = move_bytes(client, server);
        if (losing_) {
            if (!done_()) continue;
            losing_ = false;
            break;
        }
        if (open && readable(server)) open = move_bytes(server, client);
    }
    ::close(server);
}

}  // namespace coredepot::test
