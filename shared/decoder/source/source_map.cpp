#include "decoder/source/source_map.hpp"

#include <algorithm>
#include <optional>

#include <dwarf.h>

#include "decoder/dwarf/function_name.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/walk.hpp"
#include "decoder/elf/demangle.hpp"

namespace coredepot::decoder {
namespace {

/// Blocks nest as deeply as in the source, plus inlining. Real ones stay below 30.
constexpr std::size_t kMaxScopeDepth = 128;

}  // namespace

const std::vector<SourceFrame>& SourceMap::frames_at(std::uint32_t pc, std::uint32_t lookup) {
    deadline_.check();
    const auto [entry, is_new] = frames_.try_emplace({pc, lookup});
    if (is_new) entry->second = find_frames(pc, lookup);
    return entry->second;
}

std::vector<SourceFrame> SourceMap::find_frames(std::uint32_t pc, std::uint32_t lookup) {
    Frame frame;
    frame.pc = pc;
    Dwarf_Die* const unit = units_.find(lookup);
    auto scopes = unit == nullptr ? std::vector<Scope>{} : scopes_at(unit, lookup);
    if (const auto place = unit == nullptr ? std::nullopt : lines_.at(unit, lookup)) {
        frame.file = place->file;
        frame.line = place->line;
    }
    const auto name_of_symbol = [&] {
        const auto symbol = symbols_.find(lookup);
        return symbol ? readable_name(symbol->name) : std::string{};
    };
    // This is assembler code, a blob without debug information, or mask ROM.
    if (unit == nullptr || scopes.empty()) {
        frame.function = name_of_symbol();
        return {{frame, std::nullopt}};
    }
    // Go from the innermost scope outwards; the last one is the physical function.
    std::vector<SourceFrame> frames;
    for (std::size_t i = scopes.size(); i-- > 0;) {
        frame.function = function_name(&scopes[i].die);
        frame.local = is_local_function(&scopes[i].die);
        frame.within = enclosing(scopes[i].die);
        frame.inlined = i != 0;
        // The linker compiled this (-flto) from a source without debug information.
        if (frame.function.empty()) {
            if (frame.inlined) continue;  // as gdb does
            frame.function = name_of_symbol();
            frame.local = false;  // the symbol does not say
        }
        frame.twins = frame.inlined ? std::vector<std::string>{} : twins_of(scopes[i].die, frame);
        frames.push_back({frame, scopes[i]});
        if (frame.inlined) {
            set_call_site(frame, unit, scopes[i].die);
        }
    }
    return frames;
}

/// Sets the place of the call that the compiler replaced with the body `inlined`.
void SourceMap::set_call_site(Frame& frame, Dwarf_Die* unit, Dwarf_Die inlined) {
    const auto line = number_attribute(inlined, DW_AT_call_line);
    const auto file = number_attribute(inlined, DW_AT_call_file);
    frame.line = line && *line <= INT32_MAX ? static_cast<int>(*line) : 0;
    frame.file = file ? lines_.file(unit, *file) : "";
}

/// The functions that enclose `function`. Needs no walk over the unit if there are none.
std::string SourceMap::enclosing(const Dwarf_Die& function) const {
    return functions_.is_outermost(declaration_of(function)) ? "" : enclosing_functions(function);
}

/// The other functions at the same address. A class's constructors have the same name as each
/// other, and so do the copies of a function; those are left out.
std::vector<std::string> SourceMap::twins_of(Dwarf_Die function, const Frame& frame) const {
    Dwarf_Addr start = 0;
    std::vector<std::string> twins;
    if (!frame.within.empty() || dwarf_lowpc(&function, &start) != 0 || start > UINT32_MAX) {
        return twins;
    }
    for (const auto name : symbols_.names_at(static_cast<std::uint32_t>(start))) {
        auto readable = readable_name(name);
        // A function that C code can call has no namespace for the linker.
        const bool own = readable == frame.function || frame.function.ends_with("::" + readable);
        if (!own && std::ranges::find(twins, readable) == twins.end()) {
            twins.push_back(std::move(readable));
        }
    }
    return twins;
}

/// The function that contains `address`, then the bodies inlined into it there, innermost last.
std::vector<Scope> SourceMap::scopes_at(Dwarf_Die* unit, std::uint32_t address) {
    const auto function = functions_.find(unit, address, deadline_);
    if (!function) {
        return {};
    }
    std::vector<Scope> scopes{Scope{*function, {}}};
    Dwarf_Die scope = scopes.front().die;
    bool deeper = true;
    for (std::size_t depth = 0; deeper && depth < kMaxScopeDepth; ++depth) {
        deeper = false;
        for_each_child(scope, deadline_, [&](Dwarf_Die& child) {
            const int tag = dwarf_tag(&child);
            const bool block = tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine ||
                               tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
            if (!block || dwarf_haspc(&child, address) <= 0) {
                return true;
            }
            if (tag == DW_TAG_inlined_subroutine) {
                scopes.push_back({child, {}});
            } else {
                scopes.back().blocks.push_back(child);
            }
            scope = child;
            deeper = true;
            return false;
        });
    }
    return scopes;
}

std::optional<Dwarf_Die> SourceMap::function_at(std::uint32_t address) {
    Dwarf_Die* const unit = units_.find(address);
    return unit == nullptr ? std::nullopt : functions_.find(unit, address, deadline_);
}

}  // namespace coredepot::decoder
