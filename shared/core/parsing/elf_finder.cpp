#include "core/parsing/elf_finder.hpp"

#include "core/firmware/bundle.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {
namespace {

std::string named(const db::Claim& claim, const FirmwareVersion& version) {
    return claim.model_code.str() + " version " + version.str();
}

}  // namespace

std::variant<storage::UnpackedElf, NoElf> ElfFinder::find_claimed(const db::Claim& claim) {
    return open(claim, claim.firmware_version);
}

std::variant<storage::UnpackedElf, NoElf> ElfFinder::find_named(const db::Claim& claim,
                                                                const DumpFacts& facts,
                                                                storage::UnpackedElf claimed) {
    const auto& prefix = facts.elf_sha256_prefix;
    if (!prefix || claimed.sha256.starts_with(*prefix)) return claimed;
    return find_other(claim, *prefix, claimed.sha256);
}

std::variant<storage::UnpackedElf, NoElf> ElfFinder::open(const db::Claim& claim,
                                                          const FirmwareVersion& version) {
    const auto bundle = store_.open_bundle(claim.model_code, version);
    if (!bundle) return NoElf{"firmware ZIP not found for " + named(claim, version)};
    const auto name = elf_filename(claim.model_code);
    try {
        return cache_.get(*bundle, [&](const storage::ElfCache::Sink& sink) {
            const auto archive = storage::ZipArchive::from_file(*bundle);
            const auto* entry = archive.find(name);
            if (entry == nullptr) throw storage::ZipError("it has no " + name);
            archive.extract(*entry, max_elf_bytes_, sink);
        });
    } catch (const storage::ZipError& error) {
        return NoElf{"firmware ZIP for " + named(claim, version) + ": " + error.what()};
    }
}

std::variant<storage::UnpackedElf, NoElf> ElfFinder::find_other(const db::Claim& claim,
                                                                const std::string& prefix,
                                                                const std::string& found_sha256) {
    for (const auto& bundle : versions_.find_by_elf(claim.device_model_id, prefix)) {
        auto other = open(claim, bundle.version);
        // The row tells what was uploaded, the file what is there: only the file counts.
        const auto* elf = std::get_if<storage::UnpackedElf>(&other);
        if (elf != nullptr && elf->sha256.starts_with(prefix)) return other;
    }
    return NoElf{"the core dump was made by the ELF with SHA-256 " + prefix +
                     "…, but the firmware ZIP for " + named(claim, claim.firmware_version) +
                     " holds the ELF with SHA-256 " + found_sha256 + ", and no other bundle of " +
                     claim.model_code.str() + " holds the right one",
                 prefix};
}

}  // namespace coredepot::core
