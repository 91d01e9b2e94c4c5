// People without a token, or with one that is none, who send as much as they can: what of it nginx
// holds, in memory and on the disk. And those with a good one who send a lot at once.

#include <deque>
#include <fstream>
#include <iterator>
#include <regex>

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/metrics_page.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"

using namespace coredepot::test;

namespace {

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

Settings settings(const Settings& changes = {}) {
    auto all = issuer().settings();
    for (const auto& [name, value] : changes) all[name] = value;
    return all;
}

void start(const Settings& changes) {
    restart_stack(settings(changes));
    stack().clients_send({bearer(issuer().role("admin"))});
}

const bool kStack = use_stack([] { return settings(); });

/// This machine's requests are not counted, so strangers are at other addresses of it.
constexpr const char* kAddress = "127.0.0.2";
constexpr const char* kOther = "127.0.0.3";

/// What an address may have under way, by nginx/CMakeLists.txt.
constexpr std::size_t kStrangers = 500;
/// By nginx/gate.conf: what nginx takes of a body before it knows from whom.
constexpr std::uint64_t kHeldOfStranger = 100'000;
constexpr std::uint64_t kLargeFirmware = 33'554'432;
constexpr std::uint64_t kLargeCoredump = 1'048'576;

std::string head(const std::string& target, std::uint64_t length, const std::string& headers = "",
                 const std::string& method = "POST") {
    return method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
           "Content-Length: " + std::to_string(length) + "\r\n" + headers + "\r\n";
}
std::string with_token(const std::string& token) {
    return bearer(token) + "\r\n";
}

std::vector<int> nginx_processes() {
    std::vector<int> found;
    for (const auto& [pid, program] : stack().processes()) {
        if (program.filename() == "nginx") found.push_back(pid);
    }
    return found;
}

/// Of nginx's processes: anonymous memory.
std::uint64_t memory() {
    std::uint64_t bytes = 0;
    for (const int pid : nginx_processes()) {
        std::ifstream status("/proc/" + std::to_string(pid) + "/status");
        for (std::string word; status >> word;) {
            std::uint64_t kilobytes = 0;
            if (word == "RssAnon:" && status >> kilobytes) bytes += kilobytes * 1024;
        }
    }
    return bytes;
}

/// In its temporary folders, which have no names of what is open: nginx removes those at once.
std::uint64_t disk() {
    std::uint64_t bytes = 0;
    const auto folder = stack().state() / "nginx";
    for (const int pid : nginx_processes()) {
        const std::filesystem::path open = "/proc/" + std::to_string(pid) + "/fd";
        for (const auto& entry : std::filesystem::directory_iterator(open)) {
            std::error_code gone;
            const auto target = std::filesystem::read_symlink(entry, gone).string();
            if (gone || !target.starts_with(folder.string())) continue;
            const auto size = std::filesystem::file_size(entry, gone);
            if (!gone) bytes += size;
        }
    }
    return bytes;
}

FleetDevice device_with_token(std::string& token) {
    auto device = make_device();
    token = issuer().device(device.model.code, device.key);
    return device;
}

/// They send the head of a large request each and as much of its body as `piece` has.
std::deque<RawConnection> strangers(const std::string& head, const std::string& piece,
                                    std::size_t count = kStrangers) {
    std::deque<RawConnection> connections;
    for (std::size_t i = 0; i < count; ++i) {
        connections.emplace_back(stack().port(), kAddress).send(head);
    }
    for (const auto& connection : connections) connection.send(piece);
    return connections;
}

/// A request whose body nginx waits for: it has counted it.
class BegunUpload {
  public:
    BegunUpload(const std::string& target, std::string body, const std::string& token,
                const std::string& from)
        : body_(std::move(body)), connection_(stack().port(), from) {
        connection_.send(
            head(target, body_.size(), "Expect: 100-continue\r\n" + with_token(token)));
        connection_.receive_until("HTTP/1.1 100 Continue\r\n\r\n");
    }
    int finish() const {
        connection_.send(body_);
        return connection_.receive_response().status;
    }

  private:
    std::string body_;
    RawConnection connection_;
};

class Strangers : public testing::Test {
  protected:
    void SetUp() override { stack().clients_send({bearer(issuer().role("admin"))}); }

