#include "esp_project.hpp"

#include <gtest/gtest.h>

#include "sha256.hpp"
#include "support/firmware.hpp"
#include "upload_script.hpp"

namespace coredepot::test {
namespace {

constexpr const char* kElf =
    "\x7f"
    "ELF: not really, but nobody looks";

}  // namespace

EspProject::EspProject(const std::string& name, const std::string& version) : name_(name) {
    auto image = esp_image(version, sha256_hex(kElf));
    image.replace(144, 8, "v5.1\"2\\x");  // idf_ver
    write_file(built(".bin"), image);
    write_file(built(".elf"), kElf);
    write_file(built(".map"), "a map");
    write_file(path() / "sdkconfig", "CONFIG_A=y");
    write_file(path() / "upload.sh", get_script().body);
    describe(name);
    git({"init", "-q"});
    git({"-c", "user.name=x", "-c", "user.email=x@x.invalid", "commit", "-q", "--allow-empty", "-m",
         "x"});
}

void EspProject::describe(const std::string& project_name) const {
    write_file(path() / "build/project_description.json",
               "{\n    \"version\": \"1.2\",\n    \"project_name\": \"" + project_name +
                   "\",\n    \"config_file\": \"" + (path() / "sdkconfig").string() +
                   "\",\n    \"build_dir\": \"" + (path() / "build").string() +
                   "\",\n    \"app_elf\": \"" + name_ + ".elf\",\n    \"app_bin\": \"" + name_ +
                   ".bin\",\n    \"build_component_info\": {\"main\": {\"type\": \"LIBRARY\"}}\n}");
}

InvocationResult EspProject::upload(std::vector<std::string> arguments,
                                    const std::map<std::string, std::string>& environment) const {
    std::filesystem::create_directories(temporary());
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

std::string EspProject::git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "git");
    const auto result = invoke({arguments, {}, path()});
    EXPECT_EQ(result.status, 0) << result;
    return result.output;
}

}  // namespace coredepot::test
