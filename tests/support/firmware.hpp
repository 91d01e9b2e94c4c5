#pragma once

#include <string>
#include <utility>
#include <vector>

/// Firmware as pipelines upload it, made to measure for a test.
namespace coredepot::test {

/// Archive entries in order: name and content. A name may come twice.
using Entries = std::vector<std::pair<std::string, std::string>>;

/// A ZIP archive; with a password its entries are encrypted.
std::string zip(const Entries& entries, const std::string& password = "");

/// An application image of `size` bytes (at least 208) with the descriptor that ESP-IDF puts at
/// offset 32: magic, version, and the SHA-256 of the ELF (64 hex characters; empty: all zero).
std::string esp_image(const std::string& version, const std::string& elf_sha256 = "",
                      std::size_t size = 4096);

/// The five entries of a good bundle around `elf` and an image that names it.
Entries bundle_entries(const std::string& code, const std::string& version,
                       const std::string& elf =
                           "\x7f"
                           "ELF: not really, but nobody looks");

/// `entries` without the one called `name`, and with another content for it.
Entries without(Entries entries, const std::string& name);
Entries with(Entries entries, const std::string& name, const std::string& content);

/// The crash of our own in tests/data/crash: its files as a bundle of the model `thermostat`,
/// version 1.4.2, and one of its files.
std::string thermostat_bundle();
std::string thermostat_file(const std::string& name);

}  // namespace coredepot::test
