// The parse runner against a sidecar that does as it is told.

#include <atomic>
#include <csignal>
#include <future>
#include <regex>

#include <gtest/gtest.h>

#include "support/fake_sidecar.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"
#include "support/verdict.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

FakeSidecar& sidecar() {
    static FakeSidecar only;
    return only;
}

Settings with_sidecar(const std::string& url) {
    // One at a time, so that it is known which core dump gets which answer.
    return {{"PARSE_SIDECAR_URL", url}, {"PARSE_RETRY_SECONDS", "1,1"}, {"PARSE_CONCURRENCY", "1"}};
}

const bool kStack = use_stack([] { return with_sidecar(sidecar().url()); });

const std::string kElf = "an ELF: the fake sidecar does not look";

/// Holds up the sidecar's answers until a test has done what must come before them.
class Gate {
  public:
    void open() {
        if (!opened_.exchange(true)) promise_.set_value();
    }
    void wait() { future_.wait(); }

  private:
    std::atomic<bool> opened_ = false;
    std::promise<void> promise_;
    std::shared_future<void> future_ = promise_.get_future().share();
};

class Parsing : public testing::Test {
  protected:
    void SetUp() override {
        sidecar().on_request(nullptr);
        sidecar().will_answer({});
        before_ = sidecar().targets().size();
        device_ = make_device();
        upload_firmware(device_.model, zip(bundle_entries(device_.model.code, "1.0.0", kElf)));
    }
    void TearDown() override {
        gate_.open();
        sidecar().on_request(nullptr);
        expect_transfer_folder_empties();
    }

    const FleetDevice& device() const { return device_; }
    Gate& gate() { return gate_; }

    FleetCoredump crash(const std::string& bytes = "a core dump",
                        const std::string& chip = "esp32c3") const {
        return upload(device_, bytes, chip, "1.0.0");
    }

    void expect_parsed(const FleetCoredump& coredump, const std::string& output) const {
        EXPECT_EQ(output_of(device_, coredump), output);
    }
    void expect_error(const FleetCoredump& coredump, const std::string& reason) const {
        EXPECT_EQ(reason_of(device_, coredump), reason);
    }

    /// How often the sidecar was asked during this test.
    std::size_t requests() const { return sidecar().targets().size() - before_; }

  private:
    Gate gate_;
    FleetDevice device_{};
    std::size_t before_ = 0;
};

TEST_F(Parsing, SuccessStoresTheOutput) {
    sidecar().will_answer({SidecarReply::output("#0  0x42 in f () at x.c:1\n\"\\ \xc3\xa9")});
    const auto coredump = crash();
    expect_parsed(coredump, "#0  0x42 in f () at x.c:1\n\"\\ \xc3\xa9");
    EXPECT_EQ(attempts(coredump), "1");
    EXPECT_EQ(requests(), 1U);
}

TEST_F(Parsing, SidecarGetsExactlyCoreElfAndChip) {
    std::string core;
    std::string elf;
    sidecar().on_request([&](const std::string& target) {
        core = read_bytes(stack().xfer_dir() / target_parameter(target, "core"));
        elf = read_bytes(stack().xfer_dir() / target_parameter(target, "elf"));
    });
    expect_parsed(crash("the dump's bytes", "esp32s3"), "a backtrace");
    EXPECT_EQ(core, "the dump's bytes");
    EXPECT_EQ(elf, kElf);
    const auto target = sidecar().targets().back();
    const std::regex pattern(
        R"(/parse-coredump\?core=[A-Za-z0-9._~%-]+&elf=[A-Za-z0-9._~%-]+&chip=esp32s3)");
    EXPECT_TRUE(std::regex_match(target, pattern)) << target;
}

TEST_F(Parsing, EachFailureIsFollowedByAnotherAttempt) {
    const std::vector<SidecarReply> failures{
        SidecarReply::with_status(500),
        SidecarReply::with_status(404),
        SidecarReply::with_status(400),
        SidecarReply::with_status(503),
        SidecarReply::with_status(201),
        SidecarReply::hang_up(),
        SidecarReply::with_body(""),
        SidecarReply::with_body("no JSON"),
        SidecarReply::with_body("[]"),
        SidecarReply::with_body("{}"),
        SidecarReply::with_body(R"({"output": 7})"),
        SidecarReply::with_body(R"({"output": null})"),
        SidecarReply::with_body("{\"output\": \"\xff\"}"),
        SidecarReply::half(R"({"output": "but this is not all of it"})"),
        SidecarReply::with_body(R"({"output": ")" + std::string(100'000'000, 'x') + "\"}"),
    };
    sidecar().will_answer(failures);
    std::vector<FleetCoredump> coredumps(failures.size());
    // One failure for each: what has failed is due again after all that has not been tried.
    sidecar().on_request([&](const std::string&) { gate().wait(); });
    for (auto& coredump : coredumps) coredump = crash();
    gate().open();
    for (std::size_t i = 0; i < failures.size(); ++i) {
        expect_parsed(coredumps[i], "a backtrace");
        EXPECT_EQ(attempts(coredumps[i]), "2")
            << failures[i].status << ' ' << failures[i].body.substr(0, 80);
    }
    EXPECT_EQ(requests(), 2 * failures.size());
}

