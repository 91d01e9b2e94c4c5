#include "decoder/panic_text/panic_image.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "decoder/arch/cpu.hpp"
#include "decoder/panic_text/fault_cause.hpp"
#include "decoder/panic_text/words.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

std::optional<std::uint32_t> register_value(const CoreText& part, std::string_view name) {
    const auto found = part.registers.find(std::string{name});
    return found == part.registers.end() ? std::nullopt : std::optional{found->second};
}

PrintedStack printed_stack(const CoreText& part, const Cpu& cpu) {
    PrintedStack stack;
    for (const CpuRegister& entry : cpu.registers) {
        if (const auto value = register_value(part, entry.printed)) {
            entry.set(stack.cpu, *value);
            stack.has_pc = stack.has_pc || entry.is_pc();
        }
    }
    stack.frames = part.backtrace;
    if (!part.stack_is_unplaced) stack.memory.push_back({part.stack_start, part.stack});
    return stack;
}

/// Collects bytes of memory until they are complete, because Memory refers to them.
class MemoryText {
  public:
    void add(std::uint32_t start, const std::vector<std::uint32_t>& words) {
        pieces_.push_back({start, words.size() * 4});
        add_bytes(words);
    }

    /// `unplaced` is the crashed task's stack.
    void move_to(CoreImage& image, const std::vector<std::uint32_t>& unplaced) {
        const std::size_t placed = bytes_.size();
        add_bytes(unplaced);
        image.own_bytes = std::make_shared<const std::vector<std::byte>>(std::move(bytes_));
        std::size_t offset = 0;
        for (const auto& [start, size] : pieces_) {
            image.memory.add({start, std::span{*image.own_bytes}.subspan(offset, size)});
            offset += size;
        }
        image.unplaced_stack = std::span{*image.own_bytes}.subspan(placed);
    }

  private:
    struct Piece {
        std::uint32_t start;
        std::size_t size;
    };

    void add_bytes(const std::vector<std::uint32_t>& words) {
        for (const std::uint32_t word : words) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                bytes_.push_back(static_cast<std::byte>(word >> shift & 0xFFU));
            }
        }
    }

    std::vector<Piece> pieces_;
    std::vector<std::byte> bytes_;
};

std::string end_of(const CoreText& part) {
    switch (part.end) {
        case ListedEnd::Corrupted:
            return "the device found the stack corrupt here";
        case ListedEnd::Continues:
            return "the device printed no more frames";
        case ListedEnd::Outermost:
            break;
    }
    return {};
}

/// Where the frames of the interrupted task begin. The interrupt has its own stack; if that is
/// higher, the device lists a lower stack pointer after it. Returns the end when there are none.
std::size_t begin_of_interrupted(const CoreText& part) {
    // The last frame of a corrupt stack made no sense to the device.
    const std::size_t senseless = part.end == ListedEnd::Corrupted ? 1 : 0;
    for (std::size_t i = 1; part.in_interrupt && i + senseless < part.backtrace.size(); ++i) {
        if (part.backtrace[i].sp < part.backtrace[i - 1].sp) {
            return i;
        }
    }
    return part.backtrace.size();
}

/// Takes the interrupted task's frames off `stack`.
std::optional<InterruptedImage> take_interrupted(const CoreText& part, PrintedStack& stack,
                                                 const Cpu& cpu, MemoryText& memory) {
    const std::size_t begin = begin_of_interrupted(part);
    if (begin >= stack.frames.size()) {
        return std::nullopt;
    }
    PrintedStack interrupted;
    interrupted.frames.assign(stack.frames.begin() + static_cast<std::ptrdiff_t>(begin),
                              stack.frames.end());
    stack.frames.resize(begin);
    cpu.complete(interrupted);
    for (const auto& [start, words] : interrupted.memory) {
        memory.add(start, words);
    }
    return InterruptedImage{interrupted.cpu, end_of(part)};
}

