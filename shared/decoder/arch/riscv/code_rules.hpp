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

/// The parts of the function that contains `address`: first its start, then the parts into which
/// the compiler put code that rarely runs. Without a symbol: the code around `address` that no
/// symbol covers.
std::vector<CodeRange> parts_of_function(std::uint32_t address, const SymbolTable& symbols);

/// Call frame rules from a function's code, for functions without call frame information.
class CodeRules {
  public:
    /// Both must outlive this object.
    CodeRules(const ApplicationElf& elf, const SymbolTable& symbols)
        : elf_{elf}, symbols_{symbols} {}

    /// The rules for the instruction that contains `lookup`. With `innermost` it has not run yet;
    /// otherwise it is a call that has not returned. A register in an unknown place gets the rule
    /// Unsupported, even the return address. Empty when the code does not tell where the frame is.
    std::optional<FrameRules> find(std::uint32_t lookup, bool innermost);

  private:
    std::optional<FrameRules> read(std::uint32_t lookup, bool innermost) const;

    const ApplicationElf& elf_;
    const SymbolTable& symbols_;
    /// Recursion asks for the same rules again and again.
    std::map<std::pair<std::uint32_t, bool>, std::optional<FrameRules>> known_;
};

}  // namespace coredepot::decoder