TEST_F(Parsing, ThirdFailureIsTheLast) {
    sidecar().will_answer({SidecarReply::with_body("no JSON"), SidecarReply::hang_up(),
                           SidecarReply::with_status(502), SidecarReply::output("too late")});
    const auto coredump = crash();
    expect_error(coredump, "the sidecar answered with status 502");
    EXPECT_EQ(attempts(coredump), "3");
    EXPECT_EQ(requests(), 3U);
}

TEST_F(Parsing, VerdictOfTheSidecarIsFinal) {
    sidecar().will_answer({SidecarReply::rejection("the checksum is wrong: 1 is not 2")});
    const auto coredump = crash();
    expect_error(coredump, "the checksum is wrong: 1 is not 2");
    EXPECT_EQ(attempts(coredump), "1");
    EXPECT_EQ(requests(), 1U);

    sidecar().will_answer({SidecarReply::with_status(500), SidecarReply::rejection("truncated")});
    const auto second = crash();
    expect_error(second, "truncated");
    EXPECT_EQ(attempts(second), "2");

    sidecar().will_answer({{422, "no JSON"}});
    EXPECT_FALSE(reason_of(device(), crash()).empty());
}

TEST_F(Parsing, OutputMayBeAnything) {
    for (const auto& [sent, stored] : std::vector<std::pair<std::string, std::string>>{
             {R"("")", ""},
             {R"("a\u0000b")", "a b"},
             {R"("\ud83d\ude00")", "\xf0\x9f\x98\x80"},
             {R"("'; DROP TABLE coredumps; --")", "'; DROP TABLE coredumps; --"},
             {'"' + std::string(2'000'000, 'x') + '"', std::string(2'000'000, 'x')}}) {
        sidecar().will_answer(
            {SidecarReply::with_body(R"({"backtrace": [], "output": )" + sent + '}')});
        EXPECT_TRUE(output_of(device(), crash()) == stored) << sent.substr(0, 100);
    }
}

TEST_F(Parsing, OldestFirst) {
    std::vector<std::string> order;
    sidecar().on_request([&](const std::string& target) {
        order.push_back(read_bytes(stack().xfer_dir() / target_parameter(target, "core")));
        gate().wait();
    });
    std::vector<FleetCoredump> coredumps;
    for (const auto* name : {"1", "2", "3", "4", "5"}) coredumps.push_back(crash(name));
    gate().open();
    for (const auto& coredump : coredumps) expect_parsed(coredump, "a backtrace");
    EXPECT_EQ(order, (std::vector<std::string>{"1", "2", "3", "4", "5"}));
}

TEST_F(Parsing, DumpDeletedMeanwhileIsNoError) {
    std::promise<FleetCoredump> uploaded;
    auto coredump = uploaded.get_future().share();
    std::atomic<int> status = 0;
    sidecar().on_request([&](const std::string&) {
        if (status != 0) return;
        status = stack().client().del(device().coredump_path(coredump.get().id)).status;
    });
    uploaded.set_value(crash());
    EXPECT_TRUE(eventually([&] { return status != 0; }));
    EXPECT_EQ(status, 204);
    expect_parsed(crash(), "a backtrace");  // the runner lives on
    EXPECT_EQ(rows_of(device()).size(), 1U);
    EXPECT_EQ(names_in(device().folder()).size(), 1U);
}

TEST_F(Parsing, DeviceDeletedMeanwhileIsNoError) {
    std::atomic<int> status = 0;
    const auto other = make_device(device().model);
    sidecar().on_request([&](const std::string&) {
        if (status == 0) status = stack().client().del(other.path()).status;
    });
    upload(other, "its last dump", "esp32c3", "1.0.0");
    EXPECT_TRUE(eventually([&] { return status != 0; }));
    EXPECT_EQ(status, 204);
    EXPECT_FALSE(fs::exists(other.folder()));
    expect_parsed(crash(), "a backtrace");
}

TEST_F(Parsing, FileThatIsGoneIsAnError) {
    // Held back until its file is away.
    stack().sql(
        "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "new.next_attempt_at := now() + interval '25 s'; RETURN new; END $$");
    stack().sql(
        "CREATE TRIGGER later BEFORE INSERT ON coredumps FOR EACH ROW EXECUTE FUNCTION later()");
    const auto coredump = crash();
    stack().sql("DROP TRIGGER later ON coredumps");
    stack().sql("DROP FUNCTION later()");
    fs::remove(device().folder() / coredump.filename);
    stack().sql("UPDATE coredumps SET next_attempt_at = now() WHERE id = " +
                std::to_string(coredump.id));
    EXPECT_FALSE(reason_of(device(), coredump).empty());
    EXPECT_EQ(requests(), 0U);
}

TEST_F(Parsing, KilledRunnersClaimIsTakenUpAgain) {
    sidecar().will_answer({SidecarReply::silence(), SidecarReply::output("after all")});
    const auto coredump = crash();
    ASSERT_TRUE(eventually([&] { return requests() == 1; }));
    const auto runner = stack().pid_of("parse_runner");
    ASSERT_TRUE(runner);
    EXPECT_EQ(visible_names_in(stack().xfer_dir()).size(), 2U);
    ASSERT_EQ(::kill(*runner, SIGKILL), 0);
    // Its lease must end before anyone else may work on it; it does so within half a minute.
    const auto id = std::to_string(coredump.id);
    EXPECT_EQ(stack().sql_value("SELECT lease IS NOT NULL AND parse_status = 'PENDING' AND "
                                "next_attempt_at <= now() + interval '30 s' FROM coredumps "
                                "WHERE id = " +
                                id),
              "t");
    stack().sql("UPDATE coredumps SET next_attempt_at = now() WHERE id = " + id);
    expect_parsed(coredump, "after all");
    EXPECT_EQ(attempts(coredump), "1");
    EXPECT_EQ(requests(), 2U);
}

TEST_F(Parsing, RunnerThatDiesEachTimeIsNotTriedForEver) {
    constexpr std::size_t kKills = 6;
    sidecar().will_answer(std::vector(kKills, SidecarReply::silence()));
    const auto coredump = crash();
    for (std::size_t attempt = 1; attempt <= kKills; ++attempt) {
        ASSERT_TRUE(eventually([&] { return requests() == attempt; }));
        const auto runner = stack().pid_of("parse_runner");
        ASSERT_TRUE(runner);
        ASSERT_EQ(::kill(*runner, SIGKILL), 0);
        stack().sql("UPDATE coredumps SET next_attempt_at = now() WHERE id = " +
                    std::to_string(coredump.id));
    }
    expect_error(coredump, "each of 5 runners that parsed this core dump alone died");
    EXPECT_EQ(requests(), kKills);
}

TEST_F(Parsing, RunnerThatIsToldToStopGivesItsClaimBack) {
    sidecar().will_answer({SidecarReply::silence(), SidecarReply::output("the next one did it")});
    const auto coredump = crash();
    ASSERT_TRUE(eventually([&] { return requests() == 1; }));
    const auto runner = stack().pid_of("parse_runner");
    ASSERT_TRUE(runner);
    ASSERT_EQ(::kill(*runner, SIGTERM), 0);
    expect_parsed(coredump, "the next one did it");
    EXPECT_EQ(attempts(coredump), "1");  // the first did not count
}

// From here on the stack is started again, each time for the whole program.

class Reconfigured : public Parsing {};

TEST_F(Reconfigured, WithoutASidecarDumpsStayPending) {
    std::vector<FleetCoredump> coredumps;
    for (const auto& without :
         {Settings{{"PARSE_SIDECAR_URL", ""}},
          Settings{{"PARSE_SIDECAR_URL", sidecar().url()}, {"PARSE_SIDECAR_XFER_DIR", ""}}}) {
        restart_stack(without);
        coredumps.push_back(crash());
    }
    for (const auto& coredump : coredumps) {
        const auto detail = stack().client().get(device().coredump_path(coredump.id)).json();
        EXPECT_EQ(detail.at("parse_status").text(), "PENDING");
        EXPECT_EQ(attempts(coredump), "0");
    }
    EXPECT_EQ(requests(), 0U);
    restart_stack(with_sidecar(sidecar().url()));
    for (const auto& coredump : coredumps) expect_parsed(coredump, "a backtrace");
}

TEST_F(Reconfigured, RefusedConnectionIsAFailure) {
    // Port 1 is nobody's.
    restart_stack(with_sidecar("http://127.0.0.1:1/"));
    const auto coredump = crash();
    EXPECT_FALSE(reason_of(device(), coredump).empty());
    EXPECT_EQ(attempts(coredump), "3");
}

TEST_F(Reconfigured, PauseSurvivesTheProcess) {
    auto settings = with_sidecar(sidecar().url());
    settings["PARSE_RETRY_SECONDS"] = "3600,3600";
    restart_stack(settings);
    sidecar().will_answer({SidecarReply::with_status(500)});
    const auto coredump = crash();
    const auto id = std::to_string(coredump.id);
    EXPECT_TRUE(eventually([&] {
        return stack().sql_value("SELECT last_error IS NOT NULL FROM coredumps WHERE id = " + id) ==
               "t";
    }));
    restart_stack(settings);
    // A later one is parsed, so the runner was there and passed over the first.
    expect_parsed(crash(), "a backtrace");
    EXPECT_EQ(
        stack().sql_value("SELECT parse_status || attempts || (next_attempt_at > now() + interval "
                          "'30 min') FROM coredumps WHERE id = " +
                          id),
        "PENDING1true");
    stack().sql("UPDATE coredumps SET next_attempt_at = now() WHERE id = " + id);
    expect_parsed(coredump, "a backtrace");
    restart_stack(with_sidecar(sidecar().url()));
}

}  // namespace
