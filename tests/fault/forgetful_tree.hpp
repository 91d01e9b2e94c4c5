#pragma once

#include <cstdint>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <sys/types.h>

/// A file tree in memory that knows what of it would survive a power cut.
namespace coredepot::test {

/// A file or a folder. What POSIX promises to survive is what was synced: the content of a file,
/// and its attributes, as of the last fsync() of it, the names in a folder as of the last fsync()
/// of that. ext4 and others keep more (a synced new file has its name), and none need to.
struct Node {
    bool is_folder = false;
    mode_t mode = 0;  ///< permission bits
    uid_t uid = 0;
    gid_t gid = 0;
    timespec changed{};

    std::string content;
    std::shared_ptr<const std::string> synced_content;           ///< null: never
    std::map<std::string, std::string, std::less<>> attributes;  ///< extended ones
    std::map<std::string, std::string, std::less<>> synced_attributes;
    bool is_after_cut = false;  ///< only what was synced is left

    const std::string& bytes() const;

    using Names = std::map<std::string, std::shared_ptr<Node>, std::less<>>;
    Names names;
    Names synced_names;

    void sync();
};

/// What is on the disk after a power cut at this moment.
enum class Cut {
    /// Nothing but what was synced.
    Strict,
    /// All names, as if the journal had just been written, and of contents nothing but what was
    /// synced: where a rename overtook its file's data, that is empty.
    NamesFirst,
    /// All names and attributes, as a journal leaves them that is written in order, and of contents
    /// what was synced; of those that never were the first half.
    Journaled,
};

/// A copy of what would be left of `root`.
std::shared_ptr<Node> after_cut(const Node& root, Cut cut);

/// `/a/b` in `root`; null: there is none.
std::shared_ptr<Node> find(const std::shared_ptr<Node>& root, std::string_view path);

/// Of all files in it together, in bytes.
std::uint64_t size_of(const Node& root);

}  // namespace coredepot::test