TaskImage task_of(const CoreText& part, const Cpu& cpu, MemoryText& memory) {
    PrintedStack stack = printed_stack(part, cpu);
    TaskImage task;
    task.interrupted = take_interrupted(part, stack, cpu, memory);
    cpu.complete(stack);
    task.calls = part.calls;
    task.calls_have_heading = part.has_heading;
    if (!stack.has_pc && stack.frames.empty() && !part.calls.empty()) {
        stack.cpu.pc = part.calls.front();
        stack.cpu.pc_is_return_address = true;
    }
    task.name = part.task;
    task.cpu = stack.cpu;
    for (const ListedFrame& frame : stack.frames) {
        task.listed.push_back({frame.pc, frame.sp});
    }
    if (part.stack.empty() && !task.interrupted) {
        task.backtrace_end = end_of(part);
    }
    for (const auto& [start, words] : stack.memory) {
        memory.add(start, words);
    }
    return task;
}

/// Goes by registers whose names differ between the CPUs.
bool has_registers_of(const CoreText& part, const Cpu& cpu) {
    const auto pc = std::ranges::find_if(cpu.registers, &CpuRegister::is_pc);
    return register_value(part, pc->printed) || register_value(part, cpu.cause_register.printed);
}

/// What the CPU reported. If the firmware itself panicked because of a watchdog, that does not
/// matter.
std::optional<FaultImage> fault_of(const PanicText& panic, Architecture architecture) {
    if (is_of_task_watchdog(panic.reason)) {
        return std::nullopt;
    }
    const Cpu& cpu = cpu_of(architecture);
    const CoreText& part = panic.cores.front();
    const auto printed = register_value(part, cpu.cause_register.printed);
    const auto cause = fault_cause(architecture, panic.exception, printed);
    const auto address = register_value(part, cpu.address_register.printed);
    return cause ? std::optional{FaultImage{*cause, address.value_or(0)}} : std::nullopt;
}

void add_interrupt(const CoreText& part, const Cpu& cpu, CoreImage& image) {
    if (!part.in_interrupt || cpu.noted_registers == nullptr) {
        return;
    }
    image.in_interrupt = true;
    for (const auto& noted : cpu.noted_registers->others) {
        const auto found = std::ranges::find_if(part.registers, [&](const auto& entry) {
            return equal_ignoring_case(entry.first, noted.name);
        });
        if (found != part.registers.end()) {
            image.special_registers.push_back({noted.number, found->second});
        }
    }
}

}  // namespace

std::optional<Architecture> architecture_of(const PanicText& panic) {
    for (const CoreText& part : panic.cores) {
        const auto cpus = all_cpus();
        const auto printed = [&part](const Cpu* cpu) { return has_registers_of(part, *cpu); };
        const auto found = std::ranges::find_if(cpus, printed);
        if (found != cpus.end()) {
            return (*found)->architecture;
        }
    }
    const Chip* const chip = find_chip(panic.chip);
    return chip == nullptr ? std::nullopt : std::optional{chip->architecture};
}

CoreImage image_of(const PanicText& panic, Architecture architecture) {
    CoreImage image;
    image.source = Source::PanicText;
    image.architecture = architecture;
    const Chip* const chip = find_chip(panic.chip);
    image.chip = chip != nullptr && chip->architecture == architecture ? chip : nullptr;
    image.chip_revision = panic.chip_revision;
    image.elf_sha256_prefix = panic.elf_sha256_prefix;
    image.panic_reason = panic.reason;
    image.checked_error = panic.checked_error;
    image.fault = fault_of(panic, architecture);
    MemoryText memory;
    for (const CoreText& part : panic.cores) {
        image.tasks.push_back(task_of(part, cpu_of(architecture), memory));
    }
    image.tasks.front().crashed = true;
    add_interrupt(panic.cores.front(), cpu_of(architecture), image);
    image.tasks.front().stack_bounds = panic.stack_bounds;
    const CoreText& first = panic.cores.front();
    memory.move_to(image, first.stack_is_unplaced ? first.stack : std::vector<std::uint32_t>{});
    for (const std::string& remark : panic.remarks) {
        image.remarks.push_back("The log says: " + remark);
    }
    if (panic.other_panics > 0) {
        image.remarks.push_back("The log holds " + std::to_string(panic.other_panics) +
                                (panic.other_panics == 1 ? " panic" : " panics") +
                                " before this one.");
    }
    return image;
}

}  // namespace coredepot::decoder
