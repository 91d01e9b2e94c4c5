#include "firmware_upload.hpp"

#include <gtest/gtest.h>

#include "support/firmware.hpp"
#include "support/stack_environment.hpp"

namespace coredepot::test {

HttpResponse send_firmware(const FleetModel& model, const std::string& firmware,
                           const HttpClient::Headers& headers) {
    return stack().client().post(model.firmware_path(), firmware, headers);
}

std::string multipart(const std::string& firmware, const std::string& field) {
    return "--line\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nnightly\r\n--line\r\n"
           "Content-Disposition: form-data; name=\"" +
           field +
           "\"; filename=\"a;b.zip\"\r\n"
           "Content-Type: application/zip\r\n\r\n" +
           firmware +
           "\r\n--line\r\nContent-Disposition: form-data; name=\"last\"\r\n\r\n\r\n--line--\r\n";
}

std::filesystem::path bundles(const FleetModel& model) {
    return stack().assets_dir() / model.code;
}

std::filesystem::path flat(const FleetModel& model) {
    return stack().assets_dir() / ("firmware-" + model.code + ".bin");
}

std::string version_of(const FleetModel& model) {
    const auto answer = stack().client().get(model.firmware_path() + "-version").json();
    EXPECT_EQ(answer.at("code").text(), model.code);
    return answer.at("firmware_version").is_null() ? "" : answer.at("firmware_version").text();
}

std::string downloaded(const FleetModel& model) {
    const auto response = stack().client().get(model.path() + "/firmware");
    EXPECT_EQ(response.status, 200) << response;
    return response.body;
}

std::map<std::string, std::string> all_of(const FleetModel& model) {
    std::map<std::string, std::string> state{{"version", version_of(model)},
                                             {"flat", read_bytes(flat(model))}};
    for (const auto& name : names_in(bundles(model))) {
        state.emplace(name, read_bytes(bundles(model) / name));
    }
    for (const auto& row : stack().sql("SELECT version, elf_sha256, bin_sha256 FROM "
                                       "firmware_versions WHERE device_model_id = " +
                                       std::to_string(model.id))) {
        state.emplace("row " + row.at(0), row.at(1) + ' ' + row.at(2));
    }
    return state;
}

void expect_taken(const FleetModel& model, const HttpResponse& response,
                  const std::string& version) {
    ASSERT_EQ(response.status, 200) << response;
    EXPECT_EQ(response.json().at("id").integer(), model.id);
    EXPECT_EQ(response.json().at("code").text(), model.code);
    EXPECT_EQ(response.json().at("firmware_version").text(), version);
    EXPECT_EQ(version_of(model), version);
}

void expect_refused(const FleetModel& model, const std::string& firmware, const std::string& text,
                    const HttpClient::Headers& headers) {
    const auto before = all_of(model);
    const auto response = send_firmware(model, firmware, headers);
    const auto whole = text.ends_with("...") ? "" : text;
    EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED", whole));
    if (whole.empty()) {
        const auto start = text.substr(0, text.size() - 3);
        EXPECT_TRUE(response.json().at("error").text().starts_with(start)) << response;
    }
    EXPECT_EQ(all_of(model), before);
}

FleetModel model_with_firmware() {
    auto model = make_model();
    upload_firmware(model, zip(bundle_entries(model.code, "0.9.0")));
    return model;
}

}  // namespace coredepot::test
