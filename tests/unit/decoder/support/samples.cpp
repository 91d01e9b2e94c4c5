#include "decoder/support/samples.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <unistd.h>

namespace coredepot::decoder::test {

Bytes to_bytes(std::string_view text) {
    const auto* const data = reinterpret_cast<const std::byte*>(text.data());
    return {data, data + text.size()};
}

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        throw std::runtime_error{"cannot read " + path.string()};
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

Bytes read_bytes(const std::filesystem::path& path) {
    return to_bytes(read_text(path));
}

std::filesystem::path crash_dir() {
    return std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "tests/data/crash";
}

std::filesystem::path cores_dir() {
    const char* const named = std::getenv("CORES_DIR");
    return named != nullptr ? std::filesystem::path{named}
                            : std::filesystem::path{COREDEPOT_SOURCE_ROOT} / "../shared/cores";
}

TemporaryFile::TemporaryFile(const Bytes& content) {
    std::string name = (std::filesystem::temp_directory_path() / "decoder_test.XXXXXX").string();
    const int fd = mkstemp(name.data());
    if (fd < 0) {
        throw std::runtime_error{"cannot make a temporary file"};
    }
    close(fd);
    path_ = name;
    std::ofstream{path_, std::ios::binary}.write(reinterpret_cast<const char*>(content.data()),
                                                 static_cast<std::streamsize>(content.size()));
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

}  // namespace coredepot::decoder::test
