// GET /api/pipeline/upload.sh and upload.ps1; the former is run as a pipeline would.

#include <regex>

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "storage/zip_archive.hpp"
#include "support/firmware.hpp"
#include "support/fleet.hpp"
#include "support/invocation.hpp"
#include "support/stack_environment.hpp"
#include "support/token_issuer.hpp"

using namespace coredepot::test;

namespace {

namespace fs = std::filesystem;

constexpr const char* kClient = "pipeline ci";
// What a shell, curl's configuration and a form would each read differently.
constexpr const char* kSecret = "a\"b\\c $(id) `id` 'd' &=+%41 \xc3\xa9#;@";
/// Of one that takes a client's secret in the header only.
constexpr const char* kHeaderClient = "header-ci";
constexpr const char* kHeaderCredentials = "Basic aGVhZGVyLWNpOnNlY3JldA==";  // header-ci:secret

constexpr const char* kElf =
    "\x7f"
    "ELF: not really, but nobody looks";

/// As forms have it, where a space is a plus.
std::string form_encoded(const std::string& text) {
    return std::regex_replace(percent_encoded(text), std::regex("%20"), "+");
}

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

const bool kStack = use_stack([] {
    const auto token = issuer().role("pipeline");
    issuer().server().give_token(
        "client_id=" + form_encoded(kClient) + "&client_secret=" + form_encoded(kSecret), token);
    issuer().server().give_token(kHeaderCredentials, token);
    return issuer().settings();
});

HttpResponse get_script(const HttpClient::Headers& headers = {}, const std::string& shell = "sh") {
    return HttpClient(stack().url()).get("/api/pipeline/upload." + shell, headers);
}

void as_admin() {
    stack().clients_send({bearer(issuer().role("admin"))});
}

/// An ESP-IDF project that was built, in a folder whose name wants quotes.
class Project {
  public:
    explicit Project(const std::string& name, const std::string& version = "1.0.0") : name_(name) {
        auto image = esp_image(version, coredepot::sha256_hex(kElf));
        image.replace(144, 8, "v5.1\"2\\x");  // idf_ver
        write_file(built(".bin"), image);
        write_file(built(".elf"), kElf);
        write_file(built(".map"), "a map");
        write_file(path() / "sdkconfig", "CONFIG_A=y");
        write_file(path() / "upload.sh", get_script().body);
        describe(name);
        git({"init", "-q"});
        git({"-c", "user.name=x", "-c", "user.email=x@x.invalid", "commit", "-q", "--allow-empty",
             "-m", "x"});
    }

    fs::path path() const { return folder_ / "it's a $project"; }
    fs::path built(const std::string& extension) const {
        return path() / "build" / (name_ + extension);
    }
    /// Writes project_description.json as ESP-IDF does.
    void describe(const std::string& project_name) const {
        write_file(
            path() / "build/project_description.json",
            "{\n    \"version\": \"1.2\",\n    \"project_name\": \"" + project_name +
                "\",\n    \"config_file\": \"" + (path() / "sdkconfig").string() +
                "\",\n    \"build_dir\": \"" + (path() / "build").string() +
                "\",\n    \"app_elf\": \"" + name_ + ".elf\",\n    \"app_bin\": \"" + name_ +
                ".bin\",\n    \"build_component_info\": {\"main\": {\"type\": \"LIBRARY\"}}\n}");
    }
    std::string commit() const { return git({"rev-parse", "HEAD"}).substr(0, 40); }

    /// Runs upload.sh in the project; `environment` replaces what a pipeline has.
    InvocationResult upload(std::vector<std::string> arguments = {},
                            const std::map<std::string, std::string>& environment = {}) const {
        fs::create_directories(temporary());
        arguments.insert(arguments.begin(), {"sh", path() / "upload.sh"});
        std::map<std::string, std::string> variables{{"IOTSUPPORT_CLIENT_ID", kClient},
                                                     {"IOTSUPPORT_CLIENT_SECRET", kSecret},
                                                     {"TMPDIR", temporary()},
                                                     {"LC_ALL", "C.UTF-8"}};
        for (const auto& [name, value] : environment) variables[name] = value;
        auto result = invoke({arguments, variables, path()});
        EXPECT_TRUE(names_in(temporary()).empty()) << "left behind";
        for (const auto& text : {result.output, result.errors}) {
            EXPECT_EQ(text.find(kSecret), std::string::npos);
        }
        return result;
    }

