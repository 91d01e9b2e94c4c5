// Hostile requests by their first line: methods, paths and queries.

#include <gtest/gtest.h>

#include "hostile.hpp"
#include "support/fleet.hpp"

using namespace coredepot::test;

namespace {

TEST_F(Hostile, Methods) {
    for (const auto& [own, path, query] : endpoints) {
        for (const std::string& method :
             {std::string("HEAD"),    std::string("OPTIONS"), std::string("TRACE"),
              std::string("CONNECT"), std::string("PATCH"),   std::string("PROPFIND"),
              std::string("COPY"),    std::string("MKCOL"),   std::string("LOCK"),
              std::string("BREW"),    std::string("get"),     std::string("G"),
              std::string("G_T"),     std::string("GE\tT"),   std::string("G\xff"),
              std::string("G\0T", 3), std::string("GET/"),    std::string("\"GET\""),
              std::string(5000, 'G'), std::string()}) {
            attack(method, text({path, "?", query}));
        }
    }
}

TEST_F(Hostile, Paths) {
    for (const auto& [method, path, query] : endpoints) {
        for (const std::string insert : {"%00",
                                         "%00.json",
                                         "/",
                                         "//",
                                         "/.",
                                         "/..",
                                         "/../..",
                                         "/../../../../../../etc/passwd",
                                         "%2f",
                                         "%2f..%2f..%2f",
                                         "%2e%2e",
                                         "/%2e%2e/%2e%2e/x",
                                         "..%c0%af",
                                         "%252e%252e",
                                         "%",
                                         "%z",
                                         "%2",
                                         "%zz",
                                         "%u0041",
                                         "\\..\\",
                                         ";a=b",
                                         "#x",
                                         "%23",
                                         "%3f",
                                         " ",
                                         "%20",
                                         "%0d%0aX-Injected:%201",
                                         "%0a",
                                         "%ff",
                                         "%c3%28",
                                         "%ed%a0%80",
                                         "*",
                                         "'",
                                         "\"",
                                         "<script>",
                                         "$(id)",
                                         "{}",
                                         "|",
                                         "~",
                                         "%7f",
                                         "%01"}) {
            attack(method, text({path, insert, "?", query}));
            attack(method, text({path, "/", insert, "/x?", query}));
            auto early = path;
            early.insert(std::min(path.size(), std::size_t{5}), insert);
            attack(method, text({early, "?", query}));
        }
        attack(method, text({"/", path, "?", query}));
        attack(method, path.substr(1));
        attack(method, text({"http://user:password@elsewhere:1", path, "?", query}));
    }
    for (const auto* target :
         {"*", "?", "/?", "", "//", "http://", "http:///", "x:y", "://", "/%"}) {
        attack("GET", target);
    }
}

TEST_F(Hostile, EveryByteInPathQueryAndHeader) {
    // Escaped at every fourth endpoint, each time at others, as there are many of them; raw at one.
    constexpr std::size_t kApart = 4;
    for (std::size_t value = 0; value < 256; ++value) {
        const std::string byte(1, static_cast<char>(value));
        const auto escaped = percent_encoded(byte);
        for (auto i = value % kApart; i < endpoints.size(); i += kApart) {
            const auto& [method, path, query] = endpoints[i];
            attack(method, text({path, escaped, "?", query}));
            attack(method, text({path, "?device_key=", escaped, "&chip=", escaped,
                                 "&firmware_version=", escaped, "&", query}));
        }
        const auto& [method, path, query] = endpoints[value % endpoints.size()];
        attack(method, text({path, byte, "?x", query}));
        attack(method,
               text({path, "?chip=", byte, "&firmware_version=", byte, "&device_key=", byte}));
        for (const auto* name :
             {"Authorization", "Content-Type", "X-Forwarded-Host", "If-None-Match", "Range",
              "X-Anything", "Content-Length", "Host"}) {
            attack(method, text({path, "?", query}), text({name, ": a", byte, "b\r\n"}));
        }
        attack(method, path, text({"X-", byte, "Name: x\r\n"}));
    }
}

TEST_F(Hostile, Queries) {
    std::string many;
    for (int i = 0; i < 1000; ++i) many.append("&chip=").append(std::to_string(i));
    for (const auto& [method, path, query] : endpoints) {
        for (const std::string& hostile :
             {std::string("&&&&"), std::string("=&=&="), std::string("%"), std::string("%=%&%z=%z"),
              std::string("chip[]=a&chip[x]=b"),
              std::string("device_key=%00&chip=%00&firmware_version=%00"),
              std::string("device_key=../../x&chip=../../x&firmware_version=../../x"),
              std::string("device_model_id=99999999999999999999999"),
              std::string("device_model_id=%ff"), std::string("device_model_id='%20OR%201=1"),
              std::string("?????"), many.substr(1), std::string(8000, 'a'), std::string(8000, '&'),
              std::string(8000, '='), "device_key=" + std::string(8000, 'a'),
              "chip=" + std::string(8000, '%')}) {
            EXPECT_NE(attack(method, text({path, "?", hostile})).status, 0);
            EXPECT_NE(attack(method, text({path, "?", query, "&", hostile})).status, 0);
        }
    }
}

TEST_F(Hostile, AddressesWithoutEnd) {
    for (const auto& [method, path, query] : endpoints) {
        EXPECT_EQ(attack(method, text({path, "/", std::string(17'000, 'a')})).status, 414);
        EXPECT_EQ(attack(method, text({path, "?", std::string(100'000, 'a')})).status, 414);
    }
    EXPECT_TRUE(is_error(attack("GET", '/' + std::string(20'000, '/')), 414, "VALIDATION_FAILED"));
}

}  // namespace
