#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "decoder/arch/riscv/code_flow.hpp"
#include "decoder/dwarf/frame_rules.hpp"
#include "decoder/elf/application_elf.hpp"
#include "decoder/elf/symbol_table.hpp"

namespace coredepot::decoder {

/// The function that `address` is in: where it begins comes first, then where the compiler put what
/// seldom runs. Where no symbol tells, the code around `address` that no symbol claims.
std::vector<CodeRange> parts_of_function(std::uint32_t address, const SymbolTable& symbols);

/// What call frame information would say, where there is none: read off the code of the function.
class CodeRules {
  public:
    /// Both must outlive this object.
    CodeRules(const ApplicationElf& elf, const SymbolTable& symbols)
        : elf_{elf}, symbols_{symbols} {}

    /// The rules for the instruction that `lookup` is in. `innermost`: it is yet to run; otherwise
    /// it is a call that has not returned. A register whose place is not known has the rule
    /// Unsupported, also the return address. Empty: the code does not tell where the frame is.
    std::optional<FrameRules> find(std::uint32_t lookup, bool innermost);

  private:
    std::optional<FrameRules> read(std::uint32_t lookup, bool innermost) const;

    const ApplicationElf& elf_;
    const SymbolTable& symbols_;
    /// Recursion asks for the same again and again.
    std::map<std::pair<std::uint32_t, bool>, std::optional<FrameRules>> known_;
};

}  // namespace coredepot::decoder
