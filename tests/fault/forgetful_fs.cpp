// A file system (FUSE) that forgets what was not synced: for tests of what a power cut leaves.
//
// usage: forgetful_fs -f MOUNTPOINT
//
// It lives in this process's memory. Making a folder `.cut-NAME` at its top freezes what a power
// cut at this moment would leave, in the folders `strict`, `names_first` and `journaled` below it
// (see forgetful_tree.hpp), while everything goes on; removing the folder lets go of it.

#define FUSE_USE_VERSION 31

#include <algorithm>
#include <cerrno>
#include <climits>
#include <vector>

#include <fcntl.h>
#include <fuse3/fuse.h>
#include <sys/stat.h>

#include "fault/forgetful_tree.hpp"

namespace {

using namespace coredepot::test;
using NodePtr = std::shared_ptr<Node>;

constexpr std::string_view kCut = "/.cut-";

bool is_cut(std::string_view path) {
    return path.starts_with(kCut) && path.find('/', 1) == std::string_view::npos;
}

constexpr mode_t kPermissions = 07777;

NodePtr make_node(bool is_folder, mode_t mode) {
    auto node = std::make_shared<Node>();
    node->is_folder = is_folder;
    node->mode = mode & kPermissions;
    if (const auto* context = fuse_get_context(); context != nullptr) {
        node->uid = context->uid;
        node->gid = context->gid;
    }
    ::clock_gettime(CLOCK_REALTIME, &node->changed);
    return node;
}

NodePtr& root() {
    static NodePtr only = make_node(true, 0777);
    return only;
}

/// What was frozen. Not in the tree itself: nobody lists it, and no cut has another one in it.
NodePtr& cuts() {
    static NodePtr only = make_node(true, 0777);
    return only;
}

NodePtr find(std::string_view path) {
    return coredepot::test::find(path.starts_with(kCut) ? cuts() : root(), path);
}

void touch(Node& node) {
    ::clock_gettime(CLOCK_REALTIME, &node.changed);
}

/// The folder that `path` is in, and its name there.
struct Place {
    NodePtr folder;
    std::string name;
};

Place place_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return {find(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

NodePtr& opened(fuse_file_info* info) {
    return *reinterpret_cast<NodePtr*>(info->fh);
}

void remember(fuse_file_info* info, const NodePtr& node) {
    info->fh = reinterpret_cast<std::uint64_t>(new NodePtr(node));
}

NodePtr node_of(const char* path, fuse_file_info* info) {
    return info != nullptr && info->fh != 0 ? opened(info) : find(path);
}

int put(const char* path, const NodePtr& node) {
    const auto place = place_of(path);
    if (!place.folder) return -ENOENT;
    if (!place.folder->names.emplace(place.name, node).second) return -EEXIST;
    touch(*place.folder);
    return 0;
}

int take_away(const char* path) {
    const auto place = place_of(path);
    if (!place.folder || place.folder->names.erase(place.name) == 0) return -ENOENT;
    touch(*place.folder);
    return 0;
}

int on_getattr(const char* path, struct stat* result, fuse_file_info* info) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    *result = {};
    result->st_mode = node->mode | (node->is_folder ? S_IFDIR : S_IFREG);
    result->st_nlink = node->is_folder ? 2 : 1;
    result->st_uid = node->uid;
    result->st_gid = node->gid;
    result->st_size = static_cast<off_t>(node->bytes().size());
    result->st_atim = result->st_mtim = result->st_ctim = node->changed;
    return 0;
}

int on_mkdir(const char* path, mode_t mode) {
    if (!is_cut(path)) return put(path, make_node(true, mode));
    const auto cut = make_node(true, mode);
    cut->names = {{"strict", after_cut(*root(), Cut::Strict)},
                  {"names_first", after_cut(*root(), Cut::NamesFirst)},
                  {"journaled", after_cut(*root(), Cut::Journaled)}};
    return cuts()->names.emplace(path + 1, cut).second ? 0 : -EEXIST;
}

int on_rmdir(const char* path) {
    if (is_cut(path)) return cuts()->names.erase(path + 1) == 1 ? 0 : -ENOENT;
    const auto node = find(path);
    return node && !node->names.empty() ? -ENOTEMPTY : take_away(path);
}

int on_create(const char* path, mode_t mode, fuse_file_info* info) {
    const auto node = make_node(false, mode);
    const int result = put(path, node);
    if (result == 0) remember(info, node);
    return result;
}

int on_open(const char* path, fuse_file_info* info) {
    const auto node = find(path);
    if (!node) return -ENOENT;
    if ((info->flags & O_TRUNC) != 0) node->content.clear();
    remember(info, node);
    return 0;
}

int on_release(const char* /*path*/, fuse_file_info* info) {
    delete &opened(info);
    info->fh = 0;
    return 0;
}

int on_read(const char* /*path*/, char* buffer, std::size_t size, off_t offset,
            fuse_file_info* info) {
    const auto& content = opened(info)->bytes();
    const auto begin = std::min(static_cast<std::size_t>(offset), content.size());
    const auto count = content.copy(buffer, size, begin);
    return static_cast<int>(count);
}

int on_write(const char* /*path*/, const char* bytes, std::size_t size, off_t offset,
             fuse_file_info* info) {
    auto& node = *opened(info);
    const auto begin = static_cast<std::size_t>(offset);
    node.content.resize(std::max(node.content.size(), begin + size));
    node.content.replace(begin, size, bytes, size);
    touch(node);
    return static_cast<int>(size);
}

int on_truncate(const char* path, off_t size, fuse_file_info* info) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    node->content.resize(static_cast<std::size_t>(size));
    touch(*node);
    return 0;
}

int on_link(const char* from, const char* to) {
    const auto node = find(from);
    return node ? put(to, node) : -ENOENT;
}

int on_rename(const char* from, const char* to, unsigned flags) {
    const auto old_place = place_of(from);
    const auto new_place = place_of(to);
    const auto node = find(from);
    if (!node || !new_place.folder) return -ENOENT;
    if (flags == RENAME_NOREPLACE && new_place.folder->names.contains(new_place.name)) {
        return -EEXIST;
    }
    if (flags != 0 && flags != RENAME_NOREPLACE) return -EINVAL;
    old_place.folder->names.erase(old_place.name);
    new_place.folder->names.insert_or_assign(new_place.name, node);
    touch(*old_place.folder);
    touch(*new_place.folder);
    return 0;
}

int on_fsync(const char* path, int /*data_only*/, fuse_file_info* info) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    node->sync();
    return 0;
}

