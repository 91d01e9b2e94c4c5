// What is read off the code of functions is what call frame information says of them, where there
// is some. So it can be trusted where there is none.

#include "decoder/arch/riscv/code_rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decoder/arch/riscv/calling_convention.hpp"
#include "decoder/arch/riscv/code_flow.hpp"
#include "decoder/arch/riscv/instruction.hpp"
#include "decoder/arch/riscv/registers.hpp"
#include "decoder/bytes/hex.hpp"
#include "decoder/dwarf/frame_table.hpp"
#include "decoder/support/dump_builder.hpp"
#include "decoder/support/samples.hpp"

namespace coredepot::decoder {
namespace {

using Kind = RegisterRule::Kind;

constexpr std::uint32_t kRa = kRiscvReturn;
constexpr std::uint32_t kTp = 4;
constexpr std::uint32_t kS0 = 8;
constexpr std::uint32_t kS1 = 9;

/// Whether what the code does bears out the rule for the register `number`.
bool is_true(const RegisterRule& rule, std::uint32_t number, const RegisterValues& values) {
    const EntryValue wanted{static_cast<std::uint8_t>(number), 0};
    switch (rule.kind) {
        case Kind::SameValue:
            return values[number] == wanted;
        case Kind::SavedAt:
            return values.place_of(number) == rule.value;
        case Kind::InRegister:
            return values[static_cast<std::uint32_t>(rule.value)] == wanted;
        case Kind::Undefined:  // where a task begins
            return true;
        default:
            return false;
    }
}

/// What the code does not bear out; empty: it does all.
std::string difference(const FrameRules& rules, const RegisterValues& values) {
    const EntryValue cfa{kRiscvStack, 0 - static_cast<std::uint32_t>(rules.cfa_offset)};
    if (values[rules.cfa_register.value_or(0)] != cfa) {
        return "the frame";
    }
    for (std::uint32_t number = 1; number < kFrameRules; ++number) {
        const bool unwound = number == kRa || (number > kTp && survives_call(number));
        if (unwound && !is_true(rules.registers[number], number, values)) {
            return "register " + std::to_string(number);
        }
    }
    return {};
}

TEST(CodeRules, AreWhatCallFrameInformationSays) {
    const Deadline deadline;
    const ApplicationElf elf{test::crash_dir() / "thermostat.elf", deadline};
    const SymbolTable symbols{elf, deadline};
    const FrameTable table{elf.section(".debug_frame"), FrameTable::Format::DebugFrame};
    const Segment text = elf.section(".text");
    int compared = 0;
    for (std::uint32_t offset = 0; offset < text.bytes.size();) {
        const std::uint32_t address = text.start + offset;
        const auto instruction = decode_instruction(text.bytes.subspan(offset), address);
        ASSERT_TRUE(instruction) << hex_address(address);
        offset += instruction->size;
        if (const auto match = table.find(address)) {
            ++compared;
            const auto values =
                CodeFlow{parts_of_function(address, symbols), elf.code()}.before(address);
            ASSERT_TRUE(values) << hex_address(address);
            EXPECT_EQ(difference(match->rules, *values), "")
                << hex_address(address) << ' ' << symbols.describe(address);
        }
    }
    EXPECT_GT(compared, 2000);
}

// --- Machine code from `riscv64-unknown-elf-as -march=rv32ic`.

constexpr std::uint32_t kCode = 0x42001000;

/// The rules at `offset` of a function called `run`, whose code are these 16-bit halves, longer
/// instructions low half first.
std::optional<FrameRules> rules_at(std::uint32_t offset, const std::vector<std::uint16_t>& halves,
                                   bool innermost = true) {
    test::Writer code;
    for (const std::uint16_t half : halves) {
        code.u16(half);
    }
    const auto size = static_cast<std::uint32_t>(code.size());
    const test::TemporaryFile file{
        test::application(kMachineRiscV, kCode, code.content(), {{"run", kCode, size, false}})};
    const Deadline deadline;
    const ApplicationElf elf{file.path(), deadline};
    const SymbolTable symbols{elf, deadline};
    return CodeRules{elf, symbols}.find(kCode + offset, innermost);
}

/// `sp+32 ra@-4`: where the frame ends, and where a register is.
std::string text(const std::optional<FrameRules>& rules, std::uint32_t number) {
    if (!rules) {
        return "unknown";
    }
    const RegisterRule& rule = rules->registers[number];
    const std::string frame = 'x' + std::to_string(rules->cfa_register.value_or(0)) + '+' +
                              std::to_string(rules->cfa_offset) + ' ';
    switch (rule.kind) {
        case Kind::SameValue:
            return frame + "same";
        case Kind::SavedAt:
            return frame + '@' + std::to_string(rule.value);
        case Kind::InRegister:
            return frame + 'x' + std::to_string(rule.value);
        default:
            return frame + "lost";
    }
}

TEST(CodeRules, OfASmallFunction) {
    // addi sp,-32; sw ra,28(sp); sw s0,24(sp); mv s0,a0; nop
    const std::vector<std::uint16_t> code = {0x1101, 0xCE06, 0xCC22, 0x842A, 0x0001};
    EXPECT_EQ(text(rules_at(0, code), kRa), "x2+0 same");
    EXPECT_EQ(text(rules_at(2, code), kRa), "x2+32 same");
    EXPECT_EQ(text(rules_at(8, code), kS0), "x2+32 @-8");
    EXPECT_EQ(text(rules_at(8, code), kS1), "x2+32 same");
}

/// sw, uncompressed, into a frame that takes two steps.
TEST(CodeRules, OfALargeFunction) {
    // c.addi16sp sp,-64; sw ra,60(sp); addi sp,sp,-2048; nop
    const std::vector<std::uint16_t> code = {0x7139, 0x2E23, 0x0211, 0x0113, 0x8001, 0x0001};
    EXPECT_EQ(text(rules_at(10, code), kRa), "x2+2112 @-4");
}

TEST(CodeRules, OfAFloatThatIsSaved) {
    constexpr std::uint32_t kFs0 = 40;
    // addi sp,-16; fsw fs0,12(sp); fmv.w.x fs0,zero; nop
    const std::vector<std::uint16_t> code = {0x1141, 0x2627, 0x0081, 0x0453, 0xF000, 0x0001};
    EXPECT_EQ(text(rules_at(2, code), kFs0), "x2+16 same");
    EXPECT_EQ(text(rules_at(10, code), kFs0), "x2+16 @-4");
    const std::vector<std::uint16_t> lost = {0x0453, 0xF000, 0x0001};
    EXPECT_EQ(text(rules_at(4, lost), kFs0), "x2+0 lost");
}

/// cm.push {ra, s0-s1}, -32: the encoding is the Zc specification's, as Debian's assembler knows
/// none.
TEST(CodeRules, OfAPush) {
    const std::vector<std::uint16_t> code = {0xB866, 0x1141, 0x0001};  // cm.push; addi sp,-16; nop
    EXPECT_EQ(text(rules_at(4, code), kRa), "x2+48 @-12");
    EXPECT_EQ(text(rules_at(4, code), kS0), "x2+48 @-8");
    EXPECT_EQ(text(rules_at(4, code), kS1), "x2+48 @-4");
    const std::vector<std::uint16_t> all = {0xB8F2, 0x0001};  // cm.push {ra, s0-s11}, -64; nop
    EXPECT_EQ(text(rules_at(2, all), kRa), "x2+64 @-52");
    EXPECT_EQ(text(rules_at(2, all), 27), "x2+64 @-4");
    const std::vector<std::uint16_t> popped = {0xB866, 0xBA66, 0x0001};  // cm.pop; nop
    EXPECT_EQ(text(rules_at(4, popped), kRa), "x2+0 same");
}

/// cm.popret in the middle: what follows still has the frame, and what cm.mvsa01 puts into saved
/// registers is nobody's.
TEST(CodeRules, OfAnEarlyReturnWithAPop) {
    // cm.push {ra, s0-s1}, -32; cm.mvsa01 s0,s1; beqz a0,.+4; cm.popret {ra, s0-s1}, 32; nop
    const std::vector<std::uint16_t> code = {0xB866, 0xAC26, 0xC111, 0xBE66, 0x0001};
    for (const std::uint32_t offset : {4U, 6U, 8U}) {
        EXPECT_EQ(text(rules_at(offset, code), kRa), "x2+32 @-12") << offset;
        EXPECT_EQ(text(rules_at(offset, code), kS0), "x2+32 @-8") << offset;
    }
}

/// The epilogue of the way out in the middle was not run on the way to what follows.
TEST(CodeRules, OfAnEarlyReturn) {
    // addi sp,-16; sw ra,12(sp); beqz a0,.+8; lw ra,12(sp); addi sp,16; ret; nop
    const std::vector<std::uint16_t> code = {0x1141, 0xC606, 0xC501, 0x40B2,
                                             0x0141, 0x8082, 0x0001};
    EXPECT_EQ(text(rules_at(12, code), kRa), "x2+16 @-4");
    EXPECT_EQ(text(rules_at(10, code), kRa), "x2+0 same");
}

/// What a function has changed and saved nowhere is nobody's.
TEST(CodeRules, OfARegisterThatIsNotSaved) {
    const std::vector<std::uint16_t> code = {0x4405, 0x0001};  // li s0,1; nop
    EXPECT_EQ(text(rules_at(2, code), kS0), "x2+0 lost");
}

/// A call has overwritten ra, and what was kept in t1.
TEST(CodeRules, OfACall) {
    const std::vector<std::uint16_t> code = {0x8306, 0x9782, 0x0001};  // mv t1,ra; jalr a5; nop
    EXPECT_EQ(text(rules_at(2, code), kRa), "x2+0 same");
    EXPECT_EQ(text(rules_at(2, code, false), kRa), "x2+0 lost");
    EXPECT_EQ(text(rules_at(4, code), kRa), "x2+0 lost");
}

/// Only s0 tells where the frame is.
TEST(CodeRules, OfAFrameOfUnknownSize) {
    // addi sp,-16; sw s0,8(sp); addi s0,sp,16; sub sp,sp,a0; nop
    const std::vector<std::uint16_t> code = {0x1141, 0xC422, 0x0800, 0x0133, 0x40A1, 0x0001};
    EXPECT_EQ(text(rules_at(10, code), kS0), "x8+0 @-8");
    const std::vector<std::uint16_t> without = {0x0133, 0x40A1, 0x0001};  // sub sp,sp,a0; nop
    EXPECT_EQ(text(rules_at(4, without), kRa), "unknown");
}

}  // namespace
}  // namespace coredepot::decoder
