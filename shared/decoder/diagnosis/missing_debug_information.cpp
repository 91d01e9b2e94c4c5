#include "decoder/diagnosis/missing_debug_information.hpp"

#include <cstddef>

#include "decoder/elf/alternate_debug.hpp"

namespace coredepot::decoder {
namespace {

/// Readers want to see what kind of file it is, not all of them.
constexpr std::size_t kMaxNamed = 3;

template <typename Names>
std::string listed(const Names& names) {
    std::string text;
    std::size_t count = 0;
    for (const std::string& name : names) {
        if (++count > kMaxNamed) {
            return text + " and " + std::to_string(names.size() - kMaxNamed) + " more";
        }
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

}  // namespace

std::vector<std::string> missing_debug_information(const ApplicationElf& elf,
                                                   const std::set<std::string>& split_files) {
    std::vector<std::string> found;
    if (elf.has_section(kAlternateLink)) {
        found.emplace_back(
            "A part of the ELF's debug information is in another file, which is not read: upload "
            "the ELF as the linker made it, before dwz.");
    }
    if (!split_files.empty()) {
        found.push_back("Variables and inlined calls are in " + listed(split_files) +
                        ", which is not read: build without -gsplit-dwarf.");
    }
    if (!elf.unreadable_sections().empty()) {
        found.push_back("The ELF's sections " + listed(elf.unreadable_sections()) +
                        " are compressed in a way that is not known, and are not read: build with "
                        "-gz=none.");
    }
    return found;
}

}  // namespace coredepot::decoder
