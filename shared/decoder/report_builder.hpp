#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "decoder/arch/cpu.hpp"
#include "decoder/arch/stack_unwinder.hpp"
#include "decoder/arch/unwind.hpp"
#include "decoder/backtrace.hpp"
#include "decoder/dump/core_image.hpp"
#include "decoder/dwarf/tcb_layout.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/elf_handles.hpp"
#include "decoder/elf/symbol_table.hpp"
#include "decoder/index/prepared_elf.hpp"
#include "decoder/index/unit_finder.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/report/report.hpp"

namespace coredepot::decoder {

/// Combines a core dump and its application ELF: names, priorities and stacks of the tasks, and the
/// backtrace of each.
class ReportBuilder {
  public:
    /// All must outlive the builder.
    ReportBuilder(const CoreImage& image, const PreparedElf& elf, const Deadline& deadline);

    /// Builds everything except the verification of the ELF, which is up to the caller.
    Report build();

  private:
    Task describe(const TaskImage& image);
    void describe_printed(const TaskImage& image, Task& task);
    void describe_interrupted(const TaskImage& image, Task& task);
    std::string reason_of_abort(const Task* crashed) const;
    bool is_believable(const TaskImage& image) const;
    void describe_control_block(const TaskImage& image, Task& task) const;
    void describe_stack(const TaskImage& image, Task& task) const;
    std::vector<Register> describe_registers(const CpuState& cpu) const;
    std::optional<std::uint32_t> stack_pointer(const CpuState& cpu) const;
    bool has_fake_stack(const CpuState& cpu) const;
    Walk unwind(const CpuState& cpu);

    const CoreImage& image_;
    const Cpu& cpu_;
    const ApplicationElf& elf_;
    const SymbolTable& symbols_;
    const Deadline& deadline_;
    DwarfHandle dwarf_;  // null: the ELF has no debug information
    UnitFinder units_;
    BacktraceBuilder backtraces_;
    std::unique_ptr<StackUnwinder> unwinder_;
    TcbLayout layout_;
    std::size_t depth_left_ = kMaxAllDepth;
};

}  // namespace coredepot::decoder
