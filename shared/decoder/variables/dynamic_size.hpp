#pragma once

#include <cstddef>
#include <optional>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/variables/expression.hpp"
#include "decoder/variables/frame_context.hpp"

namespace coredepot::decoder {

/// The size in bytes of an array whose length the function has calculated (C's variable length
/// arrays), in the frame of `context`. Empty when `type` is not an array or its length is unknown.
std::optional<std::size_t> dynamic_size(const Dwarf_Die& type, ExpressionEvaluator& evaluator,
                                        const FrameContext& context);

}  // namespace coredepot::decoder
