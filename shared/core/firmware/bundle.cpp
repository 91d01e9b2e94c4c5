#include "core/firmware/bundle.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "core/errors.hpp"
#include "domain/parse_limits.hpp"
#include "json.hpp"
#include "sha256.hpp"
#include "storage/zip_archive.hpp"

namespace coredepot::core {
namespace {

using storage::ZipArchive;
using storage::ZipError;

/// It holds three short texts. Once parsed, JSON takes many times its size in memory.
constexpr std::uint64_t kMaxVersionJson = 65'536;

ValidationFailed invalid(const std::string& why) {
    return ValidationFailed("Invalid firmware ZIP: " + why);
}

/// `a, b, c`. The names come from outside, so their length and number are limited.
std::string listed(const std::set<std::string>& names) {
    constexpr std::size_t kMaxNames = 10;
    constexpr std::size_t kMaxLength = 100;
    std::string text;
    std::size_t count = 0;
    for (const auto& name : names) {
        if (count++ == kMaxNames) return text + ", …";
        if (!text.empty()) text += ", ";
        text += name.substr(0, kMaxLength);
    }
    return text;
}

void require_exact_names(const ZipArchive& archive, const ModelCode& code) {
    const auto wanted = bundle_filenames(code);
    std::set<std::string> missing(wanted.begin(), wanted.end());
    std::set<std::string> unexpected;
    std::set<std::string> seen;
    std::set<std::string> repeated;
    for (const auto& entry : archive.entries()) {
        missing.erase(entry.name);
        if (std::ranges::find(wanted, entry.name) == wanted.end()) unexpected.insert(entry.name);
        if (!seen.insert(entry.name).second) repeated.insert(entry.name);
    }
    if (!missing.empty()) throw invalid("missing " + listed(missing));
    if (!unexpected.empty()) throw invalid("unexpected files: " + listed(unexpected));
    if (!repeated.empty()) throw invalid("duplicate files: " + listed(repeated));
}

/// libzip would also unpack LZMA and others, some of which allocate as much memory as the file
/// says. No tool uses them unless told to.
void require_plain_packing(const ZipArchive& archive) {
    std::set<std::string> encrypted;
    std::set<std::string> oddly_packed;
    for (const auto& entry : archive.entries()) {
        if (entry.encrypted) encrypted.insert(entry.name);
        if (!entry.plainly_packed) oddly_packed.insert(entry.name);
    }
    if (!encrypted.empty()) throw invalid("encrypted files: " + listed(encrypted));
    if (!oddly_packed.empty()) {
        throw invalid("neither stored nor deflated files: " + listed(oddly_packed));
    }
}

/// How much an archive of `packed` bytes may unpack to. Firmware shrinks to a third or a tenth of
/// its size. What shrinks to a hundredth is an attack. Small archives do no harm, however they are
/// packed.
std::uint64_t unpacking_budget(std::uint64_t packed, std::uint64_t max_unpacked) {
    constexpr std::uint64_t kMaxRatio = 100;
    constexpr std::uint64_t kHarmless = 16'777'216;  // 16 MiB
    return std::min(max_unpacked, std::max(kHarmless, packed * kMaxRatio));
}

/// The firmware's version according to version.json.
std::string read_version_json(const std::string& text) {
    json::Object::Fault fault{};
    const auto version = json::Object::parse(text, &fault);
    if (!version) {
        throw invalid(fault == json::Object::Fault::NotJson ? "version.json is not valid JSON"
                                                            : "version.json is not a JSON object");
    }
    std::set<std::string> missing;
    for (const auto* member : {"git_commit", "idf_version", "firmware_version"}) {
        if (!version->has(member) || version->is_null(member)) missing.insert(member);
    }
    if (!missing.empty()) throw invalid("version.json lacks " + listed(missing));
    if (auto said = version->string("firmware_version")) return *std::move(said);
    throw invalid("firmware_version in version.json must be a string");
}

/// `said` comes from version.json. If it differed from the image's, the same firmware would have
/// two rows in every list; and devices use the image's.
FirmwareVersion version_of(const EspImage& image, const std::string& image_name,
                           const std::string& said) {
    constexpr std::size_t kMaxLength = 100;
    if (said == image.version.str()) return image.version;
    if (!image.version_is_frameworks) {
        throw invalid("version.json says version " + said.substr(0, kMaxLength) + ", and " +
                      image_name + " says " + image.version.str());
    }
    if (auto version = FirmwareVersion::parse(said)) return *std::move(version);
    throw invalid(
        "firmware_version in version.json must be printable ASCII without / or \\, at most 50 "
        "characters long, and not start with a dot");
}

/// Unpacks entries with one budget for the whole archive. It counts the bytes that come out, not
/// those that the directory claims.
class Unpacker {
  public:
    Unpacker(const ZipArchive& archive, std::uint64_t budget)
        : archive_(archive), budget_(budget) {}

