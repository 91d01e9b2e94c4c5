#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "domain/time.hpp"
#include "os/file_lock.hpp"

namespace coredepot::storage {

/// Somebody else tried to fetch it just now, in vain; the text is for the log.
class FetchFailed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Whoever has it fetches; the others of the machine wait, and then find what was fetched. When it
/// could not be, those who waited meanwhile do not try it one after the other, with a timeout each.
///
///     FetchTurn turn(folder, name);      // waits
///     if (what is wanted is there now) return it;
///     turn.fetch([&] { ... });           // throws FetchFailed, or what the function throws
class FetchTurn {
  public:
    /// `folder` has to be there; `name` says what is wanted, in letters that are good for a file
    /// name. Throws StorageError, ETIMEDOUT when somebody else has it for too long.
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
    std::filesystem::file_time_type wanted_;  ///< since then
    os::FileLock lock_;
};

}  // namespace coredepot::storage
