#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "support/stack_environment.hpp"
#include "support/temporary_folder.hpp"

/// Volumes of a test's own.
namespace coredepot::test {

/// What a volume cannot be had for here: no right to mount, no /dev/fuse.
class CannotMount : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A mounted volume, gone with this object.
class Mount {
  public:
    virtual ~Mount() = default;
    const std::filesystem::path& path() const { return folder_.path(); }

  protected:
    TemporaryFolder folder_;
};

/// A small volume in memory (tmpfs; needs root). Throws CannotMount.
class SmallVolume : public Mount {
  public:
    /// `inodes`: how many files and folders fit, its own included; 0: it does not count them.
    explicit SmallVolume(std::size_t bytes, std::optional<std::size_t> inodes = {});
    ~SmallVolume() override;
    /// As an administrator or a kernel that found an error does. Waits for files that are being
    /// written.
    void make_read_only(bool read_only);

  private:
    std::string options_;
};

/// For both of a stack's folders, `coredumps` and `assets` of the volume; without limits of
/// uploads, and without a sidecar. Where the volume cannot be had, `no_volume` says why, and the
/// stack has folders of its own.
Settings settings_on(std::optional<SmallVolume>& volume, std::string& no_volume, std::size_t bytes,
                     std::optional<std::size_t> inodes = {});

/// The file system that forgets what was not synced (forgetful_fs.cpp). Throws CannotMount.
class ForgetfulVolume : public Mount {
  public:
    ForgetfulVolume();
    ~ForgetfulVolume() override;

    /// What a power cut at this moment would leave, frozen: `strict`, `names_first` and `journaled`
    /// in it are folders as this volume is. Let go of with remove().
    std::filesystem::path cut();
    static void remove(const std::filesystem::path& cut);

  private:
    int cuts_ = 0;
};

}  // namespace coredepot::test
