#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"

/// Opens, reads, makes and writes files. All throw StorageError on failure.
namespace coredepot::os {

/// Only the service's user and group may read files: a core dump holds whatever was in RAM.
constexpr unsigned kFileMode = 0640;

/// 32 random hex characters.
std::string random_name();

/// Opens for reading; empty when there is no such file.
std::optional<Descriptor> open_existing(const std::filesystem::path& path);

/// Opens a folder, to list or lock it.
Descriptor open_folder(const std::filesystem::path& folder);

/// Reads from the current position to the end, piece by piece. `path` is for a StorageError's text.
void read_pieces(const Descriptor& file, const std::function<void(std::string_view)>& sink,
                 const std::filesystem::path& path);
/// Reads from the current position to the end. More than `limit` bytes are a StorageError.
std::string read_all(const Descriptor& file, std::uint64_t limit,
                     const std::filesystem::path& path);
/// Reads the whole file, with the same limit; empty when there is no such file.
std::optional<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Reads `length` bytes from offset `first`. A file that ends earlier is a StorageError.
std::string read_piece(const Descriptor& file, std::uint64_t first, std::uint64_t length,
                       const std::filesystem::path& path);

/// Creates an empty file with mode kFileMode and opens it for writing. It must not exist yet.
Descriptor create_file(const std::filesystem::path& path);

/// Makes an empty file with that mode unless one exists.
void make_file(const std::filesystem::path& path);
/// The same as best effort: a failure is logged.
void touch(const std::filesystem::path& path) noexcept;

void write_all(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path);

}  // namespace coredepot::os
