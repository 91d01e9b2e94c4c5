#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/dwarf/call_site.hpp"
#include "decoder/elf/known_memory.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/variables/frame_context.hpp"

namespace coredepot::decoder {

/// Where a variable, or a piece of it, is.
struct Place {
    enum class Kind { Memory, Register, Value, Bytes, Nowhere };

    Kind kind = Kind::Nowhere;
    std::uint64_t value = 0;  ///< address, register number or the value itself
    /// For Bytes, a constant in the debug information. For Nowhere, what a synthetic pointer points
    /// to.
    std::span<const std::byte> bytes;
    Gap gap = Gap::OptimizedOut;  ///< for Nowhere, the reason
    /// How many of the variable's bits are here; empty for all of them.
    std::optional<std::size_t> bits;
    std::size_t first_bit = 0;  ///< where it begins, counted from the lowest bit of its first byte

    /// Whether it consists of whole bytes.
    bool is_bytes() const { return first_bit == 0 && bits.value_or(0) % kBitsPerByte == 0; }
};

/// Evaluates DWARF expressions (DWARF 5, section 2.5) in the frames of a core dump. The expressions
/// of a hostile ELF may loop or refer to each other in circles, so the number of steps is limited.
class ExpressionEvaluator {
  public:
    /// All must outlive the evaluator.
    ExpressionEvaluator(const KnownMemory& memory, CallSites& sites, const Deadline& deadline)
        : memory_{memory}, sites_{sites}, deadline_{deadline} {}

    /// Where a variable is. `attribute` is its DW_AT_location or a similar attribute. In a location
    /// list, the entry for `address` counts.
    std::vector<Place> locate(Dwarf_Attribute& attribute, std::uint32_t address,
                              const FrameContext& context);

    /// Reads `size` bytes at `places`.
    Contents read(std::span<const Place> places, std::size_t size,
                  const FrameContext& context) const;

    /// What register `number` held when the function of `context` was called, according to the
    /// caller's debug information. Empty if that does not say.
    std::optional<std::uint32_t> entry_register(std::size_t number, const FrameContext& context);

    /// What the caller would have passed for `parameter`, which the compiler removed. Empty if the
    /// caller's debug information does not say.
    std::optional<std::uint32_t> removed_parameter(const Dwarf_Die& parameter,
                                                   const FrameContext& context);

    /// The number that an attribute such as DW_AT_call_value evaluates to in `context`.
    std::optional<std::uint32_t> number(Dwarf_Attribute& attribute, const FrameContext& context);

  private:
    friend class ExpressionMachine;

    void read_bytes(const Place& place, std::size_t want, const FrameContext& context,
                    Contents& contents) const;
    Contents read_bits(std::span<const Place> places, std::size_t size,
                       const FrameContext& context) const;

    std::vector<Place> run(std::span<const Dwarf_Op> program, Dwarf_Attribute& attribute,
                           const FrameContext& context);
    std::optional<std::uint32_t> find_entry_register(std::size_t number,
                                                     const FrameContext& context);
    const std::optional<CallSite>& call_of(const FrameContext& context);
    std::optional<CallSite> find_call(const FrameContext& context);
    bool calls(const CallSite& site, const FrameContext& caller, Dwarf_Die function);
    std::optional<std::uint32_t> frame_base(const FrameContext& context);

    const KnownMemory& memory_;
    CallSites& sites_;
    const Deadline& deadline_;
    int depth_ = 0;  // how deeply expressions refer to others
};

}  // namespace coredepot::decoder
