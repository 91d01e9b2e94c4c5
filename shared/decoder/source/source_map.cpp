#include "decoder/source/source_map.hpp"

#include <algorithm>
#include <optional>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/function_name.hpp"
#include "decoder/dwarf/scope_name.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/walk.hpp"
#include "decoder/elf/demangle.hpp"

namespace coredepot::decoder {
namespace {

/// Blocks nest as deep as the source does, plus inlining. Real ones stay below 30.
constexpr std::size_t kMaxScopeDepth = 128;
/// Namespaces, and what functions may nest in, go no deeper than people can bear.
constexpr int kMaxFunctionDepth = 32;

/// What may hold functions that a unit does not hold itself: lambdas and the methods of local
/// classes are described where they were written, inside of a function.
bool may_hold_functions(int tag) {
    return tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block ||
           tag == DW_TAG_inlined_subroutine || tag == DW_TAG_class_type ||
           tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

/// Where the call stood that the compiler replaced by the body `inlined`.
void set_call_site(Frame& frame, Dwarf_Die* unit, Dwarf_Die* inlined) {
    const auto line = number_attribute(*inlined, DW_AT_call_line);
    const auto file = number_attribute(*inlined, DW_AT_call_file);
    frame.line = line && *line <= INT32_MAX ? static_cast<int>(*line) : 0;
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    if (!file || dwarf_getsrcfiles(unit, &files, &count) != 0) {
        return;
    }
    const char* const name = dwarf_filesrc(files, *file, nullptr, nullptr);
    frame.file = name == nullptr ? "" : printable(name);
}

/// Whether the line at `index` only goes on with the line before it, in a part of its own that the
/// compiler has told apart (a discriminator). gdb leaves those out.
bool continues_line(Dwarf_Lines* lines, std::size_t index) {
    constexpr std::size_t kFarEnough = 64;
    const auto number_of = [&](std::size_t i) {
        int number = 0;
        return dwarf_lineno(dwarf_onesrcline(lines, i), &number) == 0 ? number : 0;
    };
    const auto file_of = [&](std::size_t i) {
        return dwarf_linesrc(dwarf_onesrcline(lines, i), nullptr, nullptr);
    };
    const int number = number_of(index);
    const char* const file = file_of(index);
    bool told_apart = false;
    bool continues = false;
    for (std::size_t back = 0; back <= std::min(index, kFarEnough); ++back) {
        const std::size_t i = index - back;
        if (number_of(i) != number || file_of(i) != file) {
            break;
        }
        unsigned discriminator = 0;
        dwarf_linediscriminator(dwarf_onesrcline(lines, i), &discriminator);
        told_apart = told_apart || discriminator != 0;
        continues = continues || back > 0;
    }
    return continues && told_apart;
}

/// Where the compiler has moved statements around, one address has several lines. gdb takes the
/// last one at which a statement begins, and the last one of all where there is none.
Dwarf_Line* line_at(Dwarf_Die* unit, std::uint32_t address) {
    Dwarf_Line* line = dwarf_getsrc_die(unit, address);
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    Dwarf_Addr start = 0;
    if (line == nullptr || dwarf_lineaddr(line, &start) != 0 ||
        dwarf_getsrclines(unit, &lines, &count) != 0) {
        return line;
    }
    const auto starts_at = [&](std::size_t index) {
        Dwarf_Addr of_line = 0;
        return dwarf_lineaddr(dwarf_onesrcline(lines, index), &of_line) == 0 ? of_line : 0;
    };
    std::size_t after = 0;  // the first line that starts later, lines being sorted by address
    for (std::size_t end = count; after < end;) {
        const std::size_t middle = after + (end - after) / 2;
        starts_at(middle) <= start ? after = middle + 1 : end = middle;
    }
    for (; after > 0 && starts_at(after - 1) == start; --after) {
        Dwarf_Line* const candidate = dwarf_onesrcline(lines, after - 1);
        bool is_statement = false;
        bool is_end = false;
        if (dwarf_linebeginstatement(candidate, &is_statement) == 0 && is_statement &&
            dwarf_lineendsequence(candidate, &is_end) == 0 && !is_end &&
            !continues_line(lines, after - 1)) {
            return candidate;
        }
    }
    return line;
}

}  // namespace

bool SourceMap::may_read_lines(Dwarf_Die* unit) {
    const auto [entry, is_new] = readable_lines_.try_emplace(dwarf_dieoffset(unit), false);
    if (is_new) {
        const auto offset = number_attribute(*unit, DW_AT_stmt_list).value_or(lines_.size());
        if (offset < lines_.size() && lines_.size() - offset >= 4) {
            const std::uint32_t size = load_u32(lines_.subspan(offset));
            if (size <= line_bytes_left_) {
                line_bytes_left_ -= size;
                entry->second = true;
            }
        }
    }
    return entry->second;
}

/// Where the line table puts `address`.
void SourceMap::set_line(Frame& frame, Dwarf_Die* unit, std::uint32_t address) {
    if (!may_read_lines(unit)) {
        return;
    }
    Dwarf_Line* const line = line_at(unit, address);
    int number = 0;
    if (line == nullptr || dwarf_lineno(line, &number) != 0 || number == 0) {
        return;
    }
    const char* const file = dwarf_linesrc(line, nullptr, nullptr);
    frame.line = number;
    frame.file = file == nullptr ? "" : printable(file);
}

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
    if (unit != nullptr) {
        set_line(frame, unit, lookup);
    }
    const auto name_of_symbol = [&] {
        const auto symbol = symbols_.find(lookup);
        return symbol ? readable_name(symbol->name) : std::string{};
    };
    // Assembler code, blobs without debug information, mask ROM.
    if (unit == nullptr || scopes.empty()) {
        frame.function = name_of_symbol();
        return {{frame, std::nullopt}};
    }
    // From the innermost scope outwards; the last one is the physical function.
    std::vector<SourceFrame> frames;
    for (std::size_t i = scopes.size(); i-- > 0;) {
        frame.function = function_name(&scopes[i].die);
        frame.local = is_local_function(&scopes[i].die);
        frame.within = enclosing(scopes[i].die);
        frame.inlined = i != 0;
        // What the linker compiled (-flto) of a source without debug information.
        if (frame.function.empty()) {
            if (frame.inlined) continue;  // as gdb
            frame.function = name_of_symbol();
            frame.local = false;  // it does not say so
        }
        frame.twins = frame.inlined ? std::vector<std::string>{} : twins_of(scopes[i].die, frame);
        frames.push_back({frame, scopes[i]});
        if (frame.inlined) {
            frame.file.clear();
            frame.line = 0;
            if (may_read_lines(unit)) {
                set_call_site(frame, unit, &scopes[i].die);
            }
        }
    }
    return frames;
}

/// The functions that one was written in, without a walk over the unit for those that are in none.
std::string SourceMap::enclosing(const Dwarf_Die& function) const {
    return outermost_.contains(declaration_of(function).addr) ? "" : enclosing_functions(function);
}

/// The constructors of a class are called the same, as are the copies of a function.
std::vector<std::string> SourceMap::twins_of(Dwarf_Die function, const Frame& frame) const {
    Dwarf_Addr start = 0;
    std::vector<std::string> twins;
    if (!frame.within.empty() || dwarf_lowpc(&function, &start) != 0 || start > UINT32_MAX) {
        return twins;
    }
    for (const auto name : symbols_.names_at(static_cast<std::uint32_t>(start))) {
        auto readable = readable_name(name);
        // One that is called from C is in no namespace for the linker.
        const bool own = readable == frame.function || frame.function.ends_with("::" + readable);
        if (!own && std::ranges::find(twins, readable) == twins.end()) {
            twins.push_back(std::move(readable));
        }
    }
    return twins;
}

/// The function around `address`, then the bodies inlined into it there, innermost last.
std::vector<Scope> SourceMap::scopes_at(Dwarf_Die* unit, std::uint32_t address) {
    const Function* const function = find_function(unit, address);
    if (function == nullptr) {
        return {};
    }
    std::vector<Scope> scopes{Scope{function->die, {}}};
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
    const Function* const function = unit == nullptr ? nullptr : find_function(unit, address);
    return function == nullptr ? std::nullopt : std::optional{function->die};
}

const SourceMap::Function* SourceMap::find_function(Dwarf_Die* unit, std::uint32_t address) {
    const auto find = [&](Nesting nesting) {
        const Functions& functions = functions_of(unit, nesting);
        const auto after = std::ranges::upper_bound(functions, address, {}, &Function::start);
        const bool found = after != functions.begin() && std::prev(after)->end > address;
        return found ? &*std::prev(after) : nullptr;
    };
    // Few are nested, and to look for them takes a walk over all that the unit holds.
    const Function* const found = find(Nesting::InNamespaces);
    return found == nullptr ? find(Nesting::Anywhere) : found;
}

const SourceMap::Functions& SourceMap::functions_of(Dwarf_Die* unit, Nesting nesting) {
    const auto [entry, is_new] = functions_.try_emplace({dwarf_dieoffset(unit), nesting});
    Functions& functions = entry->second;
    if (is_new) {
        collect(*unit, nesting, 0, functions);
        std::ranges::sort(functions, {}, &Function::start);
    }
    return functions;
}

void SourceMap::collect(Dwarf_Die parent, Nesting nesting, int depth, Functions& functions) {
    for_each_child(parent, deadline_, [&](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        const bool open =
            tag == DW_TAG_namespace || (nesting == Nesting::Anywhere && may_hold_functions(tag));
        if (open && depth < kMaxFunctionDepth) {
            collect(child, nesting, depth + 1, functions);
        }
        if (tag == DW_TAG_subprogram) {
            if (nesting == Nesting::InNamespaces) outermost_.insert(child.addr);
            for_each_range(&child, [&](std::uint32_t start, std::uint32_t end) {
                if (start != 0 && functions_left_ > 0) {
                    --functions_left_;
                    functions.push_back({start, end, child});
                }
            });
        }
        return functions_left_ > 0;
    });
}

}  // namespace coredepot::decoder
