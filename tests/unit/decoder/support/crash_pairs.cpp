#include "decoder/support/crash_pairs.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <utility>
#include <vector>

#include "decoder/decode.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"
#include "decoder/target/chip.hpp"
#include "sha256.hpp"

namespace coredepot::decoder::test {
namespace {

constexpr std::uint32_t kVersionNote = 8266;
constexpr std::uint32_t kPanicNote = 679;
/// An ESP32-C3's.
constexpr std::uint32_t kVersion = 5U << 16U | 0x103;
/// What the note has room for behind the version, and how much of the SHA-256 ESP-IDF writes.
constexpr std::size_t kHashBytes = 68;
constexpr std::size_t kHashDigits = 9;
constexpr std::uint32_t kFirstTcb = 0x3FCF0000;
constexpr std::uint32_t kTcbBytes = 0x100;
constexpr std::size_t kStackPointer = 2;  // among the registers of a core dump

/// What a line of `dumps` says of a task.
struct PairedTask {
    std::string name = "main";
    std::uint32_t stack_start = 0;
    std::uint32_t stack_end = 0;
    std::vector<std::uint32_t> registers{};  ///< in the order of a core dump
    std::vector<std::uint32_t> stack{};      ///< its words, from the stack pointer on
};

struct PairedCrash {
    std::vector<PairedTask> tasks;
    std::string reason;
};

std::uint32_t from_hex(const std::string& text) {
    return static_cast<std::uint32_t>(std::stoul(text, nullptr, 16));
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in{text};
    for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
    return parts;
}

/// `BUILD,CRASH[,NAME,START,END]` and `REGISTER... - WORD...` behind it, the numbers in hex.
PairedTask read_task(const std::vector<std::string>& label, std::istringstream& words) {
    constexpr std::size_t kWithStack = 5;
    PairedTask task;
    auto* list = &task.registers;
    for (std::string word; words >> word;) {
        if (word == "-") {
            list = &task.stack;
        } else {
            list->push_back(from_hex(word));
        }
    }
    const std::uint32_t sp = task.registers.at(kStackPointer);
    task.stack_start = label.size() < kWithStack ? sp & ~0xFFFFU : from_hex(label.at(3));
    task.stack_end = label.size() < kWithStack ? sp | 0xFFFFU : from_hex(label.at(4));
    if (label.size() >= kWithStack) task.name = label.at(2);
    return task;
}

/// `BUILD,CRASH says TEXT`, with `\n` for the end of a line.
std::string read_reason(std::string text) {
    for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) {
        text.replace(at, 2, "\n");
    }
    return text;
}

/// By build and number.
using PairedCrashes = std::map<std::pair<std::string, int>, PairedCrash>;

PairedCrashes read_crashes(const std::filesystem::path& folder) {
    constexpr std::string_view kSays = " says ";
    PairedCrashes crashes;
    std::istringstream lines{read_text(folder / "dumps")};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string first;
        words >> first;
        const auto label = split(first, ',');
        PairedCrash& crash = crashes[{label.at(0), std::stoi(label.at(1))}];
        if (line.substr(first.size()).starts_with(kSays)) {
            crash.reason = read_reason(line.substr(first.size() + kSays.size()));
        } else {
            crash.tasks.push_back(read_task(label, words));
        }
    }
    return crashes;
}

std::filesystem::path folder_of(std::string_view name) {
    return crash_dir().parent_path() / name;
}

Bytes core_of(const PairedCrash& crash, std::string_view elf_sha256) {
    CoreBuilder core{kMachineRiscV};
    core.note("ESP_CORE_DUMP_INFO", kVersionNote,
              Writer{}.u32(kVersion).text(elf_sha256.substr(0, kHashDigits), kHashBytes).content());
    std::uint32_t address = kFirstTcb;
    for (const PairedTask& task : crash.tasks) {
        const std::uint32_t sp = task.registers.at(kStackPointer);
        core.task(address, task.registers);
        core.memory(sp, Writer{}.words(task.stack).content());
        core.memory(address, tcb(task.name, 1, std::max(sp, task.stack_start), task.stack_start,
                                 task.stack_end));
        address += kTcbBytes;
    }
    if (!crash.reason.empty()) core.note("ESP_PANIC_DETAILS", kPanicNote, to_bytes(crash.reason));
    return core.build();
}

}  // namespace

CrashPairs decode_pairs(std::string_view name, const SignatureRules& rules) {
    const auto folder = folder_of(name);
    CrashPairs reports;
    ElfShelf shelf{kMaxShelfBytes};
    std::map<std::string, std::string> hashes;
    for (const auto& [label, crash] : read_crashes(folder)) {
        const auto& [build, number] = label;
        const auto elf = folder / (build + ".elf");
        std::string& hash = hashes[build];
        if (hash.empty()) hash = sha256_hex(read_text(elf));
        reports[number][build] = decode(core_of(crash, hash), shelf, elf, "esp32c3", rules);
    }
    return reports;
}

std::filesystem::path pair_elf(std::string_view name, const std::string& build) {
    return folder_of(name) / (build + ".elf");
}

Bytes pair_core(std::string_view name, const std::string& build, int number) {
    return core_of(read_crashes(folder_of(name)).at({build, number}),
                   sha256_hex(read_text(pair_elf(name, build))));
}

}  // namespace coredepot::decoder::test
