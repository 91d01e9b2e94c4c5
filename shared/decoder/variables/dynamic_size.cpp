#include "decoder/variables/dynamic_size.hpp"

#include <cstdint>

#include <dwarf.h>

#include "decoder/dwarf/type.hpp"

namespace coredepot::decoder {
namespace {

/// Such arrays are on a task's stack, which has some kilobytes. More cannot be a length.
constexpr std::uint64_t kMaxArrayBytes = 1U << 20U;

/// A bound: a number, an expression, or the variable in which the compiler keeps it.
std::optional<std::uint32_t> bound(Dwarf_Die& dimension, unsigned name,
                                   ExpressionEvaluator& evaluator, const FrameContext& context) {
    if (const auto number = number_attribute(dimension, name)) {
        return static_cast<std::uint32_t>(*number);
    }
    Dwarf_Attribute attribute;
    if (dwarf_attr(&dimension, name, &attribute) == nullptr) {
        return std::nullopt;
    }
    Dwarf_Die variable;
    if (dwarf_formref_die(&attribute, &variable) == nullptr) {
        return evaluator.number(attribute, context);
    }
    Dwarf_Attribute location;
    const auto size = type_of(variable) ? type_size(*type_of(variable)) : std::nullopt;
    if (size != sizeof(std::uint32_t) ||
        dwarf_attr_integrate(&variable, DW_AT_location, &location) == nullptr) {
        return std::nullopt;
    }
    const auto places = evaluator.locate(location, context.frame->lookup, context);
    const Contents contents = evaluator.read(places, *size, context);
    return contents.gap(0, *size) == Gap::None ? std::optional{load_u32(contents.bytes)}
                                               : std::nullopt;
}

}  // namespace

std::optional<std::size_t> dynamic_size(const Dwarf_Die& type, ExpressionEvaluator& evaluator,
                                        const FrameContext& context) {
    auto array = plain_type(type);
    if (!array || dwarf_tag(&*array) != DW_TAG_array_type) {
        return std::nullopt;
    }
    const auto element = type_of(*array);
    const auto element_bytes = element ? type_size(*element) : std::nullopt;
    Dwarf_Die dimension;
    if (!element_bytes || dwarf_child(&*array, &dimension) != 0) {
        return std::nullopt;
    }
    std::uint64_t bytes = *element_bytes;
    for (int i = 0; i < kMaxTypeNesting; ++i) {
        const auto count = bound(dimension, DW_AT_count, evaluator, context);
        const auto last = bound(dimension, DW_AT_upper_bound, evaluator, context);
        if (dwarf_tag(&dimension) != DW_TAG_subrange_type || (!count && !last)) {
            return std::nullopt;
        }
        bytes *= count ? *count : *last + 1;  // an empty array's last index is -1
        if (bytes > kMaxArrayBytes) {
            return std::nullopt;
        }
        if (dwarf_siblingof(&dimension, &dimension) != 0) {
            return static_cast<std::size_t>(bytes);
        }
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
