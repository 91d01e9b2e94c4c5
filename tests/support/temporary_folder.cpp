#include "support/temporary_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace coredepot::test {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "coredepot.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

std::vector<std::string> visible_names_in(const fs::path& folder) {
    auto names = names_in(folder);
    std::erase_if(names, [](const auto& name) { return name.starts_with('.'); });
    return names;
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    // What goes away meanwhile ends it: by hand, because a range-based for would throw.
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->symlink_status(error).type() == fs::file_type::regular) {
            files.push_back(entry->path());
        }
    }
    std::ranges::sort(files, {}, [](const fs::path& path) { return path.filename(); });
    return files;
}

std::vector<std::string> file_names_below(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& path : files_below(folder)) names.push_back(path.filename().string());
    return names;
}

void write_file(const fs::path& path, std::string_view bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void replace_file(const fs::path& path, std::string_view bytes) {
    const auto other = path.string() + ".new";
    write_file(other, bytes);
    fs::rename(other, path);
}

std::string content_of(const fs::path& path) {
    const std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

void backdate(const fs::path& path, std::chrono::seconds age) {
    last_write_time(path, fs::file_time_type::clock::now() - age);
}

unsigned mode_of(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions() & fs::perms::mask);
}

}  // namespace coredepot::test
