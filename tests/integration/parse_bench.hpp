#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "core/parsing/parse_runner.hpp"
#include "support/database.hpp"
#include "support/fake_sidecar.hpp"
#include "support/temporary_folder.hpp"

namespace coredepot::test {

/// How a runner is to work.
struct RunnerSettings {
    /// Without pauses all attempts happen at once.
    std::vector<std::chrono::seconds> pauses = {std::chrono::seconds(0), std::chrono::seconds(0)};
    std::function<bool()> stopping = [] { return false; };
    std::function<bool()> enough = [] { return false; };
    std::size_t at_once = 1;
    std::string url = {};                   ///< of the sidecar, when it is another than the bench's
    std::optional<std::string> store = {};  ///< that the bench's folder is; empty: not known
    std::shared_ptr<objects::Bucket> bucket = nullptr;
};

/// All that parsing needs around the runner: a model `a` with a device, folders, a sidecar.
class ParseBench : public DatabaseTest {
  protected:
    static constexpr const char* kKey = "abcd1234";

    /// The row of a core dump that was uploaded so many microseconds after the epoch, and its file.
    std::int64_t add_dump(std::int64_t at, const std::string& version = "1.0",
                          const std::string& bytes = "a core dump") const;
    /// What lies where the model's bundle of this version should be.
    void put_bundle(const std::string& version, const std::string& bytes) const;
    /// A good bundle around this ELF, and its row.
    void add_bundle(const std::string& version, const std::string& elf = "an ELF");

    /// One runner, in this process; how many it took up.
    std::size_t drain(RunnerSettings settings = {});

    static std::string status(std::int64_t id) { return column(id, "parse_status"); }
    /// The text that is answered, packed or not.
    static std::string output(std::int64_t id);
    static std::string attempts(std::int64_t id) { return column(id, "attempts"); }

    /// As the sidecar found them, by the names that a target has.
    std::string staged_core(const std::string& target) const;
    std::string staged_elf(const std::string& target) const;
    /// Without the ELFs that are kept, which are in a hidden folder.
    std::vector<std::string> staged_names() const { return visible_names_in(xfer_.path()); }

    std::string model_code_ = "a";
    std::int64_t model_ = add_model(model_code_);
    std::int64_t device_ = add_device(model_, kKey);
    TemporaryFolder assets_;
    TemporaryFolder dumps_;
    TemporaryFolder xfer_;
    FakeSidecar sidecar_;
    metrics::Counters counters_;
};

}  // namespace coredepot::test
