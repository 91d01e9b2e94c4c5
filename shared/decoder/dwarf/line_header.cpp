#include "decoder/dwarf/line_header.hpp"

#include <dwarf.h>

namespace coredepot::decoder {
namespace {

constexpr std::uint16_t kOldest = 2;
constexpr std::uint16_t kNewest = 5;

std::string_view text_at(std::span<const std::byte> section, std::uint32_t offset) {
    return offset < section.size() ? Cursor{section.subspan(offset)}.text() : std::string_view{};
}

std::string path_of(std::string_view directory, std::string_view name) {
    if (name.starts_with('/') || directory.empty()) {
        return std::string{name};
    }
    return std::string{directory} + '/' + std::string{name};
}

}  // namespace

std::optional<LineHeader> LineHeader::read(const LineSections& sections, std::size_t offset,
                                           std::string_view directory) {
    if (offset >= sections.lines.size()) {
        return std::nullopt;
    }
    Cursor section{sections.lines.subspan(offset)};
    Cursor unit{
        section.take(section.u32())};  // a length of 64-bit DWARF, which no ESP32 has, is too long
    LineHeader header{sections};
    header.directory_ = directory;
    header.version_ = unit.u16();
    if (header.version_ < kOldest || header.version_ > kNewest) {
        return std::nullopt;
    }
    if (header.version_ >= 5) {
        unit.take(2);  // sizes of addresses and segment selectors
    }
    const auto rest = unit.take(unit.u32());
    header.program_ = unit.rest();
    Cursor cursor{rest};
    Coding& coding = header.coding_;
    coding.instruction_bytes = cursor.u8();
    if (header.version_ >= 4) {
        cursor.take(1);  // operations per very long instruction, which no ESP32 has
    }
    coding.begins_as_statement = cursor.u8() != 0;
    coding.line_base = static_cast<std::int8_t>(cursor.u8());
    coding.line_range = cursor.u8();
    const std::uint8_t first_special = cursor.u8();
    coding.operands = cursor.take(first_special - (first_special == 0 ? 0U : 1U));
    header.lists_ = cursor.rest();
    const bool usable = unit.ok() && cursor.ok() && coding.line_range != 0 && first_special != 0;
    return usable ? std::optional{header} : std::nullopt;
}

std::string LineHeader::file(std::uint64_t number) const {
    return version_ >= 5 ? file_of_version_5(number) : file_before_version_5(number);
}

/// Directories are numbered from 1, and number 0 is where the compiler ran. Files are also numbered
/// from 1.
std::string LineHeader::file_before_version_5(std::uint64_t number) const {
    if (number == 0) {
        return {};
    }
    Cursor files{lists_};
    while (!files.text().empty()) {  // the directories
    }
    Entry file;
    for (std::uint64_t i = 0; i < number; ++i) {
        file.name = files.text();
        if (file.name.empty()) {
            return {};
        }
        file.directory = files.uleb();
        files.uleb();  // time of its last change
        files.uleb();  // its size
    }
    if (file.directory == 0) {
        return path_of(directory_, file.name);
    }
    Cursor list{lists_};
    std::string_view directory;
    for (std::uint32_t i = 0; i < file.directory; ++i) {
        directory = list.text();
        if (directory.empty()) {
            return {};
        }
    }
    return path_of(directory, file.name);
}

/// Both directories and files are numbered from 0.
std::string LineHeader::file_of_version_5(std::uint64_t number) const {
    Cursor files{lists_};
    const auto directory_fields = read_fields(files);
    const std::uint32_t directory_count = files.uleb();
    const auto first_directory = files.rest();
    if (directory_fields.empty()) {  // without fields, an endless list would take no bytes
        return {};
    }
    for (std::uint32_t i = 0; i < directory_count && files.ok(); ++i) {
        read_entry(files, directory_fields);
    }
    const auto file_fields = read_fields(files);
    if (number >= files.uleb() || file_fields.empty()) {
        return {};
    }
    Entry file;
    for (std::uint64_t i = 0; i <= number && files.ok(); ++i) {
        file = read_entry(files, file_fields);
    }
    if (!files.ok() || file.directory >= directory_count) {
        return {};
    }
    Cursor directories{first_directory};
    Entry directory;
    for (std::uint32_t i = 0; i <= file.directory; ++i) {
        directory = read_entry(directories, directory_fields);
    }
    return path_of(directory.name, file.name);
}

std::vector<LineHeader::Field> LineHeader::read_fields(Cursor& lists) {
    std::vector<Field> fields(lists.u8());
    for (Field& field : fields) {
        field.content = lists.uleb();
        field.form = lists.uleb();
    }
    return fields;
}

LineHeader::Entry LineHeader::read_entry(Cursor& lists, const std::vector<Field>& fields) const {
    Entry entry;
    for (const auto& [content, form] : fields) {
        std::string_view text;
        std::uint32_t number = 0;
        switch (form) {
            case DW_FORM_string:
                text = lists.text();
                break;
            case DW_FORM_line_strp:
                text = text_at(sections_.line_strings, lists.u32());
                break;
            case DW_FORM_strp:
                text = text_at(sections_.strings, lists.u32());
                break;
            case DW_FORM_udata:
                number = lists.uleb();
                break;
            case DW_FORM_data1:
                number = lists.u8();
                break;
            case DW_FORM_data2:
                number = lists.u16();
                break;
            case DW_FORM_data4:
                number = lists.u32();
                break;
            case DW_FORM_data8:
                lists.take(8);
                break;
            case DW_FORM_data16:  // an MD5
                lists.take(16);
                break;
            case DW_FORM_block:
                lists.take(lists.uleb());
                break;
            default:
                lists.fail();
                break;
        }
        entry.name = content == DW_LNCT_path ? text : entry.name;
        entry.directory = content == DW_LNCT_directory_index ? number : entry.directory;
    }
    return entry;
}

}  // namespace coredepot::decoder
