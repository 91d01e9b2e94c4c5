// The part of LogReader that reads what a CPU core was doing: registers, backtrace, stack memory.

#include "decoder/panic_text/log_reader.hpp"
#include "decoder/panic_text/words.hpp"
#include "text/trim.hpp"

namespace coredepot::decoder {
namespace {

constexpr std::size_t kMaxPrintedCores = 4;

}  // namespace

/// Registers, backtrace, stack memory.
bool LogReader::read_core(std::string_view line) {
    const bool continues = std::exchange(in_backtrace_, false);
    if (has(line, "egister dump:") /* ESP-IDF 2: `Register dump:` */) {
        next_core(number_behind(line, "Core "));
        return true;
    }
    if (open_ && tells_interrupt(line)) {
        core().in_interrupt = true;
        return true;
    }
    if (const auto text = part_between(line, "Backtrace:", "")) {
        if (!open_ || !core().backtrace.empty()) {
            next_core(printed_core_);
        }
        read_backtrace(*text);
        const auto rest = trimmed(*text);
        // The log may say in brackets who wrote it.
        lists_calls_ = rest.empty() || rest.starts_with('(');
        core().has_heading = lists_calls_;
        return true;
    }
    if (const auto start = line.find("0x");
        continues && start != std::string_view::npos && !read_frames(line.substr(start)).empty()) {
        read_backtrace(line.substr(start));
        return true;
    }
    if (auto registers = read_registers(line);
        registers.size() > 1 || (open_ && !core().registers.empty() && !registers.empty())) {
        const bool another = registers.contains("PC") || registers.contains("MEPC");
        if (!open_ || (another && !core().registers.empty())) {
            next_core(std::nullopt);
        }
        core().registers.merge(registers);
        return true;
    }
    if (const auto words =
            open_ && !core().registers.empty() ? read_stack_line(line) : std::nullopt) {
        read_stack(*words);
        return true;
    }
    return false;
}

void LogReader::read_backtrace(std::string_view text) {
    CoreText& part = core();
    for (const ListedFrame& frame : read_frames(text)) {
        if (part.backtrace.size() < kMaxListed) {
            part.backtrace.push_back(frame);
        }
    }
    part.end = has(text, "|<-CORRUPTED")   ? ListedEnd::Corrupted
               : has(text, "|<-CONTINUES") ? ListedEnd::Continues
                                           : ListedEnd::Outermost;
    in_backtrace_ = part.end == ListedEnd::Outermost;
    if (!part.core) {
        part.core = std::exchange(printed_core_, std::nullopt);
    }
}

/// If a line does not continue the previous one, a line was lost, or it belongs to something else.
void LogReader::read_stack(const StackLine& line) {
    CoreText& part = core();
    if (part.stack.empty()) {
        part.stack_start = line.address;
    }
    const auto end = part.stack_start + 4 * static_cast<std::uint32_t>(part.stack.size());
    if (line.address == end && part.stack.size() + line.words.size() <= kMaxStackWords) {
        part.stack.insert(part.stack.end(), line.words.begin(), line.words.end());
    }
}

CoreText& LogReader::core() {
    return open_->cores.empty() ? open_->cores.emplace_back() : open_->cores.back();
}

/// Without words in front, it belongs to a panic whose first lines are missing. If a core was
/// already printed, another panic prints it again.
CoreText& LogReader::next_core(std::optional<unsigned> number) {
    const bool announced = number && printed_core_ == number;
    const auto is_same = [&](const CoreText& part) {
        return part.is_usable() && (part.core == number || !number);
    };
    if (open_ && !announced && std::ranges::any_of(open_->cores, is_same)) {
        close();
    }
    if (!open_) {
        begin(false);
    }
    if (open_->cores.size() >= kMaxPrintedCores) {
        close();
        begin(false);
    }
    printed_core_.reset();
    return open_->cores.emplace_back(CoreText{number});
}

}  // namespace coredepot::decoder
