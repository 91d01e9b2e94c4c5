// upload.sh, run as a pipeline would.

#include <filesystem>

#include <gtest/gtest.h>

#include "command_path.hpp"
#include "esp_project.hpp"
#include "storage/zip_archive.hpp"
#include "support/stack_environment.hpp"
#include "upload_script.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

FleetModel new_model() {
    stack().clients_send({bearer(issuer().role("admin"))});
    return make_model();
}

JsonValue stored_version_json(const FleetModel& model, const std::string& version) {
    const auto bytes =
        content_of(stack().assets_dir() / model.code / ("firmware-" + version + ".zip"));
    const auto archive = coredepot::storage::ZipArchive::from_memory(bytes);
    return JsonValue::parse(archive.read(*archive.find("version.json"), 10'000));
}

void expect_failed(const InvocationResult& result, const std::string& why) {
    EXPECT_EQ(result.status, 1) << result;
    EXPECT_NE(result.errors.find(why), std::string::npos) << result;
    EXPECT_TRUE(result.errors.starts_with("upload.sh: ")) << result;
}

TEST(UploadScript, ForAProjectThatWasBuilt) {
    for (const auto* missing : {"", "jq"}) {
        const auto model = new_model();
        const EspProject project(model.code);
        const CommandPath tools(missing);
        expect_uploaded(project.upload({}, tools.environment()), model, "1.0.0");
        const auto version = stored_version_json(model, "1.0.0");
        EXPECT_EQ(version.at("git_commit").text(), project.commit());
        EXPECT_EQ(version.at("idf_version").text(), "v5.1\"2\\x");
        EXPECT_EQ(version.at("firmware_version").text(), "1.0.0");
    }
}

TEST(UploadScript, WithArguments) {
    for (const auto* missing : {"", "jq"}) {
        const CommandPath tools(missing);
        const auto model = new_model();
        const EspProject project("not-a-model-code");
        const auto bin = project.built(".bin").string();
        expect_uploaded(project.upload({model.code}, tools.environment()), model, "1.0.0");
        fs::remove(project.path() / "build/project_description.json");
        expect_uploaded(project.upload({model.code, bin}, tools.environment()), model, "1.0.0");
        expect_uploaded(project.upload({model.code, "build/not-a-model-code.bin"}), model, "1.0.0");
    }
}

TEST(UploadScript, WithThePathOfTheImageOnly) {
    const auto model = new_model();
    const EspProject project(model.code, "2.0.0");
    expect_uploaded(project.upload({project.built(".bin")}), model, "2.0.0");
}

TEST(UploadScript, FromAPipe) {
    const auto model = new_model();
    const EspProject project(model.code);
    const auto result =
        invoke({{"sh", "-c", "cat upload.sh | sh -s -- " + model.code},
                {{"IOTSUPPORT_CLIENT_ID", kClient}, {"IOTSUPPORT_CLIENT_SECRET", kSecret}},
                project.path()});
    expect_uploaded(result, model, "1.0.0");
}

TEST(UploadScript, WorksInBashToo) {
    const auto model = new_model();
    const EspProject project(model.code);
    const auto result =
        invoke({{"bash", "upload.sh"},
                {{"IOTSUPPORT_CLIENT_ID", kClient}, {"IOTSUPPORT_CLIENT_SECRET", kSecret}},
                project.path()});
    expect_uploaded(result, model, "1.0.0");
}

TEST(UploadScript, SecretsAreOnNoCommandLine) {
    const auto model = new_model();
    const EspProject project(model.code);
    const CommandPath tools;
    expect_uploaded(project.upload({}, tools.environment()), model, "1.0.0");
    const auto seen = tools.command_lines();
    EXPECT_NE(seen.find("/api/pipeline/models/" + model.code), std::string::npos) << seen;
    for (const auto* secret : {"$(id)", "client_secret", "Bearer", "Authorization"}) {
        EXPECT_EQ(seen.find(secret), std::string::npos) << seen;
    }
}

TEST(UploadScript, AClientThatIsKnownByTheHeaderOnly) {
    const auto model = new_model();
    const EspProject project(model.code);
    expect_uploaded(project.upload({}, {{"IOTSUPPORT_CLIENT_ID", kHeaderClient},
                                        {"IOTSUPPORT_CLIENT_SECRET", kHeaderSecret}}),
                    model, "1.0.0");
}

TEST(UploadScript, AProviderThatWantsToBeToldMore) {
    const auto model = new_model();
    const EspProject project(model.code);
    std::map<std::string, std::string> environment{{"IOTSUPPORT_CLIENT_ID", kScopedClient},
                                                   {"IOTSUPPORT_CLIENT_SECRET", "x"}};
    expect_failed(project.upload({}, environment), "401: invalid_client");
    environment["IOTSUPPORT_TOKEN_SCOPE"] = kScope;
    environment["IOTSUPPORT_TOKEN_AUDIENCE"] = kAudience;
    environment["IOTSUPPORT_TOKEN_PARAMETERS"] = kParameters;
    expect_uploaded(project.upload({}, environment), model, "1.0.0");
}

TEST(UploadScript, SaysWhyThereIsNoToken) {
    const auto model = new_model();
    const EspProject project(model.code);
    for (const auto* missing : {"", "jq"}) {
        const CommandPath tools(missing);
        auto environment = tools.environment();
        environment["IOTSUPPORT_CLIENT_SECRET"] = "wrong";
        expect_failed(project.upload({}, environment),
                      "401: invalid_client: No such client, or another secret");
    }
    expect_failed(project.upload({}, {{"IOTSUPPORT_CLIENT_SECRET", ""}}),
                  "IOTSUPPORT_CLIENT_SECRET is not set");
    expect_failed(project.upload({}, {{"IOTSUPPORT_CLIENT_ID", ""}}),
                  "IOTSUPPORT_CLIENT_ID is not set");
    EXPECT_EQ(stack().sql_value("SELECT firmware_version FROM device_models WHERE id = " +
                                std::to_string(model.id)),
              "");
}

TEST(UploadScript, SaysWhyTheServerRefused) {
    const auto model = new_model();
    const EspProject project(model.code);
    for (const auto* missing : {"", "jq"}) {
        const CommandPath tools(missing);
        expect_failed(project.upload({"no_such_model"}, tools.environment()),
                      "404: Device model no_such_model was not found");
    }
    write_file(project.built(".elf"), "of another build");
    expect_failed(project.upload(), "400: Invalid firmware ZIP: " + model.code +
                                        ".elf is not the ELF that " + model.code +
                                        ".bin was built from");
}

TEST(UploadScript, SaysWhatIsMissing) {
    const auto model = new_model();
    const EspProject project(model.code);
    for (const auto* tool : {"curl", "zip"}) {
        expect_failed(project.upload({}, CommandPath(tool).environment()),
                      std::string(tool) + " is not installed");
    }
    expect_failed(project.upload({"Not-A-Code"}), "'Not-A-Code' is no model code");
    project.describe("my-project");
    expect_failed(project.upload(), "'my-project' is no model code");
    expect_failed(project.upload({model.code, "nowhere.bin"}), "there is no nowhere.bin");
    fs::remove(project.built(".map"));
    expect_failed(project.upload({model.code}), "there is no " + project.built(".map").string());
    write_file(project.built(".map"), "a map");
    write_file(project.built(".bin"), "short");
    expect_failed(project.upload({model.code}), "is not the image of an ESP-IDF application");
    fs::remove(project.path() / "sdkconfig");
    expect_failed(project.upload({model.code}), "there is no sdkconfig");
    fs::remove(project.path() / "build/project_description.json");
    expect_failed(project.upload({model.code}), "there is no build/project_description.json");
}

TEST(UploadScript, HalfOfItDoesNothing) {
    const auto model = new_model();
    const EspProject project(model.code);
    const auto script = get_script().body;
    write_file(project.path() / "upload.sh", script.substr(0, script.rfind("main")));
    const auto result = project.upload();
    EXPECT_EQ(result.output + result.errors, "") << result;
}

}  // namespace
