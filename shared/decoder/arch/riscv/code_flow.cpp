#include "decoder/arch/riscv/code_flow.hpp"

#include <algorithm>
#include <utility>

#include "decoder/arch/riscv/registers.hpp"

namespace coredepot::decoder {
namespace {

using Op = Instruction::Kind;

/// No function is longer than this, but hostile ones may claim to be.
constexpr std::uint32_t kMaxFunctionBytes = 1U << 16U;

/// Real code takes three rounds, because a register that is unknown stays unknown.
constexpr std::size_t kMaxRounds = 16;
constexpr std::size_t kMaxSteps = 200'000;
/// The cost of a jump, in instructions: it compares all registers.
constexpr std::size_t kStepsOfJump = 8;

/// The longest of these, `__riscv_save_12`, has 17.
constexpr int kMaxMillicode = 32;

bool ends_block(Op kind) {
    switch (kind) {
        case Op::Branch:
        case Op::Jump:
        case Op::JumpRegister:
        case Op::PopReturn:
        case Op::Trap:
            return true;
        default:
            return false;
    }
}

bool is_call(Op kind) {
    return kind == Op::Call || kind == Op::CallRegister;
}

/// Functions with a frame begin like this.
bool makes_room(const Instruction& instruction) {
    const bool lowers = instruction.kind == Op::Add && instruction.destination == kRiscvStack &&
                        instruction.source == kRiscvStack &&
                        static_cast<std::int32_t>(instruction.immediate) < 0;
    const bool saves = is_call(instruction.kind) && instruction.destination == kMillicodeLink;
    return lowers || saves || instruction.kind == Op::Push;
}

}  // namespace

CodeFlow::CodeFlow(const std::vector<CodeRange>& parts, const Memory& code) : code_{code} {
    for (const CodeRange& part : parts) {
        decode(part);
    }
    std::ranges::sort(steps_, {}, &Step::address);
    divide();
    steps_left_ = std::min(kMaxSteps, (steps_.size() + kStepsOfJump * blocks_.size()) * kMaxRounds);
    if (!parts.empty()) {
        arrive(parts.front().start, RegisterValues{}, false);
    }
}

std::optional<RegisterValues> CodeFlow::before(std::uint32_t address) {
    const auto index = block_over(address);
    if (!index || !solve()) {
        return std::nullopt;
    }
    for (std::size_t other = 0; !blocks_[*index].before; ++other) {
        if (!blocks_[other].before) {
            seed(other);
            if (!solve()) {
                return std::nullopt;
            }
        }
    }
    RegisterValues values = *blocks_[*index].before;
    for (std::size_t i = blocks_[*index].first; i < blocks_[*index].end; ++i) {
        if (address - steps_[i].address < steps_[i].instruction.size) {
            return values;
        }
        run_step(steps_[i], values);
    }
    return std::nullopt;
}

void CodeFlow::decode(CodeRange part) {
    const auto code = code_.from(part.start);
    const auto size =
        std::min<std::size_t>({code.size(), kMaxFunctionBytes, part.end - part.start});
    for (std::size_t offset = 0; offset < size;) {
        const auto address = part.start + static_cast<std::uint32_t>(offset);
        const auto instruction = decode_instruction(code.subspan(offset), address);
        if (!instruction) {
            return;
        }
        steps_.push_back({address, *instruction});
        offset += instruction->size;
    }
}

/// Divides the code into runs of instructions that no jump enters or leaves in the middle.
void CodeFlow::divide() {
    std::vector<std::uint32_t> leaders;
    for (const Step& step : steps_) {
        const Op kind = step.instruction.kind;
        if (kind == Op::Branch || kind == Op::Jump) {
            leaders.push_back(step.instruction.immediate);
        }
        if (ends_block(kind)) {
            leaders.push_back(step.address + step.instruction.size);
        }
    }
    std::ranges::sort(leaders);
    std::uint32_t expected = 0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        const std::uint32_t address = steps_[i].address;
        if (i == 0 || address != expected || std::ranges::binary_search(leaders, address)) {
            blocks_.push_back({i, i});
        }
        ++blocks_.back().end;
        expected = address + steps_[i].instruction.size;
    }
}

/// The block that contains `address`.
std::optional<std::size_t> CodeFlow::block_over(std::uint32_t address) const {
    const auto after = std::ranges::upper_bound(
        blocks_, address, {}, [this](const Block& block) { return steps_[block.first].address; });
    if (after == blocks_.begin()) {
        return std::nullopt;
    }
    const auto& last = steps_[std::prev(after)->end - 1];
    return address - last.address < last.instruction.size || address < last.address
               ? std::optional{static_cast<std::size_t>(after - blocks_.begin()) - 1}
               : std::nullopt;
}

/// The block that starts at `address`.
std::optional<std::size_t> CodeFlow::block_at(std::uint32_t address) const {
    const auto index = block_over(address);
    return index && steps_[blocks_[*index].first].address == address ? index : std::nullopt;
}

