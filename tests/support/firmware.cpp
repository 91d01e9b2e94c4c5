#include "support/firmware.hpp"

#include <ctime>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include <zip.h>

#include "os/files.hpp"
#include "sha256.hpp"

namespace coredepot::test {
namespace {

struct FreeSource {
    void operator()(zip_source_t* source) const { zip_source_free(source); }
};

void require(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("cannot build a ZIP: ") + what);
}

std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

void add_entry(zip_t* archive, const std::string& name, const std::string& content,
               const std::string& password) {
    auto* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    require(source != nullptr, "source");
    // zip_file_add refuses a name that is there already; a hostile archive has it twice, so the
    // second gets a name of the same length here and the bytes are mended afterwards.
    const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_RAW);
    require(index >= 0, "entry");
    // Not the time of day: the same entries are the same bytes, whenever they are packed.
    constexpr std::time_t kAnyTime = 1'700'000'000;
    require(zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), kAnyTime, 0) == 0,
            "time");
    if (!password.empty()) {
        require(zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256,
                                        password.c_str()) == 0,
                "encryption");
    }
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
    }
    return text;
}

}  // namespace

std::string zip(const Entries& entries, const std::string& password) {
    zip_error_t error;
    zip_error_init(&error);
    const std::unique_ptr<zip_source_t, FreeSource> source(
        zip_source_buffer_create(nullptr, 0, 0, &error));
    require(source != nullptr, "target");
    zip_source_keep(source.get());
    zip_t* archive = zip_open_from_source(source.get(), ZIP_TRUNCATE, &error);
    require(archive != nullptr, "archive");
    std::vector<std::pair<std::string, std::string>> mended;
    for (auto [name, content] : entries) {
        if (zip_name_locate(archive, name.c_str(), ZIP_FL_ENC_RAW) >= 0) {
            auto stand_in = name;
            stand_in.back() = '\x01';
            mended.emplace_back(stand_in, name);
            name = stand_in;
        }
        // libzip reads sources when it closes: what they point to must live until then.
        const auto& kept = entries[static_cast<std::size_t>(zip_get_num_entries(archive, 0))];
        add_entry(archive, name, kept.second, password);
    }
    require(zip_close(archive) == 0, "close");
    require(zip_source_open(source.get()) == 0, "read");
    zip_source_seek(source.get(), 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(source.get())), '\0');
    zip_source_seek(source.get(), 0, SEEK_SET);
    require(zip_source_read(source.get(), bytes.data(), bytes.size()) ==
                static_cast<zip_int64_t>(bytes.size()),
            "read");
    zip_source_close(source.get());
    for (const auto& [stand_in, name] : mended) bytes = replace_all(bytes, stand_in, name);
    return bytes;
}

std::string esp_image(const std::string& version, const std::string& elf_sha256, std::size_t size) {
    std::string image(size, '\0');
    image[0] = '\xe9';
    image.replace(32, 4, "\x32\x54\xcd\xab");
    image.replace(48, version.size(), version);
    const auto hash = from_hex(elf_sha256);
    image.replace(176, hash.size(), hash);
    return image;
}

Entries bundle_entries(const std::string& code, const std::string& version,
                       const std::string& elf) {
    return {{code + ".bin", esp_image(version, sha256_hex(elf))},
            {code + ".elf", elf},
            {code + ".map", "map"},
            {"sdkconfig", "CONFIG_IDF_TARGET=\"esp32c3\"\n"},
            {"version.json",
             R"({"git_commit":"0","idf_version":"v5.4","firmware_version":")" + version + "\"}"}};
}

Entries without(Entries entries, const std::string& name) {
    std::erase_if(entries, [&](const auto& entry) { return entry.first == name; });
    return entries;
}

Entries with(Entries entries, const std::string& name, const std::string& content) {
    for (auto& entry : entries) {
        if (entry.first == name) entry.second = content;
    }
    return entries;
}

std::string thermostat_file(const std::string& name) {
    constexpr std::uint64_t kLimit = 1'000'000;
    const std::filesystem::path folder = COREDEPOT_SOURCE_DIR "/tests/data/crash";
    return os::read_file(folder / name, kLimit).value();
}

std::string thermostat_bundle() {
    Entries entries;
    for (const auto* name :
         {"thermostat.bin", "thermostat.elf", "thermostat.map", "sdkconfig", "version.json"}) {
        entries.emplace_back(name, thermostat_file(name));
    }
    return zip(entries);
}

}  // namespace coredepot::test