    void each_piece(const std::string& name, const std::function<void(std::string_view)>& sink,
                    std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
        std::uint64_t unpacked = 0;
        archive_.extract(*archive_.find(name), std::min(budget_, most),
                         [&](std::string_view piece) {
                             unpacked += piece.size();
                             sink(piece);
                         });
        budget_ -= unpacked;
    }

    /// Unpacks an entry of at most `most` bytes.
    std::string whole(const std::string& name, std::uint64_t most) {
        std::string content;
        each_piece(
            name, [&](std::string_view piece) { content += piece; }, most);
        return content;
    }

    /// Unpacks it only to see whether it is damaged.
    void test(const std::string& name) {
        each_piece(name, [](std::string_view) {});
    }

  private:
    const ZipArchive& archive_;
    std::uint64_t budget_;
};

/// Otherwise every core dump of this version would end in ERROR.
void require_readable(const std::string& elf, std::uint64_t bytes) {
    if (bytes <= kMaxElfBytes) return;
    throw invalid(elf + " has " + std::to_string(bytes) + " bytes, and the decoder reads at most " +
                  std::to_string(kMaxElfBytes) + "; build it with less debug information (-g1)");
}

Bundle read_checked(std::string_view zip, const ModelCode& code, std::uint64_t budget) {
    const auto archive = ZipArchive::from_memory(zip);
    require_exact_names(archive, code);
    require_plain_packing(archive);
    ZipArchive::require_consistent(zip);
    Unpacker unpacker(archive, budget);
    const auto said = read_version_json(unpacker.whole("version.json", kMaxVersionJson));
    auto image = unpacker.whole(image_filename(code), budget);
    auto facts = read_esp_image(image);
    auto version = version_of(facts, image_filename(code), said);
    Sha256 elf;
    std::uint64_t elf_bytes = 0;
    unpacker.each_piece(elf_filename(code), [&](std::string_view piece) {
        elf.update(piece);
        elf_bytes += piece.size();
    });
    // Nobody reads the rest here. But we should notice a damaged bundle now, and not the engineer
    // who needs the map file later.
    unpacker.test("sdkconfig");
    unpacker.test(code.str() + ".map");
    require_readable(elf_filename(code), elf_bytes);
    auto elf_sha256 = elf.hex();
    if (facts.elf_sha256 && *facts.elf_sha256 != elf_sha256) {
        throw invalid(elf_filename(code) + " is not the ELF that " + image_filename(code) +
                      " was built from");
    }
    return {std::move(image), std::move(facts), std::move(version), std::move(elf_sha256)};
}

}  // namespace

bool looks_like_bundle(std::string_view upload) {
    return upload.starts_with("PK\x03\x04");
}

std::string elf_filename(const ModelCode& code) {
    return code.str() + ".elf";
}
std::string image_filename(const ModelCode& code) {
    return code.str() + ".bin";
}

std::vector<std::string> bundle_filenames(const ModelCode& code) {
    return {image_filename(code), elf_filename(code), code.str() + ".map", "sdkconfig",
            "version.json"};
}

Bundle read_bundle(std::string_view zip, const ModelCode& code, std::uint64_t max_unpacked) {
    try {
        return read_checked(zip, code, unpacking_budget(zip.size(), max_unpacked));
    } catch (const ZipError& error) {
        throw invalid(error.what());
    }
}

}  // namespace coredepot::core
