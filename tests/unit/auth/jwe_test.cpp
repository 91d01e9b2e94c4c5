#include "auth/jwe.hpp"

#include <gtest/gtest.h>

#include "support/command.hpp"
#include "text/base64.hpp"

namespace coredepot::auth {
namespace {

SecretKey key_of(const std::string& id, std::uint8_t fill) {
    SecretKey key{id, {}};
    key.bytes.fill(fill);
    return key;
}

const SecretKey kKey = key_of("first", 1);

std::string as_text(const SecretKey& key) {
    return encode_base64url({reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()});
}

std::optional<std::string> decrypt(std::string_view message, const SecretKey& key = kKey,
                                   std::string_view type = "session") {
    const auto jwe = Jwe::parse(message);
    return jwe ? jwe->decrypt(key, type) : std::nullopt;
}

/// What another implementation makes of these arguments.
std::string jose(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), COREDEPOT_SOURCE_DIR "/tests/unit/auth/jose.py");
    const auto done = test::run_command(arguments);
    EXPECT_EQ(done.status, 0) << done.output;
    return done.output;
}

std::string with_header(const std::string& header, const std::string& message) {
    return encode_base64url(header) + message.substr(message.find('.'));
}

TEST(Jwe, WhatWasEncryptedIsDecrypted) {
    for (const std::string text : {"", "x", "{\"sub\":\"mia\"}"}) {
        EXPECT_EQ(decrypt(encrypt(kKey, "session", text)), text);
    }
    const std::string bytes("\0\xff\n", 3);
    EXPECT_EQ(decrypt(encrypt(kKey, "session", bytes)), bytes);
}

TEST(Jwe, TheSameTextIsAnotherMessageEachTime) {
    EXPECT_NE(encrypt(kKey, "session", "x"), encrypt(kKey, "session", "x"));
}

TEST(Jwe, AnotherImplementationReadsIt) {
    EXPECT_EQ(jose({"decrypt", as_text(kKey), encrypt(kKey, "session", "for others")}),
              "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"first\",\"typ\":\"session\"}\n"
              "for others");
}

TEST(Jwe, WhatAnotherImplementationWroteIsRead) {
    const auto message = jose(
        {"encrypt", as_text(kKey),
         R"({"alg": "dir", "enc": "A256GCM", "kid": "first", "typ": "session"})", "by others"});
    EXPECT_EQ(decrypt(message), "by others");
}

TEST(Jwe, AnotherKeyTypeOrNameOpensNothing) {
    const auto message = encrypt(kKey, "session", "x");
    EXPECT_FALSE(decrypt(message, key_of("first", 2)));
    EXPECT_FALSE(decrypt(message, key_of("second", 1)));
    EXPECT_FALSE(decrypt(message, kKey, "login"));
}

TEST(Jwe, AChangeOfAnyCharacterIsSeen) {
    const auto message = encrypt(kKey, "session", "{\"roles\":[\"viewer\"]}");
    for (std::size_t i = 0; i < message.size(); ++i) {
        auto changed = message;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(decrypt(changed)) << i;
    }
}

TEST(Jwe, NoPieceOfItIsAnother) {
    const auto message = encrypt(kKey, "session", "a text");
    for (std::size_t length = 0; length < message.size(); ++length) {
        EXPECT_FALSE(decrypt(message.substr(0, length))) << length;
    }
    EXPECT_FALSE(decrypt(message + 'A'));
    EXPECT_FALSE(decrypt(message + ".AAAA"));
    EXPECT_FALSE(decrypt(' ' + message));
}

TEST(Jwe, PiecesOfTwoMessagesAreNone) {
    const auto one = encrypt(kKey, "session", "one text");
    const auto other = encrypt(kKey, "session", "two text");
    const auto tag = one.rfind('.');
    EXPECT_FALSE(decrypt(one.substr(0, tag) + other.substr(tag)));
}

TEST(Jwe, AHeaderDoesNotChooseHowItIsDecrypted) {
    const auto message = encrypt(kKey, "session", "x");
    for (const auto* header :
         {R"({"alg":"none","enc":"A256GCM","kid":"first","typ":"session"})",
          R"({"alg":"A256KW","enc":"A256GCM","kid":"first","typ":"session"})",
          R"({"alg":"dir","enc":"A128GCM","kid":"first","typ":"session"})",
          R"({"alg":"dir","enc":"A256GCM","kid":"first","typ":"session","zip":"DEF"})",
          R"({"alg":"dir","enc":"A256GCM","kid":"first","kid":"first","typ":"session"})",
          R"({"alg":"dir","enc":"A256GCM","kid":1,"typ":"session"})",
          R"({"alg":"dir","enc":"A256GCM","typ":"session","crit":[]})",
          R"({"alg":"dir","enc":"A256GCM","kid":"first"})", "[]", "", "{"}) {
        EXPECT_FALSE(Jwe::parse(with_header(header, message))) << header;
    }
    // An encrypted key, which `dir` does not have.
    const auto dot = message.find('.');
    EXPECT_FALSE(Jwe::parse(message.substr(0, dot + 1) + "AAAA" + message.substr(dot + 1)));
}

}  // namespace
}  // namespace coredepot::auth
