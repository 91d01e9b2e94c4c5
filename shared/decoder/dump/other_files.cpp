#include "decoder/dump/other_files.hpp"

#include <array>
#include <string>
#include <string_view>

#include "decoder/limits/undecodable.hpp"

namespace coredepot::decoder {
namespace {

/// A kind of file, recognised by its start.
struct OtherFile {
    std::string_view magic;
    std::string_view what;
};
constexpr std::array kOtherFiles = {
    OtherFile{"\x1F\x8B", "compressed by gzip; upload what is in it"},
    OtherFile{"PK\x03\x04", "a ZIP archive; upload what is in it"},
    OtherFile{"\xFD"
              "7zXZ",
              "compressed by xz; upload what is in it"},
    OtherFile{"\x28\xB5\x2F\xFD", "compressed by zstd; upload what is in it"},
    OtherFile{"BZh9", "compressed by bzip2; upload what is in it"},
    OtherFile{"7z\xBC\xAF", "a 7z archive; upload what is in it"},
};

/// esp_image_header_t of ESP-IDF: a magic byte, and the number of segments.
bool is_firmware_image(std::string_view bytes) {
    constexpr char kMagic = '\xE9';
    constexpr unsigned char kMaxImageSegments = 16;
    return bytes.size() > 1 && bytes[0] == kMagic && bytes[1] != 0 &&
           static_cast<unsigned char>(bytes[1]) <= kMaxImageSegments;
}

}  // namespace

void refuse_other_files(std::span<const std::byte> bytes) {
    const std::string_view content{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    for (const auto& [magic, what] : kOtherFiles) {
        if (content.starts_with(magic)) {
            throw Undecodable{"this is not a core dump: it is " + std::string{what}};
        }
    }
    if (is_firmware_image(content)) {
        throw Undecodable{"this is not a core dump: it is the image of an application"};
    }
}

}  // namespace coredepot::decoder
