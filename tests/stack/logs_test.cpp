// What a request leaves in the logs: one line of nginx's, one of the handler's, and its id on every
// line in between.

#include <algorithm>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "support/database_outage.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/process_list.hpp"
#include "support/raw_connection.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] { return Settings{{"PARSE_RETRY_SECONDS", "0,0"}}; });

using Lines = std::vector<std::string>;

/// The lines of a log that `expression` is found in.
Lines lines(const std::string& log, const std::string& expression) {
    const std::regex wanted(expression);
    Lines found;
    const auto logs = stack().logs();
    const auto text = logs.find(log);
    if (text == logs.end()) return found;
    std::istringstream all(text->second);
    for (std::string line; std::getline(all, line);) {
        if (std::regex_search(line, wanted)) found.push_back(line);
    }
    return found;
}

struct Logged {
    std::string handler;
    std::string operation;
    HttpRequest request;
};

TEST(Logs, ARequestIsOneLineOfTheHandlersAndOneOfNginx) {
    const auto device = make_device();
    const auto key = "?device_key=" + device.key;
    upload_firmware(device.model, esp_image("1.0.0"));
    const std::vector<Logged> requests = {
        {"upload", "iot_upload_coredump", {"POST", upload_target(device.key), "a core dump", {}}},
        {"upload", "iot_upload_coredump", {"POST", upload_target(device.key), "", {}}},
        {"upload", "iot_upload_coredump", {"POST", "/api/iot/coredump", "x", {}}},
        {"upload", "other", {"GET", "/api/iot/coredump", {}, {}}},
        {"firmware", "iot_get_firmware", {"GET", "/api/iot/firmware" + key, {}, {}}},
        {"firmware", "iot_get_firmware", {"HEAD", "/api/iot/firmware" + key, {}, {}}},
        {"list", "list_coredumps", {"GET", device.coredumps_path(), {}, {}}},
        {"detail", "get_coredump", {"GET", device.coredump_path(1'000'000), {}, {}}},
        {"delete", "delete_all_coredumps", {"DELETE", device.coredumps_path(), {}, {}}},
        {"registry", "list_devices", {"GET", "/api/devices", {}, {}}},
        {"status", "health", {"GET", "/health", {}, {}}},
        {"status", "metrics", {"GET", "/metrics", {}, {}}},
    };
    for (const auto& [handler, operation, request] : requests) {
        const auto response = stack().client().send(request);
        const auto id = "request_id=" + response.header("x-request-id");
        const auto status = "status=" + std::to_string(response.status) + ' ';
        const auto own = lines(handler + ".log", " request method=.*" + id + '$');
        ASSERT_EQ(own.size(), 1U) << request.method << ' ' << request.target;
        for (const auto& part :
             {"method=" + request.method + ' ', "operation=" + operation + ' ', status}) {
            EXPECT_NE(own[0].find(part), std::string::npos) << part << " in " << own[0];
        }
        EXPECT_TRUE(std::regex_search(own[0], std::regex(R"( us=\d+ )"))) << own[0];

        // nginx writes its line after it has sent the answer.
        EXPECT_TRUE(eventually([&] { return lines("access.log", id).size() == 1; }))
            << lines("access.log", id).size();
        const auto access = lines("access.log", id);
        EXPECT_TRUE(std::regex_search(
            access.at(0), std::regex(R"( status=\d+ received=\d+ sent=\d+ time=[\d.]+ upstream=)")))
            << access[0];
        EXPECT_EQ(access[0].find(device.key), std::string::npos) << "names a device's secret";
    }
}

TEST(Logs, WhatNginxAnswersItselfHasALineToo) {
    const auto response = stack().client().get("/nothing/here");
    const auto id = "request_id=" + response.header("x-request-id");
    EXPECT_TRUE(eventually([&] { return lines("access.log", id + ".* status=404").size() == 1; }));
}

TEST(Logs, LinesFromDeepDownCarryTheRequestsId) {
    const auto device = make_device();
    const auto target = "/api/iot/firmware?device_key=" + device.key;
    upload_firmware(device.model, zip(bundle_entries(device.model.code, "1.0.0")));
    write_file(stack().assets_dir() / device.model.code / "firmware-1.0.0.zip", "damaged");
    const auto core = stack().client().get(target).header("x-request-id");
    EXPECT_EQ(lines("firmware.log", "bundle is damaged.*request_id=" + core + '$').size(), 1U);

    const auto coredump = upload(device);
    const auto file = device.folder() / coredump.filename;
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);  // which cannot be removed as a file is
    const auto storage =
        stack().client().del(device.coredump_path(coredump.id)).header("x-request-id");
    EXPECT_EQ(lines("delete.log", "cannot remove a file.*request_id=" + storage + '$').size(), 1U);
    std::filesystem::remove(file);

    close_database();
    const auto database = stack().client().get("/api/devices").header("x-request-id");
    open_database();
    EXPECT_EQ(lines("registry.log", "database not available.*request_id=" + database + '$').size(),
              1U);
}

