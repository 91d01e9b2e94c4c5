#pragma once

#include <cstddef>
#include <vector>

#include "decoder/arch/unwind.hpp"
#include "decoder/elf/known_memory.hpp"
#include "decoder/index/prepared_elf.hpp"
#include "decoder/index/unit_finder.hpp"
#include "decoder/limits/deadline.hpp"
#include "decoder/report/frame.hpp"
#include "decoder/source/source_map.hpp"
#include "decoder/source/tail_calls.hpp"
#include "decoder/variables/frame_context.hpp"
#include "decoder/variables/variables.hpp"

namespace coredepot::decoder {

/// The most frames of all backtraces together. Thirty tasks have about three hundred. A hostile
/// dump may have a thousand tasks that share one runaway stack.
constexpr std::size_t kMaxAllFrames = 16'384;

/// Turns the frames on a stack into frames of the source, with functions and lines, inlined calls,
/// tail calls, arguments and local variables.
class BacktraceBuilder {
  public:
    /// All must outlive the builder.
    BacktraceBuilder(const Memory& dump, const PreparedElf& elf, UnitFinder& units,
                     const Deadline& deadline)
        : memory_{dump, elf.elf()},
          sources_{elf, units, deadline},
          sites_{deadline},
          variables_{memory_, sites_, elf.symbols(), deadline},
          tail_calls_{sources_, sites_, elf.symbols(), deadline} {}

    /// The frames of `walk`, innermost first. Leaves frames out once is_full().
    std::vector<Frame> build(const Walk& walk);

    /// Whether frames were left out because all backtraces together have more than kMaxAllFrames.
    bool is_full() const { return frames_left_ == 0; }

  private:
    /// A frame on the stack, and what the debug information says about its code.
    struct Level {
        PhysicalFrame physical;
        std::vector<SourceFrame> sources;
        std::size_t folded = 0;  ///< frames that were left out before it

        /// Null when it has no debug information.
        const Dwarf_Die* function() const;
    };

    Level level(const PhysicalFrame& physical);
    std::vector<Level> levels(const Walk& walk);
    void set_called_instead(Level& callee, Dwarf_Die called);
    void append(Level& level, const FrameContext& context, std::vector<Frame>& frames);

    KnownMemory memory_;
    SourceMap sources_;
    CallSites sites_;
    Variables variables_;
    TailCalls tail_calls_;
    std::size_t frames_left_ = kMaxAllFrames;
};

}  // namespace coredepot::decoder
