#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "os/descriptor.hpp"

/// Files: opened, read, made, written. What fails throws a StorageError.
namespace coredepot::os {

/// Files are for the service's user and group only: a core dump holds whatever was in RAM.
constexpr unsigned kFileMode = 0640;

/// 32 hex characters that nobody else draws.
std::string random_name();

/// Opens for reading; empty when there is no such file.
std::optional<Descriptor> open_existing(const std::filesystem::path& path);

/// For its names, or to lock it.
Descriptor open_folder(const std::filesystem::path& folder);

/// From here to the end, piece by piece. `path` is for the text of a StorageError.
void read_pieces(const Descriptor& file, const std::function<void(std::string_view)>& sink,
                 const std::filesystem::path& path);
/// From here to the end, at most `limit` bytes: more is a StorageError.
std::string read_all(const Descriptor& file, std::uint64_t limit,
                     const std::filesystem::path& path);
/// The whole file, likewise; empty when there is none.
std::optional<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// `length` bytes from `first` on, which the file has: fewer are a StorageError.
std::string read_piece(const Descriptor& file, std::uint64_t first, std::uint64_t length,
                       const std::filesystem::path& path);

/// Creates an empty file of mode kFileMode that was not there, open for writing.
Descriptor create_file(const std::filesystem::path& path);

/// Makes an empty file of that mode unless there is one.
void make_file(const std::filesystem::path& path);
/// The same, best effort: a failure is logged.
void touch(const std::filesystem::path& path) noexcept;

void write_all(const Descriptor& file, std::string_view bytes, const std::filesystem::path& path);

}  // namespace coredepot::os
