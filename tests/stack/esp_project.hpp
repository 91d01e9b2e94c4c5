#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/invocation.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {

/// An ESP-IDF project that was built, in a folder whose name wants quotes; upload.sh is in it.
class EspProject {
  public:
    explicit EspProject(const std::string& name, const std::string& version = "1.0.0");

    std::filesystem::path path() const { return folder_ / "it's a $project"; }
    std::filesystem::path built(const std::string& extension) const {
        return path() / "build" / (name_ + extension);
    }
    /// Writes project_description.json as ESP-IDF does.
    void describe(const std::string& project_name) const;
    std::string commit() const { return git({"rev-parse", "HEAD"}).substr(0, 40); }

    /// Runs upload.sh in the project; `environment` replaces what a pipeline has. Expects that it
    /// cleans up, and keeps the secret.
    InvocationResult upload(std::vector<std::string> arguments = {},
                            const std::map<std::string, std::string>& environment = {}) const;

  private:
    std::string git(std::vector<std::string> arguments) const;
    std::filesystem::path temporary() const { return folder_ / "temporary files"; }

    std::string name_;
    TemporaryFolder folder_;
};

}  // namespace coredepot::test
