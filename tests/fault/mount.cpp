#include "fault/mount.hpp"

#include <cerrno>
#include <cstring>

#include <sys/mount.h>
#include <unistd.h>

#include "support/command.hpp"
#include "support/stack.hpp"

namespace coredepot::test {

namespace fs = std::filesystem;

namespace {

void mount_tmpfs(const fs::path& path, unsigned long flags, const std::string& options) {
    if (::mount("tmpfs", path.c_str(), "tmpfs", flags, options.c_str()) != 0) {
        throw CannotMount("cannot mount a tmpfs: " + std::string(std::strerror(errno)));
    }
}

}  // namespace

SmallVolume::SmallVolume(std::size_t bytes, std::optional<std::size_t> inodes)
    : options_("mode=0755,size=" + std::to_string(bytes)) {
    if (inodes) options_ += ",nr_inodes=" + std::to_string(*inodes);
    mount_tmpfs(path(), 0, options_);
}

SmallVolume::~SmallVolume() {
    ::umount2(path().c_str(), MNT_DETACH);
}

void SmallVolume::make_read_only(bool read_only) {
    const unsigned long flags = read_only ? MS_REMOUNT | MS_RDONLY : MS_REMOUNT;
    const bool done = eventually([&] {
        return ::mount("tmpfs", path().c_str(), "tmpfs", flags, options_.c_str()) == 0 ||
               errno != EBUSY;
    });
    if (!done) throw std::runtime_error("the volume is never at rest");
}

Settings settings_on(std::optional<SmallVolume>& volume, std::string& no_volume, std::size_t bytes,
                     std::optional<std::size_t> inodes) {
    Settings settings{
        {"MAX_COREDUMPS", "1000000"}, {"UPLOAD_RATE_PER_MINUTE", "0"}, {"PARSE_SIDECAR_URL", ""}};
    try {
        volume.emplace(bytes, inodes);
        settings["COREDUMPS_DIR"] = volume->path() / "coredumps";
        settings["ASSETS_DIR"] = volume->path() / "assets";
        fs::create_directory(volume->path() / "coredumps");
        fs::create_directory(volume->path() / "assets");
    } catch (const CannotMount& reason) {
        no_volume = reason.what();
    }
    return settings;
}

ForgetfulVolume::ForgetfulVolume() {
    if (::access("/dev/fuse", R_OK | W_OK) != 0) throw CannotMount("no access to /dev/fuse");
    const auto mounted = run_command({COREDEPOT_BUILD_DIR "/tests/fault/forgetful_fs", path()});
    if (mounted.status != 0) throw CannotMount("forgetful_fs: " + mounted.output);
}

ForgetfulVolume::~ForgetfulVolume() {
    run_command({"/usr/bin/fusermount3", "-u", "-z", path()});
}

fs::path ForgetfulVolume::cut() {
    const auto frozen = path() / (".cut-" + std::to_string(++cuts_));
    fs::create_directory(frozen);
    return frozen;
}

void ForgetfulVolume::remove(const fs::path& cut) {
    if (::rmdir(cut.c_str()) != 0) throw std::runtime_error("cannot remove " + cut.string());
}

}  // namespace coredepot::test
