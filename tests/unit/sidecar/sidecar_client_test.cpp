#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "net/http_get.hpp"
#include "sidecar/client.hpp"
#include "support/fake_sidecar.hpp"
#include "text/utf8.hpp"

namespace coredepot::sidecar {
namespace {

using namespace std::string_literals;
using test::FakeSidecar;
using test::SidecarReply;

Answer ask(const std::string& url, const std::string& core, const std::string& elf,
           const std::string& chip, std::function<bool()> keep_going = nullptr) {
    Answer answer;
    Client client(url);
    client.ask({core, elf, chip}, std::move(keep_going), [&](const Answer& a) { answer = a; });
    while (client.under_way() > 0) client.wait();
    return answer;
}

Answer ask(const FakeSidecar& sidecar) {
    return ask(sidecar.url(), "core", "elf", "esp32c3");
}

Answer ask(const SidecarReply& reply) {
    FakeSidecar sidecar;
    sidecar.will_answer({reply});
    return ask(sidecar);
}

std::string failure(const Answer& answer) {
    const auto* failed = std::get_if<Failed>(&answer);
    return failed == nullptr ? "no failure" : failed->error;
}

TEST(SidecarClient, AsksForExactlyCoreElfAndChip) {
    const FakeSidecar sidecar;
    ask(sidecar.url(), "17-a.dmp", "17-a.elf", "esp32c3");
    EXPECT_EQ(sidecar.targets(),
              std::vector{"/parse-coredump?core=17-a.dmp&elf=17-a.elf&chip=esp32c3"s});
}

TEST(SidecarClient, PercentEncodesItsParameters) {
    const FakeSidecar sidecar;
    ask(sidecar.url(), "a&b=c", "d e/\xc3\xa9", "?#%+");
    EXPECT_EQ(sidecar.targets(),
              std::vector{"/parse-coredump?core=a%26b%3Dc&elf=d%20e%2F%C3%A9&chip=%3F%23%25%2B"s});
}

TEST(SidecarClient, TheBaseUrlMayHaveAPath) {
    const FakeSidecar sidecar;
    ask(sidecar.url() + "/decoder", "c", "e", "x");
    EXPECT_EQ(sidecar.targets(), std::vector{"/decoder/parse-coredump?core=c&elf=e&chip=x"s});
}

TEST(SidecarClient, Output) {
    EXPECT_EQ(std::get<CrashReport>(ask(SidecarReply::output("#0 main\n"))).output, "#0 main\n");
    EXPECT_EQ(std::get<CrashReport>(ask(SidecarReply::output(""))).output, "");
    EXPECT_EQ(
        std::get<CrashReport>(ask(SidecarReply::with_body(R"({"x":[{}],"output":"y"})"))).output,
        "y");
}

TEST(SidecarClient, OutputIsFitForATextColumn) {
    EXPECT_EQ(
        std::get<CrashReport>(ask(SidecarReply::with_body(R"({"output":"a\u0000b"})"))).output,
        "a b");
}

CrashReport report(const std::string& members) {
    return std::get<CrashReport>(ask(SidecarReply::with_body(R"({"output":"",)" + members + '}')));
}

TEST(SidecarClient, WhatTheSidecarFoundOut) {
    const auto all =
        report(R"("signature":"0a_-Z","title":"abort in f","chip":"esp32","n":[1,{}])");
    EXPECT_EQ(all.signature, "0a_-Z");
    EXPECT_EQ(all.title, "abort in f");
    EXPECT_EQ(all.details,
              R"({"signature":"0a_-Z","title":"abort in f","chip":"esp32","n":[1,{}]})");
}

TEST(SidecarClient, WhatCountingReadsIsTakenOutOfTheRest) {
    EXPECT_EQ(report(R"("notes":[1],"crash":{"kind":"a"},"elf_verified":true)").counted,
              R"({"crash":{"kind":"a"},"elf_verified":true})");
    EXPECT_EQ(report(R"("x":1)").counted, "{}");
}

TEST(SidecarClient, AnySidecarThatGivesTheTextWillDo) {
    for (const auto* members :
         {R"("x":1)", R"("signature":5,"title":[])", R"("signature":"","title":"")",
          R"("signature":"a b")", R"("signature":"'; DROP TABLE coredumps; --")"}) {
        EXPECT_EQ(report(members).signature, std::nullopt) << members;
        EXPECT_EQ(report(members).title, std::nullopt) << members;
    }
    EXPECT_EQ(report(R"("signature":")" + std::string(65, 'a') + '"').signature, std::nullopt);
    EXPECT_EQ(report(R"("title":")" + std::string(600, 'a') + '"').title, std::string(500, 'a'));
    // Cut in the middle of a character.
    std::string euros;
    for (int i = 0; i < 200; ++i) euros += "\xe2\x82\xac";
    const auto cut = report(R"("title":")" + euros + '"').title.value();
    EXPECT_TRUE(is_utf8(cut));
    EXPECT_TRUE(cut.starts_with(euros.substr(0, 498)));
}

TEST(SidecarClient, DetailsAreFitForJsonb) {
    EXPECT_EQ(report(R"("a\u0000b":"c\u0000d")").details, R"({"a b":"c d"})");
    EXPECT_EQ(
        report(R"("a":1.5,"b":18446744073709551615,"c":-1e300,"d":[true,false,null])").details,
        R"({"a":1.5,"b":18446744073709551615,"c":-1e300,"d":[true,false,null]})");
    EXPECT_NE(report(R"("a":)" + std::string(60, '[') + std::string(60, ']')).details,
              std::nullopt);
    EXPECT_EQ(report(R"("a":)" + std::string(70, '[') + std::string(70, ']')).details,
              std::nullopt);
}

TEST(SidecarClient, AVerdictHasAReason) {
    EXPECT_EQ(std::get<Rejected>(ask(SidecarReply::rejection("checksum"))).reason, "checksum");
    for (const auto* body : {"", "not json", "{}", R"({"error":5})"}) {
        EXPECT_EQ(std::get<Rejected>(ask(SidecarReply{422, body})).reason,
                  "the sidecar gave no reason");
    }
}

TEST(SidecarClient, AnyOtherStatusIsAFailure) {
    for (const int status : {201, 204, 301, 400, 404, 500, 503}) {
        EXPECT_EQ(failure(ask(SidecarReply::with_status(status))),
                  "the sidecar answered with status " + std::to_string(status));
    }
}

TEST(SidecarClient, AnAnswerWithoutOutputIsAFailure) {
    for (const auto* body : {"", "{", "<html>", "[]", "{\"output\":\"\xff\"}"}) {
        EXPECT_EQ(failure(ask(SidecarReply::with_body(body))),
                  "the sidecar's answer is not a JSON object");
    }
    for (const auto* body : {"{}", R"({"output":null})", R"({"output":5})", R"({"Output":"x"})"}) {
        EXPECT_EQ(failure(ask(SidecarReply::with_body(body))),
                  "the sidecar's answer has no output");
    }
}

TEST(SidecarClient, NoAnswerIsAFailure) {
    EXPECT_TRUE(failure(ask(SidecarReply::hang_up())).starts_with("the sidecar did not answer: "));
}

TEST(SidecarClient, AFailureTellsHowFarTheQuestionCame) {
    using Reach = Failed::Reach;
    for (const auto& [reply, reach] : std::vector<std::pair<SidecarReply, Reach>>{
             {SidecarReply::with_status(500), Reach::Answered},
             {SidecarReply::with_status(404), Reach::Answered},
             {SidecarReply::with_body("{}"), Reach::Answered},
             {SidecarReply::with_status(502), Reach::NoAnswer},
             {SidecarReply::with_status(503), Reach::NoAnswer},
             {SidecarReply::with_status(504), Reach::NoAnswer},
             {SidecarReply::hang_up(), Reach::NoAnswer}}) {
        EXPECT_EQ(std::get<Failed>(ask(reply)).reach, reach) << reply.status;
    }
    EXPECT_EQ(std::get<Failed>(ask("http://127.0.0.1:1", "c", "e", "x")).reach,
              Reach::NoConnection);
}

Description describe(const std::string& url) {
    Description description;
    Client client(url);
    client.describe("17-a.dmp", nullptr, [&](const Description& d) { description = d; });
    while (client.under_way() > 0) client.wait();
    return description;
}

Description describe(const SidecarReply& reply) {
    FakeSidecar sidecar;
    sidecar.will_describe(reply);
    auto description = describe(sidecar.url());
    EXPECT_EQ(sidecar.described(), std::vector{"/describe-coredump?core=17-a.dmp"s});
    return description;
}

TEST(SidecarClient, ADescriptionTellsChipAndElf) {
    const auto facts = std::get<DumpFacts>(describe(SidecarReply::with_body(
        R"({"chip":"esp32c3","elf_sha256_prefix":"0123456789abcdef","more":1})")));
    EXPECT_EQ(facts.chip, "esp32c3");
    EXPECT_EQ(facts.elf_sha256_prefix, "0123456789abcdef");
}

TEST(SidecarClient, WhatADescriptionTellsIsChecked) {
    const auto hash = std::string(64, 'a');
    EXPECT_EQ(std::get<DumpFacts>(describe(SidecarReply::description(hash))).elf_sha256_prefix,
              hash);
    for (const auto& prefix :
         {""s, "000000000"s, "0123456789ABCDEF"s, "%"s, "' OR ''='"s, hash + 'a'}) {
        EXPECT_EQ(
            std::get<DumpFacts>(describe(SidecarReply::description(prefix))).elf_sha256_prefix,
            std::nullopt)
            << prefix;
    }
    const auto facts = std::get<DumpFacts>(
        describe(SidecarReply::with_body(R"({"chip":"../x","elf_sha256_prefix":5})")));
    EXPECT_EQ(facts.chip, std::nullopt);
    EXPECT_EQ(facts.elf_sha256_prefix, std::nullopt);
}

// It says nothing of core dumps, which is no failure.
TEST(SidecarClient, ASidecarNeedNotKnowDescriptions) {
    for (const auto& reply : {SidecarReply::with_status(404), SidecarReply::with_status(405),
                              SidecarReply::with_status(400), SidecarReply::with_status(500),
                              SidecarReply::rejection("what?"), SidecarReply::output("a backtrace"),
                              SidecarReply::with_body("<html>"), SidecarReply::with_body("{}")}) {
        const auto description = describe(reply);
        ASSERT_TRUE(std::holds_alternative<DumpFacts>(description)) << reply.status << reply.body;
        EXPECT_EQ(std::get<DumpFacts>(description).elf_sha256_prefix, std::nullopt);
    }
}

TEST(SidecarClient, ADescriptionThatDoesNotComeIsAFailure) {
    using Reach = Failed::Reach;
    for (const auto& reply : {SidecarReply::with_status(502), SidecarReply::with_status(503),
                              SidecarReply::with_status(504), SidecarReply::hang_up()}) {
        EXPECT_EQ(std::get<Failed>(describe(reply)).reach, Reach::NoAnswer) << reply.status;
    }
    EXPECT_EQ(std::get<Failed>(describe("http://127.0.0.1:1"s)).reach, Reach::NoConnection);
}

TEST(SidecarClient, NamesTheSignatureRulesThatThereAre) {
    const FakeSidecar sidecar;
    Client client(sidecar.url());
    client.ask({"c", "e", "esp32", "17-a.rules"}, nullptr, [](const Answer&) {});
    while (client.under_way() > 0) client.wait();
    EXPECT_EQ(sidecar.targets(),
              std::vector<std::string>{"/parse-coredump?core=c&elf=e&chip=esp32&rules=17-a.rules"});
}

TEST(SidecarClient, OneThatIsSlowDoesNotHoldUpAnother) {
    FakeSidecar sidecar;
    sidecar.will_answer({SidecarReply::silence(), SidecarReply::output("the second")});
    Client client(sidecar.url());
    std::atomic<bool> give_up = false;
    std::vector<Answer> answers;
    const auto keep = [&](const Answer& answer) { answers.push_back(answer); };
    client.ask(
        {"1", "e", "x"}, [&] { return !give_up; }, keep);
    while (sidecar.targets().empty()) client.wait();
    client.ask({"2", "e", "x"}, nullptr, keep);
    while (answers.empty()) client.wait();
    EXPECT_EQ(std::get<CrashReport>(answers.at(0)).output, "the second");
    EXPECT_EQ(client.under_way(), 1U);
    give_up = true;
    while (client.under_way() > 0) client.wait();
    EXPECT_TRUE(std::holds_alternative<Failed>(answers.at(1)));
}

TEST(SidecarClient, WhatIsThrownAtAnAnswerLosesNoOther) {
    const FakeSidecar sidecar;
    Client client(sidecar.url());
    int answers = 0;
    client.ask({"1", "e", "x"}, nullptr, [](const Answer&) { throw std::runtime_error("no"); });
    client.ask({"2", "e", "x"}, nullptr, [&](const Answer&) { ++answers; });
    EXPECT_THROW(while (client.under_way() > 0) client.wait(), std::runtime_error);
    while (client.under_way() > 0) client.wait();
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(sidecar.targets().size(), 2U);
}

TEST(SidecarClient, NobodyListeningIsAFailure) {
    std::string url;
    {
        const FakeSidecar sidecar;
        url = sidecar.url();
    }
    EXPECT_TRUE(failure(ask(url, "c", "e", "x")).starts_with("the sidecar did not answer: "));
}

TEST(SidecarClient, ItCanBeToldToGiveUp) {
    FakeSidecar sidecar;
    sidecar.will_answer({SidecarReply::silence()});
    const auto answer = ask(sidecar.url(), "c", "e", "x", [] { return false; });
    EXPECT_TRUE(std::holds_alternative<Failed>(answer));
}

constexpr std::chrono::seconds kLong{60};
constexpr std::uint64_t kMuch = 1'000'000;

TEST(HttpGet, ItHasATimeLimit) {
    FakeSidecar sidecar;
    sidecar.will_answer({SidecarReply::silence()});
    const net::GetRequest request(sidecar.url(), {kLong, std::chrono::seconds(1), kMuch});
    EXPECT_TRUE(std::holds_alternative<net::GetFailure>(net::http_get(request)));
}

TEST(HttpGet, BodiesHaveALimit) {
    FakeSidecar sidecar;
    sidecar.will_answer({SidecarReply::with_body("12345"), SidecarReply::with_body("123456")});
    const net::GetRequest request(sidecar.url(), {kLong, kLong, 5});
    EXPECT_EQ(std::get<net::GetResponse>(net::http_get(request)).body, "12345");
    EXPECT_EQ(std::get<net::GetFailure>(net::http_get(request)).error,
              "answer larger than accepted");
}

TEST(HttpGet, ProxiesOfTheEnvironmentAreNotAsked) {
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ::setenv("all_proxy", "http://127.0.0.1:1", 1);
    const FakeSidecar sidecar;
    const net::GetRequest request(sidecar.url(), {kLong, kLong, kMuch});
    EXPECT_TRUE(std::holds_alternative<net::GetResponse>(net::http_get(request)));
    ::unsetenv("http_proxy");
    ::unsetenv("all_proxy");
}

TEST(HttpGet, OtherProtocolsAreNotSpoken) {
    const net::GetRequest request("file:///etc/passwd", {kLong, kLong, kMuch});
    EXPECT_TRUE(std::holds_alternative<net::GetFailure>(net::http_get(request)));
}

}  // namespace
}  // namespace coredepot::sidecar
