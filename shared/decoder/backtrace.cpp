#include "decoder/backtrace.hpp"

#include <utility>

namespace coredepot::decoder {
namespace {

/// Makes the frame of a function that ended with a jump to `callee` and would have returned to
/// where `caller` waits. It had already restored what it saved, so it has its caller's registers.
PhysicalFrame tail_call_frame(std::uint32_t pc, const PhysicalFrame& callee,
                              const PhysicalFrame& caller) {
    PhysicalFrame frame;
    frame.pc = pc;
    frame.lookup = pc - 1;
    frame.sp = caller.sp;
    frame.guessed = caller.guessed;
    frame.tail_call = true;
    frame.registers = caller.registers;
    frame.cfa = callee.cfa;
    return frame;
}

}  // namespace

const Dwarf_Die* BacktraceBuilder::Level::function() const {
    const auto& scope = sources.back().scope;  // the outermost one: the physical function
    return scope ? &scope->die : nullptr;
}

std::vector<Frame> BacktraceBuilder::build(const Walk& walk) {
    std::vector<Level> levels = this->levels(walk);
    std::vector<FrameContext> contexts(levels.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
        contexts[i].frame = &levels[i].physical;
        const bool caller_is_next = i + 1 < levels.size() && levels[i + 1].folded == 0;
        contexts[i].caller = caller_is_next ? &contexts[i + 1] : nullptr;
        if (const auto* const function = levels[i].function()) {
            contexts[i].function = *function;
        }
    }
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        append(levels[i], contexts[i], frames);
    }
    return frames;
}

BacktraceBuilder::Level BacktraceBuilder::level(const PhysicalFrame& physical) {
    return {physical, sources_.frames_at(physical.pc, physical.lookup), 0};
}

std::vector<BacktraceBuilder::Level> BacktraceBuilder::levels(const Walk& walk) {
    std::vector<Level> levels;
    for (std::size_t i = 0; i < walk.frames.size(); ++i) {
        const PhysicalFrame& physical = walk.frames[i];
        if (levels.size() >= frames_left_) {
            break;
        }
        Level caller = level(physical);
        caller.folded = i == kInnermostFrames ? walk.folded : 0;
        const auto* const callee_function = levels.empty() ? nullptr : levels.back().function();
        const auto* const caller_function = caller.function();
        if (callee_function != nullptr && caller_function != nullptr && caller.folded == 0) {
            const PhysicalFrame callee = levels.back().physical;
            const auto way = tail_calls_.between(*callee_function, *caller_function, physical.pc);
            if (way.begins_in) {
                set_called_instead(levels.back(), *way.begins_in);
            }
            for (const std::uint32_t pc : way.calls) {
                levels.push_back(level(tail_call_frame(pc, callee, physical)));
            }
        }
        levels.push_back(std::move(caller));
    }
    return levels;
}

/// There may be several paths from the called function to the running one, or one that goes through
/// a pointer.
void BacktraceBuilder::set_called_instead(Level& callee, Dwarf_Die called) {
    Dwarf_Die running = *callee.function();
    Dwarf_Addr start = 0;
    Dwarf_Addr start_of_running = 0;
    if (dwarf_lowpc(&called, &start) != 0 || start > UINT32_MAX ||
        dwarf_lowpc(&running, &start_of_running) != 0 ||
        start == start_of_running) {  // the same function under another name
        return;
    }
    const auto address = static_cast<std::uint32_t>(start);
    const auto& sources = sources_.frames_at(address, address);
    callee.sources.back().frame.called_instead.push_back(sources.back().frame);
}

void BacktraceBuilder::append(Level& level, const FrameContext& context,
                              std::vector<Frame>& frames) {
    for (SourceFrame& source : level.sources) {
        if (frames_left_ == 0) {
            return;
        }
        --frames_left_;
        source.frame.folded = std::exchange(level.folded, 0);
        source.frame.guessed = level.physical.guessed;
        source.frame.tail_call = level.physical.tail_call;
        if (source.scope) {
            variables_.describe(*source.scope, context, source.frame);
        }
        frames.push_back(std::move(source.frame));
    }
}

}  // namespace coredepot::decoder
