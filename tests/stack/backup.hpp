#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/command.hpp"
#include "support/fleet.hpp"
#include "support/stack_environment.hpp"

namespace coredepot::test {

/// The scripts of this checkout: coredepot-backup, coredepot-restore.
std::string script(const std::string& name);
/// `PATH=…`, with connection_part, which the scripts look for there, too; and with `first`, in
/// front of all.
std::string path_variable(const std::string& first = "");

/// The stack's database, or another of that server, as the owner.
std::string database_url(const std::string& name = "coredepot");
void create_database(const std::string& name);

/// Runs a program with these places as its configuration.
CommandResult run(const std::string& database, const std::filesystem::path& coredumps,
                  const std::filesystem::path& assets, const std::vector<std::string>& command);
/// The same, with the stack's.
CommandResult run(const std::vector<std::string>& command);
/// Without its log.
std::vector<std::string> fsck_command(std::vector<std::string> arguments);

/// A new snapshot; `command` starts coredepot-backup, when it is not we who do.
std::filesystem::path backup(const std::filesystem::path& folder,
                             std::vector<std::string> command = {});

/// What was put back, beside the original.
struct Restored {
    std::string database;
    std::filesystem::path coredumps;
    std::filesystem::path assets;
};
Restored restore(const std::filesystem::path& snapshot, const std::filesystem::path& folder,
                 const std::string& database);

/// Each file below a folder, and what it holds; caches are none of a backup's.
std::map<std::string, std::string> files_in(const std::filesystem::path& folder);

/// Devices that upload without a pause, each beyond what it may keep.
class BusyDevices {
  public:
    explicit BusyDevices(const std::vector<FleetDevice>& devices);
    ~BusyDevices() { stop(); }
    BusyDevices(const BusyDevices&) = delete;
    BusyDevices& operator=(const BusyDevices&) = delete;

    void stop();
    /// Names of files, and what was uploaded.
    std::map<std::string, std::string> accepted() const;

  private:
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> accepted_;
    std::vector<std::thread> threads_;
};

}  // namespace coredepot::test
