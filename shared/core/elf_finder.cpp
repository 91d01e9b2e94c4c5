#include "core/elf_finder.hpp"

#include <span>

#include "core/bundle.hpp"
#include "decoder/decode.hpp"
#include "sha256.hpp"

namespace coredepot::core {
namespace {

std::string named(const db::Claim& claim, const FirmwareVersion& version) {
    return claim.model_code.str() + " version " + version.str();
}

}  // namespace

std::string BundledElf::sha256() const {
    Sha256 hash;
    extract([&](std::string_view piece) { hash.update(piece); });
    return hash.hex();
}

std::variant<BundledElf, NoElf> ElfFinder::find(const db::Claim& claim, std::string_view coredump) {
    auto found = open(claim, claim.firmware_version);
    if (!std::holds_alternative<BundledElf>(found)) return found;
    const auto prefix = decoder::elf_sha256_prefix(std::as_bytes(std::span(coredump)));
    if (!prefix) return found;
    try {
        const auto sha256 = std::get<BundledElf>(found).sha256();
        if (sha256.starts_with(*prefix)) return found;
        return find_other(claim, *prefix, sha256);
    } catch (const storage::ZipError& error) {
        return NoElf{"firmware ZIP for " + named(claim, claim.firmware_version) + ": " +
                     error.what()};
    }
}

std::variant<BundledElf, NoElf> ElfFinder::open(const db::Claim& claim,
                                                const FirmwareVersion& version) {
    const auto file = store_.open_bundle(claim.model_code, version);
    if (!file) return NoElf{"firmware ZIP not found for " + named(claim, version)};
    try {
        auto archive = storage::ZipArchive::from_file(*file);
        const auto* entry = archive.find(elf_filename(claim.model_code));
        if (entry == nullptr) {
            return NoElf{"firmware ZIP for " + named(claim, version) + " has no " +
                         elf_filename(claim.model_code)};
        }
        auto elf = *entry;
        return BundledElf(std::move(archive), std::move(elf), max_elf_bytes_);
    } catch (const storage::ZipError& error) {
        return NoElf{"firmware ZIP for " + named(claim, version) + ": " + error.what()};
    }
}

std::variant<BundledElf, NoElf> ElfFinder::find_other(const db::Claim& claim,
                                                      const std::string& prefix,
                                                      const std::string& found_sha256) {
    if (const auto version = versions_.find_by_elf(claim.device_model_id, prefix)) {
        auto other = open(claim, *version);
        // The row tells what was uploaded, the file what is there: only the file counts.
        const auto* elf = std::get_if<BundledElf>(&other);
        if (elf != nullptr && elf->sha256().starts_with(prefix)) return other;
    }
    return NoElf{"the core dump was made by the ELF with SHA-256 " + prefix +
                     "…, but the firmware ZIP for " + named(claim, claim.firmware_version) +
                     " holds the ELF with SHA-256 " + found_sha256 + ", and no other bundle of " +
                     claim.model_code.str() + " holds the right one",
                 prefix};
}

}  // namespace coredepot::core
