#include "database_proxy.hpp"

#include <array>
#include <stdexcept>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/database.hpp"

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

DatabaseProxy::DatabaseProxy()
    : url_(database_url(Role::Writer)),
      listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback(0);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, generic, length) != 0 || ::listen(listening_, 4) != 0 ||
        ::getsockname(listening_, generic, &length) != 0) {
        throw std::runtime_error("the proxy cannot listen");
    }
    const auto begin = url_.rfind(':') + 1;  // postgresql://user:password@host:port/name
    const auto length_of_port = url_.find('/', begin) - begin;
    server_port_ = std::stoi(url_.substr(begin, length_of_port));
    url_.replace(begin, length_of_port, std::to_string(ntohs(address.sin_port)));
    thread_ = std::thread([this] { serve_connections(); });
}

DatabaseProxy::~DatabaseProxy() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
}

void DatabaseProxy::lose_answer(std::function<bool()> from, std::function<bool()> done) {
    from_ = std::move(from);
    done_ = std::move(done);
    armed_ = true;
}

void DatabaseProxy::serve_connections() {
    while (!stopping_) {
        const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        relay(client);
        ::close(client);
    }
}

void DatabaseProxy::relay(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
    bool open =
        ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    bool losing = false;
    while (open && !stopping_) {
        if (readable(client)) {
            losing = losing || (armed_ && from_());
            open = move_bytes(client, server);
        }
        if (losing) {
            open = open && !done_();
        } else if (open && readable(server)) {
            open = move_bytes(server, client);
        }
    }
    if (losing) armed_ = false;
    ::close(server);
}

}  // namespace coredepot::test