    /// While they are there, others are served and nginx holds next to nothing.
    static void expect_harmless(const std::string& target, std::uint64_t length,
                                const std::string& headers) {
        const std::string piece(262'144, 'x');
        std::string token;
        const auto device = device_with_token(token);
        const auto before = memory();
        const auto crowd = strangers(head(target, length, headers), piece);

        // A device and a pipeline, with large bodies themselves.
        HttpClient others(stack().url(), {bearer(token)}, kOther);
        EXPECT_EQ(others.post(upload_target(""), std::string(kLargeCoredump, 'x')).status, 201);
        upload_firmware(device.model, esp_image("1.0.0", "", kLargeCoredump));

        // nginx lets go of a body's file after its answer.
        EXPECT_TRUE(eventually([] { return disk() == 0; }));
        EXPECT_LE(memory(), before + kStrangers * kHeldOfStranger);
        for (const auto& connection : crowd) {
            connection.finish_sending();
            ASSERT_TRUE(is_error(connection.receive_response(), 401, "AUTHENTICATION_REQUIRED"));
        }
    }
};

TEST_F(Strangers, WithoutTokensHoldNoDiskByFirmware) {
    expect_harmless(make_model().firmware_path(), kLargeFirmware, "");
}

TEST_F(Strangers, WithTokensThatAreNoneDoNotEither) {
    const auto forged = signed_token(SigningKey::rsa("rsa"), "RS256", issuer().payload());
    expect_harmless(make_model().firmware_path(), kLargeFirmware, with_token(forged));
}

TEST_F(Strangers, HoldNoMemoryByHalfSentCoredumps) {
    expect_harmless(upload_target(""), kLargeCoredump, with_token("no.real.token"));
}

TEST_F(Strangers, MayNotSayHowMuchTheySendEither) {
    const RawConnection connection(stack().port());
    connection.send(
        "POST " + upload_target("") +
        " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "100000\r\nx");
    connection.finish_sending();
    EXPECT_TRUE(is_error(connection.receive_response(), 401, "AUTHENTICATION_REQUIRED"));
}

TEST_F(Strangers, AreToldBeforeTheySend) {
    const RawConnection connection(stack().port());
    connection.send(head(upload_target(""), kLargeCoredump, "Expect: 100-continue\r\n"));
    // Nothing is asked for, and nothing is waited for.
    EXPECT_TRUE(connection.receive_all().starts_with("HTTP/1.1 401 "));
    std::string token;
    device_with_token(token);
    const RawConnection device(stack().port());
    device.send(
        head(upload_target(""), kLargeCoredump, "Expect: 100-continue\r\n" + with_token(token)));
    device.send(std::string(kLargeCoredump, 'x'));
    const auto received = device.receive_all();
    EXPECT_TRUE(received.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 ")) << received;
}

TEST_F(Strangers, AreToldAlsoWhenTheyOnlyReadAfterwards) {
    const RawConnection connection(stack().port());
    connection.send(head(upload_target(""), kLargeCoredump));
    connection.send(std::string(kLargeCoredump, 'x'));
    EXPECT_TRUE(is_error(connection.receive_response(), 401, "AUTHENTICATION_REQUIRED"));
}

/// A large body to each path that takes one.
std::vector<std::string> targets(const FleetDevice& device) {
    return {upload_target(""), device.model.firmware_path(), device.model.path() + "/firmware"};
}

TEST_F(Strangers, GetTheAnswersThatTheyGetForSmallBodies) {
    std::string token;
    const auto device = device_with_token(token);
    for (const auto& target : targets(device)) {
        for (const auto& headers :
             std::vector<HttpClient::Headers>{{},
                                              {bearer("junk")},
                                              {bearer(token)},
                                              {bearer(issuer().role("pipeline"))},
                                              {bearer(issuer().role("nothing"))},
                                              {bearer(issuer().role("admin"))}}) {
            for (const std::string method : {"POST", "PUT", "GET"}) {
                HttpClient client(stack().url(), headers);
                const auto small = client.send({method, target, "x", {}});
                const auto large =
                    client.send({method, target, std::string(kLargeCoredump, 'x'), {}});
                EXPECT_EQ(large.status, small.status) << method << target;
                for (const auto* name : {"www-authenticate", "allow", "content-type"}) {
                    EXPECT_EQ(large.header(name), small.header(name)) << method << target;
                }
                if (small.status < 401) continue;
                EXPECT_EQ(large.json().at("code").text(), small.json().at("code").text());
                EXPECT_EQ(large.json().at("error").text(), small.json().at("error").text());
            }
        }
    }
}

TEST_F(Strangers, AreCountedAndLoggedOnce) {
    auto client = stack().client();
    const auto before = MetricsPage::of(client).responses("pipeline_upload_firmware", 401);
    const auto path = make_model().firmware_path();
    const auto response = HttpClient(stack().url()).post(path, std::string(kLargeCoredump, 'x'));
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(MetricsPage::of(client).responses("pipeline_upload_firmware", 401), before + 1);
    const auto occurrences = [&](const std::string& log, const std::string& text) {
        const auto all = stack().logs()[log];
        int count = 0;
        for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1))
            ++count;
        return count;
    };
    const auto id = response.header("x-request-id");
    EXPECT_TRUE(eventually([&] { return occurrences("access.log", id) == 1; }));
    EXPECT_EQ(occurrences("auth.log", id), 2);  // the reason, and the request
    EXPECT_EQ(occurrences("auth.log", "reason=\"no bearer token\" request_id=" + id), 1);
    EXPECT_EQ(occurrences("firmware.log", id), 0);
    // Let in, it is the handler's business.
    const auto taken = client.post(path, esp_image("1.0.0", "", kLargeCoredump));
    EXPECT_EQ(taken.status, 200);
    const auto taken_id = taken.header("x-request-id");
    // But for statements that were slow.
    EXPECT_EQ(occurrences("auth.log", taken_id),
              occurrences("auth.log", "rows=0 request_id=" + taken_id));
    const auto log = stack().logs()["firmware.log"];
    const std::regex line("request method=[^\n]* request_id=" + taken_id);
    EXPECT_EQ(std::distance(std::sregex_iterator(log.begin(), log.end(), line), {}), 1);
}

TEST_F(Strangers, NobodyIsLetInWhenNobodyCanBeAsked) {
    const auto socket = stack().state() / "run/auth.sock";
    const auto hidden = stack().state() / "run/auth.hidden";
    const auto device = make_device();
    std::filesystem::rename(socket, hidden);
    for (const auto& target : targets(device)) {
        EXPECT_TRUE(is_error(stack().client().post(target, std::string(kLargeCoredump, 'x')), 503,
                             "SERVICE_UNAVAILABLE"));
    }
    // What is small needs nobody.
    upload_firmware(device.model, esp_image("1.0.0"));
    std::filesystem::rename(hidden, socket);
    upload_firmware(device.model, esp_image("1.0.1", "", kLargeCoredump));
    EXPECT_TRUE(eventually([] {
        return stack().logs()["access.log"].find("note=auth-unreachable") != std::string::npos;
    }));
}

TEST_F(Strangers, DoNotTakeTheirPlaceFromPipelines) {
    start({{"FIRMWARE_UPLOADS", "3"}, {"FIRMWARE_UPLOADS_OF_ADDRESS", "2"}});
    const auto model = make_model();
    const auto image = esp_image("1.0.0", "", kLargeCoredump);
    const auto crowd = strangers(head(model.firmware_path(), image.size()), "x", 50);
    std::deque<BegunUpload> uploads;
    const auto begin = [&](const std::string& from) {
        uploads.emplace_back(model.firmware_path(), image, issuer().role("pipeline"), from);
    };
    const auto one_more = [&](const std::string& from) {
        return HttpClient(stack().url(), {bearer(issuer().role("pipeline"))}, from)
            .post(model.firmware_path(), image);
    };
    begin(kAddress);
    begin(kAddress);
    EXPECT_TRUE(is_error(one_more(kAddress), 429, "RATE_LIMITED"));
    begin(kOther);  // not of that address
    for (const auto* from : {"127.0.0.4", "127.0.0.1"}) {
        EXPECT_TRUE(is_error(one_more(from), 429, "RATE_LIMITED")) << from;
    }
    EXPECT_TRUE(eventually([] {
        return stack().logs()["access.log"].find("note=too-many-at-once") != std::string::npos;
    }));
    for (const auto& upload : uploads) EXPECT_EQ(upload.finish(), 200);
    // A request counts until nginx is through with its connection.
    EXPECT_TRUE(eventually([&] { return one_more(kAddress).status == 200; }));
}

TEST_F(Strangers, ADeviceHoldsAFewLargeCoredumps) {
    start({{"COREDUMPS_OF_DEVICE", "2"}});
    std::string token;
    std::string other;
    device_with_token(token);
    device_with_token(other);
    const std::string dump(kLargeCoredump, 'x');
    std::deque<BegunUpload> uploads;
    for (int i = 0; i < 2; ++i) uploads.emplace_back(upload_target(""), dump, token, "127.0.0.1");
    HttpClient client(stack().url(), {bearer(token)});
    EXPECT_TRUE(is_error(client.post(upload_target(""), dump), 429, "RATE_LIMITED"));
    EXPECT_EQ(client.post(upload_target(""), "a small one").status, 201);
    EXPECT_EQ(HttpClient(stack().url(), {bearer(other)}).post(upload_target(""), dump).status, 201);
    for (const auto& upload : uploads) EXPECT_EQ(upload.finish(), 201);
}

TEST_F(Strangers, WaitForTheIssuersKeys) {
    stack().stop();
    std::filesystem::remove_all(stack().state() / "cache");
    issuer().server().go_down();
    restart_stack(settings());
    const auto path = "/api/pipeline/models/none/firmware";
    const auto response = HttpClient(stack().url(), {bearer(issuer().role("pipeline"))})
                              .post(path, std::string(kLargeCoredump, 'x'));
    EXPECT_TRUE(is_error(response, 503, "SERVICE_UNAVAILABLE",
                         "The service is not available at the moment"));
    // What is left of the ten seconds that the issuer is given.
    EXPECT_GE(std::stoi(response.header("retry-after")), 1);
    EXPECT_LE(std::stoi(response.header("retry-after")), 10);
    issuer().server().come_back();
}

}  // namespace
