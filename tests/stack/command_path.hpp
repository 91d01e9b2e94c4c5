#pragma once

#include <map>
#include <string>

#include "support/temporary_folder.hpp"

namespace coredepot::test {

/// A PATH on which everything is but `missing`; its `curl` notes what is on its command line.
class CommandPath {
  public:
    explicit CommandPath(const std::string& missing = "");

    std::map<std::string, std::string> environment() const { return {{"PATH", folder_.path()}}; }
    /// Of `curl`, an argument a line.
    std::string command_lines() const { return content_of(folder_ / "seen.log"); }

  private:
    TemporaryFolder folder_;
};

}  // namespace coredepot::test
