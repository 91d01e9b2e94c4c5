#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "decoder/limits/deadline.hpp"
#include "decoder/report/frame.hpp"
#include "decoder/source/source_map.hpp"
#include "decoder/values/contents.hpp"
#include "decoder/values/value_text.hpp"
#include "decoder/variables/expression.hpp"
#include "decoder/variables/frame_context.hpp"

namespace coredepot::decoder {

/// The most text that the variables of one decode may make. A real decode makes about 10 KB.
/// Further variables are left out.
constexpr std::size_t kMaxVariableBytes = 512U << 10U;

/// Finds the parameters and local variables of functions, and their values in a frame.
class Variables {
  public:
    /// All must outlive this object.
    Variables(const KnownMemory& memory, CallSites& sites, const SymbolTable& symbols,
              const Deadline& deadline)
        : memory_{memory},
          deadline_{deadline},
          evaluator_{memory, sites, deadline},
          values_{memory, symbols, deadline} {}

    /// Sets `args` and `locals` of `frame`, whose code is `scope` and whose registers are in
    /// `context`.
    void describe(const Scope& scope, const FrameContext& context, Frame& frame);

  private:
    void collect(const Dwarf_Die& parent, const FrameContext& context, Frame& frame);
    void add_inherited(Dwarf_Die function, Frame& frame);
    bool add(std::vector<Variable>& list, Variable variable);
    std::optional<Variable> read(Dwarf_Die& die, const FrameContext& context);
    std::optional<Contents> value(Dwarf_Die& die, const Dwarf_Die& type,
                                  const FrameContext& context);
    std::string text(const Dwarf_Die& type, const Contents& contents) const;
    std::optional<Contents> entry_value(Dwarf_Die& die, const Dwarf_Die& type,
                                        const FrameContext& context);

    const KnownMemory& memory_;
    const Deadline& deadline_;
    ExpressionEvaluator evaluator_;
    ValueText values_;
    std::size_t bytes_left_ = kMaxVariableBytes;
};

}  // namespace coredepot::decoder
