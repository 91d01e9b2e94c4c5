// Messages to addresses that people gave us: where they may go, and what may come back.

#include "net/delivery.hpp"

#include <atomic>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include "support/alert_receiver.hpp"

namespace {

/// How often somebody asked for the host of this test; each time it has another address.
std::atomic<int> asked = 0;

}  // namespace

// libcurl asks this one, which is found before libc's.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (node == nullptr || std::string(node) != "rebinding.test") {
        return real(node, service, hints, result);
    }
    return real(asked++ == 0 ? "127.0.0.2" : "127.0.0.1", service, hints, result);
}

namespace coredepot::net {
namespace {

using test::AlertReceiver;
using test::ReceivedAlert;
using test::ReceiverReply;

Networks networks(const char* text) {
    return {Network::parse(text).value()};
}
DeliveryAnswer post_to(const std::string& url, const Networks& allowed = networks("127.0.0.0/8")) {
    return post({url, {"X-Test: 1"}, "{}", allowed});
}

TEST(Delivery, ArrivesWithItsHeadersAndIsAnswered) {
    AlertReceiver receiver;
    receiver.answer_with([](const auto&) { return ReceiverReply{202, "thanks", ""}; });
    const auto answer = post_to(receiver.url());
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.body, "thanks");
    EXPECT_EQ(answer.error, "");
    ASSERT_EQ(receiver.received().size(), 1U);
    EXPECT_EQ(receiver.received()[0].body, "{}");
    EXPECT_EQ(receiver.received()[0].headers.at("x-test"), "1");
    EXPECT_FALSE(receiver.received()[0].headers.contains("expect"));
}

TEST(Delivery, GoesToNoAddressThatIsNotAllowed) {
    AlertReceiver receiver;
    const auto port = std::to_string(receiver.port());
    for (const auto* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1",
                             "0177.0.0.1", "127.1", "0.0.0.0"}) {
        const auto answer = post_to("http://" + std::string(host) + ':' + port + '/', {});
        EXPECT_FALSE(answer.status) << host;
        EXPECT_NE(answer.error, "") << host;
    }
    EXPECT_EQ(post_to(receiver.url(), networks("127.0.0.2")).error,
              "the address is not a global one, nor in ALERT_ALLOWED_NETWORKS");
    EXPECT_EQ(receiver.connections(), 0U);
}

TEST(Delivery, ANameThatMeansAnotherAddressBySecondLookIsRefusedThen) {
    AlertReceiver inside;
    AlertReceiver outside("127.0.0.2", inside.port());
    const auto url = "http://rebinding.test:" + std::to_string(inside.port()) + "/";
    EXPECT_EQ(post_to(url, networks("127.0.0.2")).status, 200);
    EXPECT_EQ(outside.received().size(), 1U);
    EXPECT_FALSE(post_to(url, networks("127.0.0.2")).status);
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(inside.connections(), 0U);
}

TEST(Delivery, FollowsNoRedirect) {
    AlertReceiver inside;
    AlertReceiver receiver;
    receiver.answer_with([&](const auto&) {
        return ReceiverReply{302, "", "Location: " + inside.url()};
    });
    EXPECT_EQ(post_to(receiver.url()).status, 302);
    EXPECT_EQ(inside.connections(), 0U);
}

TEST(Delivery, AsksNoProxy) {
    AlertReceiver proxy;
    AlertReceiver receiver;
    const auto url = "http://127.0.0.1:" + std::to_string(proxy.port());
    ::setenv("http_proxy", url.c_str(), 1);
    EXPECT_EQ(post_to(receiver.url()).status, 200);
    ::unsetenv("http_proxy");
    EXPECT_EQ(proxy.connections(), 0U);
}

TEST(Delivery, ReadsNoMoreThanTheBeginningOfAnAnswer) {
    AlertReceiver receiver;
    receiver.answer_with([](const auto&) {
        return ReceiverReply{200, std::string(5'000'000, 'x'), ""};
    });
    const auto answer = post_to(receiver.url());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.body.size(), kMostAnswer);
}

TEST(Delivery, HeedsRetryAfter) {
    AlertReceiver receiver;
    receiver.answer_with([](const auto&) { return ReceiverReply{429, "", "Retry-After: 120"}; });
    const auto answer = post_to(receiver.url());
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.retry_after, std::chrono::seconds(120));
}

TEST(Delivery, WaitsNoLongerThanItsLimit) {
    AlertReceiver receiver;
    receiver.answer_with([](const auto&) { return ReceiverReply::silence(); });
    const auto silent = post_to(receiver.url());
    EXPECT_FALSE(silent.status);
    EXPECT_NE(silent.error, "");
    receiver.answer_with([](const auto&) { return ReceiverReply::hang_up(); });
    EXPECT_NE(post_to(receiver.url()).error, "");
}

TEST(Delivery, KnowsHttpOnly) {
    for (const auto* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:1/x",
                            "smtp://127.0.0.1/", "dict://127.0.0.1/"}) {
        const auto answer = post_to(url);
        EXPECT_NE(answer.error, "") << url;
        EXPECT_EQ(answer.body, "") << url;
    }
}

}  // namespace
}  // namespace coredepot::net
