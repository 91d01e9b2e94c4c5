#include "http/fcgi_answer.hpp"

#include <array>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/descriptor.hpp"

namespace coredepot::http {
namespace {

struct Pair {
    os::Descriptor ours;
    os::Descriptor web_server;
};

Pair make_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::runtime_error("no sockets");
    }
    return {os::Descriptor(ends[0]), os::Descriptor(ends[1])};
}

std::string read_all(const os::Descriptor& socket) {
    std::string all;
    std::array<char, 65'536> piece{};
    for (ssize_t got = 0; (got = ::read(socket.get(), piece.data(), piece.size())) > 0;) {
        all.append(piece.data(), static_cast<std::size_t>(got));
    }
    return all;
}

/// What a web server makes of the records, and how they end.
struct Received {
    std::string text;
    std::string ends;  ///< one letter each: of the text, of the request
};

Received take_apart(std::string_view records, unsigned request) {
    Received received;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(records.at(at)); };
    while (!records.empty()) {
        const std::size_t length = byte(4) * 256U + byte(5);
        EXPECT_EQ(byte(0), 1);
        EXPECT_EQ(byte(2) * 256U + byte(3), request);
        EXPECT_EQ(byte(6), 0) << "no padding";
        const auto content = records.substr(8, length);
        EXPECT_EQ(content.size(), length);
        if (byte(1) == 6) {
            received.text += content;
            if (length == 0) received.ends += 't';
        } else {
            EXPECT_EQ(byte(1), 3);
            EXPECT_EQ(content, std::string(8, '\0'));
            received.ends += 'r';
        }
        records.remove_prefix(8 + content.size());
    }
    return received;
}

Received send_and_receive(int request, const std::string& head, const std::string& body) {
    auto [ours, web_server] = make_pair();
    std::string records;
    std::thread reader([&, &from = web_server] { records = read_all(from); });
    EXPECT_TRUE(FcgiAnswer(request, head, body).send(ours.get()));
    ours = os::Descriptor();
    reader.join();
    return take_apart(records, static_cast<unsigned>(request));
}

TEST(FcgiAnswer, IsTheTextAndTwoEnds) {
    for (const auto& body : {std::string(), std::string("{}"), std::string(65'528, 'x'),
                             std::string(65'529, 'x'), std::string(1'000'003, 'x')}) {
        const auto received = send_and_receive(1, "Status: 200 OK\r\n\r\n", body);
        EXPECT_TRUE(received.text == "Status: 200 OK\r\n\r\n" + body) << body.size();
        EXPECT_EQ(received.ends, "tr");
    }
}

TEST(FcgiAnswer, NamesTheRequest) {
    EXPECT_EQ(send_and_receive(0xfedc, "Status: 204 No Content\r\n\r\n", "").ends, "tr");
}

TEST(FcgiAnswer, IsWholeWhereTheSocketTakesLittleAtATime) {
    auto [ours, web_server] = make_pair();
    const int little = 4096;
    ::setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    const std::string body(40'000'000, 'y');  // more records than one system call may have
    std::string records;
    std::thread reader([&, &from = web_server] { records = read_all(from); });
    EXPECT_TRUE(FcgiAnswer(1, "h\r\n\r\n", body).send(ours.get()));
    ours = os::Descriptor();
    reader.join();
    EXPECT_TRUE(take_apart(records, 1).text == "h\r\n\r\n" + body);
}

TEST(FcgiAnswer, ToAWebServerThatHasGoneFails) {
    auto [ours, web_server] = make_pair();
    web_server = os::Descriptor();
    std::signal(SIGPIPE, SIG_IGN);  // as serve_fastcgi() has it
    EXPECT_FALSE(FcgiAnswer(1, "h\r\n\r\n", "").send(ours.get()));
}

}  // namespace
}  // namespace coredepot::http