int on_readdir(const char* path, void* buffer, fuse_fill_dir_t fill, off_t /*offset*/,
               fuse_file_info* info, fuse_readdir_flags /*flags*/) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    for (const auto* name : {".", ".."}) fill(buffer, name, nullptr, 0, fuse_fill_dir_flags{});
    for (const auto& [name, entry] : node->names) {
        fill(buffer, name.c_str(), nullptr, 0, fuse_fill_dir_flags{});
    }
    return 0;
}

int on_chmod(const char* path, mode_t mode, fuse_file_info* info) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    node->mode = mode & kPermissions;
    return 0;
}

int on_chown(const char* path, uid_t uid, gid_t gid, fuse_file_info* info) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    if (uid != static_cast<uid_t>(-1)) node->uid = uid;
    if (gid != static_cast<gid_t>(-1)) node->gid = gid;
    return 0;
}

int on_setxattr(const char* path, const char* name, const char* value, std::size_t size,
                int /*flags*/) {
    const auto node = find(path);
    if (!node) return -ENOENT;
    node->attributes.insert_or_assign(name, std::string(value, size));
    touch(*node);
    return 0;
}

int on_getxattr(const char* path, const char* name, char* buffer, std::size_t size) {
    const auto node = find(path);
    if (!node) return -ENOENT;
    const auto attribute = node->attributes.find(std::string_view(name));
    if (attribute == node->attributes.end()) return -ENODATA;
    const auto& value = attribute->second;
    if (size != 0 && size < value.size()) return -ERANGE;
    if (size != 0) value.copy(buffer, value.size());
    return static_cast<int>(value.size());
}

int on_utimens(const char* path, const timespec times[2], fuse_file_info* info) {
    const auto node = node_of(path, info);
    if (!node) return -ENOENT;
    if (times[1].tv_nsec == UTIME_NOW) {
        touch(*node);
    } else if (times[1].tv_nsec != UTIME_OMIT) {
        node->changed = times[1];
    }
    return 0;
}

int on_statfs(const char* /*path*/, struct statvfs* result) {
    constexpr unsigned long kBlock = 4096;
    constexpr fsblkcnt_t kBlocks = 1U << 20U;
    *result = {};
    result->f_bsize = result->f_frsize = kBlock;
    result->f_blocks = kBlocks;
    result->f_bfree = result->f_bavail = kBlocks - size_of(*root()) / kBlock;
    result->f_namemax = NAME_MAX;
    return 0;
}

void* on_init(fuse_conn_info* /*connection*/, fuse_config* config) {
    config->hard_remove = 1;  // what is open keeps its node
    config->nullpath_ok = 1;
    config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
    return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
    root()->sync();
    fuse_operations operations{};
    operations.getattr = on_getattr;
    operations.mkdir = on_mkdir;
    operations.unlink = take_away;
    operations.rmdir = on_rmdir;
    operations.rename = on_rename;
    operations.link = on_link;
    operations.chmod = on_chmod;
    operations.chown = on_chown;
    operations.truncate = on_truncate;
    operations.open = on_open;
    operations.read = on_read;
    operations.write = on_write;
    operations.statfs = on_statfs;
    operations.release = on_release;
    operations.fsync = on_fsync;
    operations.opendir = on_open;
    operations.readdir = on_readdir;
    operations.releasedir = on_release;
    operations.fsyncdir = on_fsync;
    operations.init = on_init;
    operations.create = on_create;
    operations.utimens = on_utimens;
    operations.setxattr = on_setxattr;
    operations.getxattr = on_getxattr;
    std::vector<char*> arguments(argv, argv + argc);
    static char single_threaded[] = "-s";
    arguments.push_back(single_threaded);
    return fuse_main(static_cast<int>(arguments.size()), arguments.data(), &operations, nullptr);
}
