#include "support/fastcgi_client.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include <sys/socket.h>
#include <sys/un.h>

#include "os/descriptor.hpp"

namespace coredepot::test {
namespace {

// FastCGI 1.0, section 8.
constexpr int kBeginRequest = 1;
constexpr int kParams = 4;
constexpr int kStdin = 5;
constexpr int kStdout = 6;
constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kMostContent = 65'528;  // of 65,535, a multiple of eight

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::string big_endian(std::size_t number, int bytes) {
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        text += static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xffU);
    }
    return text;
}

std::string record(int type, std::string_view content) {
    std::string bytes{1, static_cast<char>(type), 0, 1};  // version 1, request 1
    bytes += big_endian(content.size(), 2) + std::string(2, '\0');
    return bytes.append(content);
}

/// In as many records as it takes, and the empty one that ends it.
std::string stream(int type, std::string_view content) {
    std::string bytes;
    while (!content.empty()) {
        bytes += record(type, content.substr(0, kMostContent));
        content.remove_prefix(std::min(content.size(), kMostContent));
    }
    return bytes + record(type, "");
}

/// Lengths of four bytes, whose topmost bit says so, do for short texts too.
std::string length(const std::string& text) {
    constexpr std::size_t kFourBytes = 0x8000'0000U;
    return big_endian(text.size() | kFourBytes, 4);
}

os::Descriptor connect_to(const std::filesystem::path& path) {
    os::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
    return socket;
}

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// To the end: without FCGI_KEEP_CONN the handler closes.
std::string receive_all(int socket) {
    std::string received;
    std::array<char, 65'536> piece{};
    while (true) {
        const auto got = ::recv(socket, piece.data(), piece.size(), 0);
        if (got < 0) fail("recv");
        if (got == 0) return received;
        received.append(piece.data(), static_cast<std::size_t>(got));
    }
}

std::size_t byte(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

std::string fastcgi_exchange(const std::filesystem::path& socket,
                             const FastCgiParameters& parameters) {
    std::string pairs;
    for (const auto& [name, value] : parameters) {
        pairs.append(length(name)).append(length(value)).append(name).append(value);
    }
    const auto handler = connect_to(socket);
    const std::string responder{0, 1, 0, 0, 0, 0, 0, 0};
    send_all(handler.get(),
             record(kBeginRequest, responder) + stream(kParams, pairs) + stream(kStdin, ""));
    const auto received = receive_all(handler.get());
    std::string output;
    std::string_view rest = received;
    while (rest.size() >= kHeaderBytes) {
        const auto content = byte(rest, 4) * 256 + byte(rest, 5);
        if (byte(rest, 1) == kStdout) output.append(rest.substr(kHeaderBytes, content));
        rest.remove_prefix(std::min(rest.size(), kHeaderBytes + content + byte(rest, 6)));
    }
    return output;
}

}  // namespace coredepot::test