  private:
    std::string git(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "git");
        const auto result = invoke({arguments, {}, path()});
        EXPECT_EQ(result.status, 0) << result;
        return result.output;
    }
    fs::path temporary() const { return folder_ / "temporary files"; }

    std::string name_;
    TemporaryFolder folder_;
};

/// A PATH on which everything is but `missing`; its `curl` notes what is on its command line.
class Tools {
  public:
    explicit Tools(const std::string& missing = "") {
        for (const auto* folder : {"/usr/bin", "/bin"}) {
            for (const auto& name : names_in(folder)) {
                std::error_code exists;
                if (name == missing || name == "curl") continue;
                fs::create_symlink(fs::path(folder) / name, folder_ / name, exists);
            }
        }
        if (missing == "curl") return;
        write_file(folder_ / "curl", "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'" +
                                         (folder_ / "seen.log").string() +
                                         "'\nexec /usr/bin/curl \"$@\"\n");
        fs::permissions(folder_ / "curl", fs::perms::owner_all);
    }
    std::map<std::string, std::string> environment() const { return {{"PATH", folder_.path()}}; }
    std::string command_lines() const { return content_of(folder_ / "seen.log"); }

  private:
    TemporaryFolder folder_;
};

FleetModel new_model() {
    as_admin();
    return make_model();
}

std::string current_version(const FleetModel& model) {
    return stack()
        .client()
        .get(model.firmware_path() + "-version")
        .json()
        .at("firmware_version")
        .text();
}

