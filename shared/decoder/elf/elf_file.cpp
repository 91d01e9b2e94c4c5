#include "decoder/elf/elf_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "decoder/limits/undecodable.hpp"
#include "domain/parse_limits.hpp"
#include "sha256.hpp"

namespace coredepot::decoder {
namespace {

std::uint64_t size_of_elf(const std::filesystem::path& path) {
    const std::uint64_t size = std::filesystem::file_size(path);
    if (size > kMaxElfBytes) {
        throw Undecodable{"the ELF has " + std::to_string(size) + " bytes; at most " +
                          std::to_string(kMaxElfBytes) + " can be read"};
    }
    return size;
}

}  // namespace

ElfFile::ElfFile(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        throw std::system_error{errno, std::generic_category(), path.string()};
    }
    const auto size = size_of_elf(path);
    bytes_ = std::make_unique_for_overwrite<char[]>(size);  // NOLINT(*-avoid-c-arrays)
    file.read(bytes_.get(), static_cast<std::streamsize>(size));
    size_ = static_cast<std::size_t>(file.gcount());  // somebody may have truncated it
    sha256_ = sha256_hex({bytes_.get(), size_});
}

bool ElfFile::is_same_as(const std::filesystem::path& path) const {
    // Small enough to stay in the processor's cache from reading to comparing.
    constexpr std::size_t kPiece = 65'536;
    std::array<char, kPiece> piece;  // NOLINT(*-member-init): read into before it is looked at
    std::ifstream file{path, std::ios::binary};
    std::size_t offset = 0;
    while (file.read(piece.data(), kPiece), file.gcount() > 0) {
        const auto got = static_cast<std::size_t>(file.gcount());
        if (got > size_ - offset || std::memcmp(piece.data(), data() + offset, got) != 0) {
            return false;
        }
        offset += got;
    }
    return file.eof() && offset == size_;
}

}  // namespace coredepot::decoder
