#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "domain/time.hpp"
#include "os/file_lock.hpp"

namespace coredepot::storage {

/// Another process has just failed to fetch it. The text is for the log.
class FetchFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// One process fetches while the others on this machine wait and then find the result. If the fetch
/// fails, those that waited fail as well, instead of trying in turn with a timeout each.
///
///     FetchTurn turn(folder, name);      // waits
/// if (the file is there now) return it;
///     turn.fetch([&] { ... });           // throws FetchFailed, or what the function throws
class FetchTurn {
  public:
    /// `folder` must exist. `name` identifies what is wanted and must be fit for a file name.
    /// Throws StorageError, with ETIMEDOUT when another process takes too long.
    FetchTurn(std::filesystem::path folder, const std::string& name);

    template <class Fetch>
    void fetch(const Fetch& fetch) {
        require_no_failure_meanwhile();
        try {
            fetch();
        } catch (...) {
            note_failure();
            throw;
        }
    }

  private:
    std::filesystem::path failure() const;
    void require_no_failure_meanwhile() const;
    void note_failure() const noexcept;

    std::filesystem::path folder_;
    std::filesystem::file_time_type wanted_;  ///< when we began to wait
    os::FileLock lock_;
};

}  // namespace coredepot::storage
