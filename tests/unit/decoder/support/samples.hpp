#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder::test {

using Bytes = std::vector<std::byte>;

Bytes to_bytes(std::string_view text);
Bytes read_bytes(const std::filesystem::path& path);
std::string read_text(const std::filesystem::path& path);

/// The crash of our own: `tests/data/crash`.
std::filesystem::path crash_dir();

/// Real dumps that may not live in the repository: the folder that CORES_DIR names, `cores` in the
/// folder `shared` beside the checkout otherwise.
std::filesystem::path cores_dir();

/// A file that lives as long as this object.
class TemporaryFile {
  public:
    explicit TemporaryFile(const Bytes& content);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// What decoding said against the input: the text of the Undecodable that `call` throws; empty: it
/// threw none.
template <typename Call>
std::string verdict(Call call) {
    try {
        call();
    } catch (const Undecodable& error) {
        return error.what();
    }
    return {};
}

}  // namespace coredepot::decoder::test
