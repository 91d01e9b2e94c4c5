#include "core/parsing/elf_finder.hpp"

#include "core/firmware/bundle.hpp"
#include "log.hpp"
#include "storage/fetch_turn.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {
namespace {

std::string named(const db::Claim& claim, const FirmwareVersion& version) {
    return claim.model_code.str() + " version " + version.str();
}

/// Empty when it is another ELF or there is none.
std::optional<FoundElf> named_so(std::variant<FoundElf, NoElf> found, const std::string& prefix) {
    auto* elf = std::get_if<FoundElf>(&found);
    // The row says what was uploaded, and the file is what is there. Only the file counts.
    if (elf == nullptr || !elf->elf.sha256.starts_with(prefix)) return std::nullopt;
    return std::move(*elf);
}

/// `claimed` is the ELF of the version that the device claims. The core dump names another one.
NoElf not_found(const db::Claim& claim, const std::variant<FoundElf, NoElf>& claimed,
                const std::string& prefix) {
    const auto& code = claim.model_code.str();
    if (const auto* none = std::get_if<NoElf>(&claimed)) {
        return {none->reason + ", and no other bundle of " + code + " holds the ELF with SHA-256 " +
                    prefix + "…, which the core dump was made by",
                prefix};
    }
    return {"the core dump was made by the ELF with SHA-256 " + prefix +
                "…, but the firmware ZIP for " + named(claim, claim.firmware_version) +
                " holds the ELF with SHA-256 " + std::get<FoundElf>(claimed).elf.sha256 +
                ", and no other bundle of " + code + " holds the right one",
            prefix};
}

}  // namespace

std::variant<FoundElf, NoElf> ElfFinder::find(const db::Claim& claim, const DumpFacts& facts) {
    auto claimed = open_version(claim, claim.firmware_version);
    if (!facts.elf_sha256_prefix) return claimed;
    const auto& prefix = *facts.elf_sha256_prefix;
    const auto* elf = std::get_if<FoundElf>(&claimed);
    if (elf != nullptr && elf->elf.sha256.starts_with(prefix)) return claimed;
    if (auto found = find_named(claim, prefix)) return *std::move(found);
    return not_found(claim, claimed, prefix);
}

std::optional<FoundElf> ElfFinder::find_named(const db::Claim& claim, const std::string& prefix) {
    for (const auto& bundle : versions_.find_by_elf(claim.device_model_id, prefix)) {
        if (bundle.object) {
            auto fetched = fetch(claim, bundle.version, *bundle.object, bundle.sha256);
            if (auto elf = named_so(std::move(fetched), prefix)) {
                if (bundle.kept) versions_.note_use(claim.device_model_id, bundle.sha256);
                return elf;
            }
            continue;
        }
        if (!bundle.kept) {
            if (auto elf = named_so(open_version(claim, bundle.version), prefix)) return elf;
        }
        // Also if the row does not say that it was replaced, because the upload that replaced it
        // may have been cut off.
        const auto kept = store_.open_kept(claim.model_code, bundle.sha256);
        if (auto elf = named_so(open(claim, bundle.version, kept), prefix)) {
            versions_.note_use(claim.device_model_id, bundle.sha256);
            return elf;
        }
    }
    return std::nullopt;
}

std::variant<FoundElf, NoElf> ElfFinder::open_version(const db::Claim& claim,
                                                      const FirmwareVersion& version) {
    const auto in_folder = [&] { return store_.open_bundle(claim.model_code, version); };
    // If there are only folders, do not ask the row.
    auto bundle = bucket_ == nullptr ? in_folder() : std::nullopt;
    if (!bundle) {
        const auto row = versions_.find(claim.device_model_id, version);
        if (row && row->bundle_object && row->elf_sha256) {
            return fetch(claim, version, *row->bundle_object, *row->elf_sha256);
        }
        if (bucket_ != nullptr) bundle = in_folder();
    }
    return open(claim, version, bundle);
}

std::variant<FoundElf, NoElf> ElfFinder::open(const db::Claim& claim,
                                              const FirmwareVersion& version,
                                              const std::optional<os::Descriptor>& bundle) {
    if (!bundle) return NoElf{"firmware ZIP not found for " + named(claim, version)};
    try {
        return FoundElf{cache_.get(*bundle,
                                   [&](const storage::ElfCache::Sink& sink) {
                                       extract(*bundle, claim.model_code, sink);
                                   }),
                        version};
    } catch (const storage::ZipError& error) {
        return NoElf{"firmware ZIP for " + named(claim, version) + ": " + error.what()};
    }
}

std::variant<FoundElf, NoElf> ElfFinder::fetch(const db::Claim& claim,
                                               const FirmwareVersion& version,
                                               const std::string& object,
                                               const std::string& elf_sha256) {
    struct NotThere {};
    const auto fetch = [&](const storage::ElfCache::Sink& sink) {
        if (bucket_ == nullptr) {
            throw objects::Unavailable(object + " is in a bucket, and none is configured");
        }
        const auto bundle = bucket_->open(object, cache_.scratch_folder(), max_elf_bytes_);
        if (!bundle) throw NotThere();
        extract(*bundle, claim.model_code, sink);
    };
    try {
        auto elf = cache_.get(elf_sha256, fetch);
        if (elf.sha256 != elf_sha256) throw storage::ZipError("its ELF is not the one of its row");
        return FoundElf{std::move(elf), version};
    } catch (const NotThere&) {
        log::error("a firmware bundle is missing in the bucket", {{"object", object}});
        return NoElf{"firmware ZIP not found for " + named(claim, version)};
    } catch (const storage::ZipError& error) {
        return NoElf{"firmware ZIP for " + named(claim, version) + ": " + error.what()};
    } catch (const storage::FetchFailed& failed) {
        throw objects::Unavailable(object + ": " + failed.what());
    }
}

void ElfFinder::extract(const os::Descriptor& bundle, const ModelCode& code,
                        const storage::ElfCache::Sink& sink) const {
    const auto name = elf_filename(code);
    const auto archive = storage::ZipArchive::from_file(bundle);
    const auto* entry = archive.find(name);
    if (entry == nullptr) throw storage::ZipError("it has no " + name);
    archive.extract(*entry, max_elf_bytes_, sink);
}

}  // namespace coredepot::core
