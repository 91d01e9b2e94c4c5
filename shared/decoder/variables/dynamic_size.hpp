#pragma once

#include <cstddef>
#include <optional>

#include "decoder/elf/elf_handles.hpp"
#include "decoder/variables/expression.hpp"
#include "decoder/variables/frame_context.hpp"

namespace coredepot::decoder {

/// Bytes of an array whose length the function has calculated (C's variable length arrays), in the
/// frame of `context`. Empty: `type` is no array, or its length is not known there.
std::optional<std::size_t> dynamic_size(const Dwarf_Die& type, ExpressionEvaluator& evaluator,
                                        const FrameContext& context);

}  // namespace coredepot::decoder