TEST(Logs, NoLineOfAHandlerIsWithoutAnId) {
    for (const auto& process : process_list()) {
        if (!process.listens()) continue;
        for (const auto& line :
             lines(process.program + ".log", R"(^\d{4}-\d\d-\d\dT.* \[\d+\] )")) {
            EXPECT_TRUE(std::regex_search(line, std::regex(" request_id=[0-9a-f]{32}$"))) << line;
        }
    }
}

TEST(Logs, LinesOfAParseCarryItsLease) {
    const auto device = make_device();
    const auto coredump = upload(device, "a core dump", "esp32c3", "no.such.version");
    const auto outcome = "parsed a core dump coredump=" + std::to_string(coredump.id) +
                         " .*outcome=error .*request_id=[0-9a-f-]{36}$";
    EXPECT_TRUE(eventually([&] { return lines("parse_runner.log", outcome).size() == 1; }));
}

/// What nobody else may read: in the query, where devices name themselves, and where people put
/// tokens by mistake.
constexpr const char* kSecret = "s3cr3t00";

/// Requests that nginx refuses by itself, or cannot bring to a handler, with what it notes about
/// each in the access log; "" where the status tells.
TEST(Logs, NginxKeepsNoQueriesOfWhatItRefuses) {
    restart_stack({{"ADDRESS_RATE", "1"},
                   {"ADDRESS_BURST", "5"},
                   {"ADDRESS_CONNECTIONS", "1"},
                   {"PARSE_SIDECAR_URL", ""}});
    const auto query = std::string("&access_token=") + kSecret;
    const auto target = upload_target(kSecret) + query;
    const auto device = make_device();
    const auto coredump = upload(device);
    const auto status = [](const std::string& method, const std::string& asked,
                           std::optional<std::string> body = std::nullopt, bool chunked = false,
                           const std::string& from = "") {
        HttpClient client(stack().url(), {std::string("Referer: http://localhost/?") + kSecret},
                          from);
        return client.send({method, asked, std::move(body), {}, chunked}).status;
    };
    // A body that is too large, as it says or as it turns out.
    const std::string large(2'000'000, 'x');
    EXPECT_EQ(status("POST", target, large), 413);
    EXPECT_EQ(status("POST", "/api/devices?" + query, large, true), 413);
    // A storm from one address. At first it may be refused because nginx has not closed the last
    // connection yet.
    const auto noted = [](const std::string& note) {
        return !lines("access.log", "note=" + note + '$').empty();
    };
    EXPECT_TRUE(eventually([&] {
        status("GET", "/health?" + query, std::nullopt, false, "127.0.0.2");
        return noted("too-many-requests");
    }));
    {
        const RawConnection begun(stack().port(), "127.0.0.3");
        begun.send("POST " + target +
                   " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                   "Expect: 100-continue\r\n\r\n");
        begun.receive_until("HTTP/1.1 100 Continue\r\n\r\n");
        EXPECT_EQ(status("POST", target, "x", false, "127.0.0.3"), 429);
    }
    EXPECT_EQ(status("GET", "/metrics?" + query, std::nullopt, false, "127.0.0.4"), 403);
    EXPECT_EQ(status("TRACE", target), 405);
    EXPECT_EQ(status("GET", "/nothing?" + query), 404);
    EXPECT_EQ(status("GET", "/" + std::string(70'000, 'a') + '?' + query), 414);
    EXPECT_EQ(status("GET", "/%?" + query), 400);
    // A file that is gone.
    std::filesystem::remove_all(device.folder());
    EXPECT_EQ(status("GET", device.coredump_path(coredump.id) + "/download?" + query), 404);
    // A handler that is gone, and one whose socket is.
    const auto hidden = stack().state() / "run/hidden";
    for (const auto* socket : {"upload.sock", "auth.sock"}) {
        const auto path = stack().state() / "run" / socket;
        std::filesystem::rename(path, hidden);
        EXPECT_EQ(status("POST", target, std::string(200'000, 'x')), 503);
        write_file(path, "no socket");
        EXPECT_EQ(status("POST", target, std::string(200'000, 'x')), 503);
        std::filesystem::rename(hidden, path);
    }

    for (const auto* note : {"too-many-at-once", "handler-unreachable", "auth-unreachable"}) {
        EXPECT_TRUE(eventually([&] { return noted(note); })) << note;
    }
    for (const auto* log : {"nginx.log", "access.log"}) {
        EXPECT_TRUE(lines(log, kSecret).empty()) << lines(log, kSecret).front();
    }
}

}  // namespace
