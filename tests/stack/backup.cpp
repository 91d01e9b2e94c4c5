#include "backup.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace coredepot::test {

namespace fs = std::filesystem;

namespace {

const std::string kBuild = COREDEPOT_BUILD_DIR;

}  // namespace

std::string script(const std::string& name) {
    return std::string(COREDEPOT_SOURCE_DIR) + "/systemd/tools/" + name;
}

std::string path_variable(const std::string& first) {
    const auto path = std::string(std::getenv("PATH")) + ':' + kBuild + "/handlers";
    return "PATH=" + (first.empty() ? path : first + ':' + path);
}

std::string database_url(const std::string& name) {
    return "postgresql://coredepot@/" + name +
           "?host=" + (stack().state() / "run/postgres").string() + "&port=5432";
}

void create_database(const std::string& name) {
    const auto superuser =
        "postgresql://postgres@/postgres?host=" + (stack().state() / "run/postgres").string() +
        "&port=5432";
    const auto result = run_command(
        {"/usr/bin/psql", "-Xqc", "CREATE DATABASE " + name + " OWNER coredepot", superuser});
    EXPECT_EQ(result.status, 0) << result.output;
}

CommandResult run(const std::string& database, const fs::path& coredumps, const fs::path& assets,
                  const std::vector<std::string>& command) {
    return run_command(command,
                       {"DATABASE_URL=" + database, "COREDUMPS_DIR=" + coredumps.string(),
                        "ASSETS_DIR=" + assets.string(), "OIDC_ENABLED=false", path_variable()});
}

CommandResult run(const std::vector<std::string>& command) {
    return run(database_url(), stack().coredumps_dir(), stack().assets_dir(), command);
}

std::vector<std::string> fsck_command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", R"("$0" "$@" 2>/dev/null)",
                                         kBuild + "/handlers/coredepot-fsck"});
    return arguments;
}

fs::path backup(const fs::path& folder, std::vector<std::string> command) {
    command.insert(command.end(), {script("coredepot-backup"), folder});
    const auto result = run(command);
    EXPECT_EQ(result.status, 0) << result.output;
    fs::path newest;
    for (const auto& name : names_in(folder)) {
        if (!name.starts_with('.')) newest = folder / name;
    }
    return newest;
}

Restored restore(const fs::path& snapshot, const fs::path& folder, const std::string& database) {
    create_database(database);
    Restored restored{database_url(database), folder / "coredumps", folder / "assets"};
    fs::create_directories(folder);
    const auto result = run(restored.database, restored.coredumps, restored.assets,
                            {script("coredepot-restore"), snapshot});
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_EQ(result.output, "");
    return restored;
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name = entry.path().lexically_relative(folder).string();
        if (entry.is_regular_file() && !name.starts_with('.')) {
            files[name] = read_bytes(entry.path());
        }
    }
    return files;
}

BusyDevices::BusyDevices(const std::vector<FleetDevice>& devices) {
    for (const auto& device : devices) {
        threads_.emplace_back([this, device] {
            for (int i = 0; !stop_; ++i) {
                const auto bytes = device.key + " crashed " + std::to_string(i);
                const auto coredump = upload(device, bytes);
                const std::scoped_lock lock(mutex_);
                accepted_[device.key + '/' + coredump.filename] = bytes;
            }
        });
    }
}

void BusyDevices::stop() {
    stop_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

std::map<std::string, std::string> BusyDevices::accepted() const {
    const std::scoped_lock lock(mutex_);
    return accepted_;
}

}  // namespace coredepot::test
