#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace coredepot::test {

/// A folder of its own for a test, gone with this object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const {
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

/// The names in a folder, hidden ones too, sorted; none when there is no such folder.
std::vector<std::string> names_in(const std::filesystem::path& folder);
/// The same without the hidden ones, which start with a dot.
std::vector<std::string> visible_names_in(const std::filesystem::path& folder);

/// The files in it and in the folders below, hidden ones too and no links, sorted by name; none
/// when there is no such folder.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);
/// Their names alone.
std::vector<std::string> file_names_below(const std::filesystem::path& folder);

/// Makes the file, and the folders above it, or replaces what it holds.
void write_file(const std::filesystem::path& path, std::string_view bytes);
/// Puts another file under this name, as an upload does: another inode.
void replace_file(const std::filesystem::path& path, std::string_view bytes);
/// What the file holds; throws when there is none.
std::string content_of(const std::filesystem::path& path);

/// Makes it look as if it had been written so long ago.
void backdate(const std::filesystem::path& path, std::chrono::seconds age);

/// The permission bits.
unsigned mode_of(const std::filesystem::path& path);

}  // namespace coredepot::test