JsonValue stored_version_json(const FleetModel& model, const std::string& version) {
    const auto bytes =
        content_of(stack().assets_dir() / model.code / ("firmware-" + version + ".zip"));
    const auto archive = coredepot::storage::ZipArchive::from_memory(bytes);
    return JsonValue::parse(archive.read(*archive.find("version.json"), 10'000));
}

void expect_uploaded(const InvocationResult& result, const FleetModel& model,
                     const std::string& version) {
    EXPECT_EQ(result.status, 0) << result;
    EXPECT_EQ(result.output, "uploaded " + model.code + ' ' + version + '\n');
    EXPECT_EQ(result.errors, "");
    EXPECT_EQ(current_version(model), version);
}

void expect_failed(const InvocationResult& result, const std::string& why) {
    EXPECT_EQ(result.status, 1) << result;
    EXPECT_NE(result.errors.find(why), std::string::npos) << result;
    EXPECT_TRUE(result.errors.starts_with("upload.sh: ")) << result;
}

TEST(UploadScript, ForAProjectThatWasBuilt) {
    for (const auto* missing : {"", "jq"}) {
        const auto model = new_model();
        const Project project(model.code);
        const Tools tools(missing);
        expect_uploaded(project.upload({}, tools.environment()), model, "1.0.0");
        const auto version = stored_version_json(model, "1.0.0");
        EXPECT_EQ(version.at("git_commit").text(), project.commit());
        EXPECT_EQ(version.at("idf_version").text(), "v5.1\"2\\x");
        EXPECT_EQ(version.at("firmware_version").text(), "1.0.0");
    }
}

TEST(UploadScript, WithArguments) {
    for (const auto* missing : {"", "jq"}) {
        const Tools tools(missing);
        const auto model = new_model();
        const Project project("not-a-model-code");
        const auto bin = project.built(".bin").string();
        expect_uploaded(project.upload({model.code}, tools.environment()), model, "1.0.0");
        fs::remove(project.path() / "build/project_description.json");
        expect_uploaded(project.upload({model.code, bin}, tools.environment()), model, "1.0.0");
        expect_uploaded(project.upload({model.code, "build/not-a-model-code.bin"}), model, "1.0.0");
    }
}

TEST(UploadScript, WithThePathOfTheImageOnly) {
    const auto model = new_model();
    const Project project(model.code, "2.0.0");
    expect_uploaded(project.upload({project.built(".bin")}), model, "2.0.0");
}

TEST(UploadScript, FromAPipe) {
    const auto model = new_model();
    const Project project(model.code);
    const auto result =
        invoke({{"sh", "-c", "cat upload.sh | sh -s -- " + model.code},
                {{"IOTSUPPORT_CLIENT_ID", kClient}, {"IOTSUPPORT_CLIENT_SECRET", kSecret}},
                project.path()});
    expect_uploaded(result, model, "1.0.0");
}

TEST(UploadScript, WorksInBashToo) {
    const auto model = new_model();
    const Project project(model.code);
    const auto result =
        invoke({{"bash", "upload.sh"},
                {{"IOTSUPPORT_CLIENT_ID", kClient}, {"IOTSUPPORT_CLIENT_SECRET", kSecret}},
                project.path()});
    expect_uploaded(result, model, "1.0.0");
}

TEST(UploadScript, SecretsAreOnNoCommandLine) {
    const auto model = new_model();
    const Project project(model.code);
    const Tools tools;
    expect_uploaded(project.upload({}, tools.environment()), model, "1.0.0");
    const auto seen = tools.command_lines();
    EXPECT_NE(seen.find("/api/pipeline/models/" + model.code), std::string::npos) << seen;
    for (const auto* secret : {"$(id)", "client_secret", "Bearer", "Authorization"}) {
        EXPECT_EQ(seen.find(secret), std::string::npos) << seen;
    }
}

TEST(UploadScript, AClientThatIsKnownByTheHeaderOnly) {
    const auto model = new_model();
    const Project project(model.code);
    expect_uploaded(project.upload({}, {{"IOTSUPPORT_CLIENT_ID", kHeaderClient},
                                        {"IOTSUPPORT_CLIENT_SECRET", "secret"}}),
                    model, "1.0.0");
}

TEST(UploadScript, SaysWhyThereIsNoToken) {
    const auto model = new_model();
    const Project project(model.code);
    for (const auto* missing : {"", "jq"}) {
        const Tools tools(missing);
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
    const Project project(model.code);
    for (const auto* missing : {"", "jq"}) {
        const Tools tools(missing);
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
    const Project project(model.code);
    for (const auto* tool : {"curl", "zip"}) {
        expect_failed(project.upload({}, Tools(tool).environment()),
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
    const Project project(model.code);
    const auto script = get_script().body;
    write_file(project.path() / "upload.sh", script.substr(0, script.rfind("main")));
    const auto result = project.upload();
    EXPECT_EQ(result.output + result.errors, "") << result;
}

TEST(UploadScript, BothAreTextForEverybody) {
    for (const auto* shell : {"sh", "ps1"}) {
        const auto response = get_script({}, shell);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_EQ(response.header("content-type"), "text/plain; charset=utf-8");
        EXPECT_EQ(response.header("cache-control"), "no-store");
        const auto target = std::string("/api/pipeline/upload.") + shell;
        EXPECT_EQ(HttpClient(stack().url()).head(target).status, 200);
        EXPECT_EQ(HttpClient(stack().url()).post(target, "").status, 405);
    }
}

bool has_line(const std::string& script, const std::string& line) {
    return ('\n' + script).find('\n' + line + '\n') != std::string::npos;
}

/// As the script's shell has it.
std::string assignment(const std::string& shell, const std::string& name, const std::string& url) {
    std::string line = shell == "ps1" ? "$" : "";
    return line.append(name).append("=\"").append(url).append("\"");
}

void expect_backend(const HttpClient::Headers& headers, const std::string& url) {
    for (const auto* shell : {"sh", "ps1"}) {
        const auto response = get_script(headers, shell);
        ASSERT_EQ(response.status, 200) << response;
        EXPECT_TRUE(has_line(response.body, assignment(shell, "BACKEND_URL", url))) << url;
        EXPECT_TRUE(has_line(response.body,
                             assignment(shell, "TOKEN_URL", issuer().server().url() + "/token")));
    }
}

TEST(UploadScript, KnowsWhereItCameFrom) {
    expect_backend({}, stack().url());
    expect_backend({"Host: depot.example"}, "http://depot.example");
    expect_backend({"X-Forwarded-Proto: https"}, "https" + stack().url().substr(4));
    expect_backend({"X-Forwarded-Proto: https", "X-Forwarded-Host: depot.example"},
                   "https://depot.example");
    expect_backend({"X-Forwarded-Proto: https, http", "X-Forwarded-Host: a.example:8443, b, c"},
                   "https://a.example:8443");
    expect_backend({"X-Forwarded-Host: a.example", "X-Forwarded-Host: b.example"},
                   "http://a.example");
    expect_backend({"X-Forwarded-Host: [2001:db8::1]:8443"}, "http://[2001:db8::1]:8443");
}

TEST(UploadScript, NoHeaderGetsOutOfTheQuotes) {
    for (const std::string value :
         {"a\"; rm -rf ~; \"", "$(id)", "a$(id)", "`id`", "a\\", "a%0aid", "a%22", "a'b", "a b",
          "a;b", "[$(id)]", "\xe2\x80\x9c", "a/b", "a\tb", "user@host"}) {
        for (const auto* name : {"X-Forwarded-Host: ", "X-Forwarded-Proto: "}) {
            for (const auto* shell : {"sh", "ps1"}) {
                const auto response = get_script({name + value}, shell);
                EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED")) << name << value;
                EXPECT_EQ(response.body.find(value), std::string::npos);
            }
        }
    }
    // Those that nginx lets through.
    for (const std::string value : {"a\"b", "$(id)", "`id`", "a;b"}) {
        EXPECT_TRUE(is_error(get_script({"Host: " + value}), 400, "VALIDATION_FAILED")) << value;
    }
}

// From here on with stacks that are set up in another way.

TEST(UploadScriptConfigured, UrlsOfTheConfiguration) {
    auto settings = issuer().settings();
    settings["BASEURL"] = "https://public.example/depot/";
    settings["OIDC_TOKEN_URL"] = "https://id.example/token/";
    restart_stack(settings);
    const auto script = get_script({"X-Forwarded-Host: $(id)"}).body;
    EXPECT_TRUE(has_line(script, "BACKEND_URL=\"https://public.example/depot\""));
    EXPECT_TRUE(has_line(script, "TOKEN_URL=\"https://id.example/token/\""));
}

TEST(UploadScriptConfigured, AnIssuerThatDoesNotSay) {
    FakeIssuer silent;
    silent.answer(FakeIssuer::kDiscovery, 500, "{}");
    auto settings = issuer().settings();
    settings["OIDC_ISSUER_URL"] = silent.url();
    restart_stack(settings);
    for (const auto* shell : {"sh", "ps1"}) {
        EXPECT_TRUE(is_error(get_script({}, shell), 503, "SERVICE_UNAVAILABLE"));
    }
}

TEST(UploadScriptConfigured, WithoutTokens) {
    restart_stack({{"OIDC_ENABLED", "false"}, {"PARSE_SIDECAR_URL", ""}});
    EXPECT_TRUE(has_line(get_script().body, "TOKEN_URL=\"\""));
    const auto model = make_model("without_tokens");
    const Project project(model.code);
    expect_uploaded(
        project.upload({}, {{"IOTSUPPORT_CLIENT_ID", ""}, {"IOTSUPPORT_CLIENT_SECRET", ""}}), model,
        "1.0.0");
}

}  // namespace
