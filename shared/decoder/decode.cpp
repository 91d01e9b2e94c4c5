#include "decoder/decode.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "decoder/crash_source.hpp"
#include "decoder/diagnosis/findings.hpp"
#include "decoder/diagnosis/signature.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/report_builder.hpp"
#include "decoder/stack_place.hpp"
#include "decoder/target/memory_regions.hpp"

namespace coredepot::decoder {
namespace {

/// Names the input in messages for people.
std::string what(const CoreImage& image) {
    return image.source == Source::CoreDump ? "core dump" : "panic text";
}

/// Compares the chip that the dump names with the one that the device named when it uploaded the
/// dump. If the dump names none, uses the device's.
void check_chip(CoreImage& image, std::string_view requested) {
    if (requested.empty()) {
        return;
    }
    const std::string name{requested};
    if (image.chip != nullptr) {
        if (image.chip->name != requested) {
            throw Undecodable{"the " + what(image) + " is of another chip: the request says '" +
                              name + "', the dump was made by '" + std::string{image.chip->name} +
                              "'"};
        }
        return;
    }
    image.chip = find_chip(requested);
    if (image.chip == nullptr) {
        throw Undecodable{"the request names an unknown chip: '" + name + "'"};
    }
    if (image.chip->architecture != image.architecture) {
        throw Undecodable{"the " + what(image) + " is of another chip: the request says '" + name +
                          "', the dump was made by a chip with a " +
                          std::string{architecture_name(image.architecture)} + " CPU"};
    }
}

/// A BIN dump has no prefix; a build that could not hash its ELF writes zeros.
bool names_an_elf(std::string_view prefix) {
    return prefix.find_first_not_of('0') != std::string_view::npos;
}

/// Returns whether the dump itself names `elf`. A wrong ELF would give plausible nonsense.
bool check_elf(const CoreImage& image, const ApplicationElf& elf) {
    if (image.architecture != elf.architecture()) {
        throw Undecodable{
            "the ELF is of another CPU: the " + what(image) + " is of a chip with a " +
            std::string{architecture_name(image.architecture)} + " CPU, the ELF was built for " +
            std::string{architecture_name(elf.architecture())}};
    }
    const std::string& prefix = image.elf_sha256_prefix;
    if (!names_an_elf(prefix)) {
        return false;
    }
    if (!elf.sha256().starts_with(prefix)) {
        throw Undecodable{"the ELF does not match: the " + what(image) +
                          " was made by the ELF whose SHA-256 starts with '" + prefix +
                          "', the given one's is '" + elf.sha256() + "'"};
    }
    return true;
}

/// If a dump names no ELF, an ELF of another chip with the same CPU would be accepted like the
/// right one. This check can tell them apart: some task must have been running code of its own
/// application.
void check_code(const CoreImage& image, const ApplicationElf& elf) {
    const std::string_view chip = image.chip == nullptr ? "" : image.chip->name;
    std::size_t elsewhere = 0;
    for (const TaskImage& task : image.tasks) {
        const std::uint32_t lookup = task.cpu.pc - (task.cpu.pc_is_return_address ? 1 : 0);
        if (elf.is_code(lookup)) {
            return;
        }
        elsewhere += in_mask_rom(chip, lookup) ? 0 : 1;
    }
    // A single task may have crashed because it jumped to nowhere.
    if (elsewhere > 1) {
        throw Undecodable{"the ELF does not fit: none of the " +
                          std::to_string(image.tasks.size()) +
                          " tasks was running code of it; it is of another application or chip"};
    }
}

/// Does the same for a text, which has only the tasks that ran, and the frames that the device
/// found.
void check_frames(const CoreImage& image, const ApplicationElf& elf) {
    std::vector<std::uint32_t> addresses = image.tasks.front().calls;
    std::ranges::transform(image.tasks.front().listed, std::back_inserter(addresses),
                           [](const FrameImage& frame) { return frame.pc - 1; });
    const auto is_known = [&](std::uint32_t address) {
        return elf.is_code(address) || in_mask_rom(address);
    };
    if (addresses.size() > 1 && std::ranges::none_of(addresses, is_known)) {
        throw Undecodable{
            "the ELF does not fit: no address of the backtrace is code of it; it is "
            "of another application or chip"};
    }
}

}  // namespace

Report decode(std::span<const std::byte> dump, const std::filesystem::path& elf,
              std::string_view chip, const SignatureRules& rules) {
    ElfShelf shelf{0};
    return decode(dump, shelf, elf, chip, rules);
}

Report decode(std::span<const std::byte> dump, ElfShelf& shelf, const std::filesystem::path& elf,
              std::string_view chip, const SignatureRules& rules) {
    return decode_with_image(dump, shelf, elf, chip, rules).report;
}

Decoded decode_with_image(std::span<const std::byte> dump, ElfShelf& shelf,
                          const std::filesystem::path& elf, std::string_view chip,
                          const SignatureRules& rules) {
    const Deadline deadline;
    CoreImage image = CrashSource{dump}.image([&] {
        const Chip* const named = find_chip(chip);
        return named != nullptr ? named->architecture
                                : shelf.take(elf, deadline)->elf().architecture();
    });
    check_chip(image, chip);
    const auto application = shelf.take(elf, deadline);
    const bool verified = check_elf(image, application->elf());
    if (!verified) {
        check_code(image, application->elf());
        check_frames(image, application->elf());
    }
    place_stack(image, *application);
    Report report = ReportBuilder{image, *application, deadline}.build();
    report.elf_verified = verified;
    report.crash = describe_crash(report, rules);
    std::ranges::move(findings(report, application->elf(), application->symbols()),
                      std::back_inserter(report.findings));
    return {std::move(report), std::move(image)};
}

DumpFacts read_facts(std::span<const std::byte> dump) {
    DumpFacts facts;
    try {
        const CrashSource source{dump};
        CoreImage image = source.image([] { return Architecture::RiscV; });  // does not matter here
        if (image.chip != nullptr) {
            facts.chip = image.chip->name;
        }
        if (names_an_elf(image.elf_sha256_prefix)) {
            facts.elf_sha256_prefix = std::move(image.elf_sha256_prefix);
        }
    } catch (const Undecodable&) {
        return {};
    }
    return facts;
}

}  // namespace coredepot::decoder