/// Repeats until nothing changes. False when that takes too long.
bool CodeFlow::solve() {
    while (!queue_.empty()) {
        const std::size_t block = queue_.back();
        queue_.pop_back();
        blocks_[block].queued = false;
        const std::size_t size = blocks_[block].end - blocks_[block].first + kStepsOfJump;
        if (steps_left_ < size) {
            return false;
        }
        steps_left_ -= size;
        run(block);
    }
    return true;
}

void CodeFlow::run(std::size_t block) {
    RegisterValues values = *blocks_[block].before;
    for (std::size_t i = blocks_[block].first; i < blocks_[block].end; ++i) {
        run_step(steps_[i], values);
    }
    leave(steps_[blocks_[block].end - 1], values);
}

void CodeFlow::leave(const Step& last, const RegisterValues& values) {
    const Instruction& instruction = last.instruction;
    const std::uint32_t next = last.address + instruction.size;
    switch (instruction.kind) {
        case Op::Branch:
            arrive(instruction.immediate, values, false);
            arrive(next, values, false);
            return;
        case Op::Jump:
            arrive(instruction.immediate, values, false);
            return;
        case Op::PopReturn:
            return;
        case Op::JumpRegister: {
            const EntryValue target = values[instruction.source];
            if (target.base == 0) {
                arrive(target.offset + instruction.immediate, values, false);
            } else if (target.base != kRiscvReturn) {
                jump_by_table(values);
            }
            return;
        }
        default:
            arrive(next, values, is_call(instruction.kind) || instruction.kind == Op::Trap);
    }
}

/// Or it is a call through a pointer at the end of the function. Then the function has no frame any
/// more; if another jump has a frame, that is the one with the table.
void CodeFlow::jump_by_table(const RegisterValues& values) {
    const auto has_frame = [](const RegisterValues& at) {
        return at[kRiscvStack] != EntryValue{kRiscvStack, 0};
    };
    if (!at_jump_by_table_ || (has_frame(values) && !has_frame(*at_jump_by_table_))) {
        at_jump_by_table_ = values;
    } else if (has_frame(values) == has_frame(*at_jump_by_table_)) {
        at_jump_by_table_->meet(values);
    }
}

void CodeFlow::run_step(const Step& step, RegisterValues& values) const {
    const bool millicode = is_call(step.instruction.kind) &&
                           step.instruction.destination == kMillicodeLink &&
                           run_millicode(step, values);
    if (!millicode) {
        values.run(step.instruction);
    }
}

/// libgcc's `__riscv_save_N` saves registers for functions compiled with `-msave-restore`. It uses
/// their stack, so their frames begin there.
bool CodeFlow::run_millicode(const Step& call, RegisterValues& values) const {
    const Instruction& instruction = call.instruction;
    std::uint32_t address = instruction.immediate;
    if (instruction.kind == Op::CallRegister) {
        const EntryValue target = values[instruction.source];
        if (target.base != 0) {
            return false;
        }
        address += target.offset;
    }
    RegisterValues after = values;
    after.set(kMillicodeLink, {0, call.address + instruction.size});
    for (int i = 0; i < kMaxMillicode; ++i) {
        const auto step = decode_instruction(code_.from(address), address);
        if (!step || is_call(step->kind) ||
            (ends_block(step->kind) && step->kind != Op::Jump && step->kind != Op::JumpRegister)) {
            return false;
        }
        if (step->kind == Op::JumpRegister) {
            const bool returns = step->source == kMillicodeLink && after[kMillicodeLink].base == 0;
            if (returns) {
                values = std::move(after);
            }
            return returns;
        }
        after.run(*step);
        address = step->kind == Op::Jump ? step->immediate : address + step->size;
    }
    return false;
}

void CodeFlow::arrive(std::uint32_t address, const RegisterValues& values, bool weak) {
    const auto index = block_at(address);
    if (!index) {
        return;  // a call of another function, which does not return here
    }
    Block& block = blocks_[*index];
    bool changed = false;
    if (!block.before) {
        block.before = values;
        block.weak = weak;
        changed = true;
    } else {
        // On all paths to an instruction the stack pointer must be the same; otherwise the path is
        // not real.
        const EntryValue ours = (*block.before)[kRiscvStack];
        const EntryValue theirs = values[kRiscvStack];
        const bool disagree =
            ours.base == kRiscvStack && theirs.base == kRiscvStack && ours.offset != theirs.offset;
        if (disagree && weak) {
            return;
        }
        if (disagree && block.weak) {
            block.before = values;
            changed = true;
        } else {
            changed = block.before->meet(values);
        }
        block.weak = block.weak && weak;
    }
    if (changed && !block.queued) {
        block.queued = true;
        queue_.push_back(*index);
    }
}

void CodeFlow::seed(std::size_t block) {
    const Step& first = steps_[blocks_[block].first];
    if (makes_room(first.instruction)) {
        at_jump_by_table_.reset();  // it belonged to the previous function
    }
    arrive(first.address, at_jump_by_table_.value_or(RegisterValues{}), false);
}

}  // namespace coredepot::decoder
