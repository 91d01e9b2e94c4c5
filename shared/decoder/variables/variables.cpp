#include "decoder/variables/variables.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <dwarf.h>

#include "decoder/bytes/printable.hpp"
#include "decoder/dwarf/type.hpp"
#include "decoder/dwarf/type_name.hpp"
#include "decoder/dwarf/walk.hpp"
#include "decoder/values/raw_value.hpp"
#include "decoder/variables/dynamic_size.hpp"

namespace coredepot::decoder {
namespace {

/// The most parameters, and the most locals, of one frame.
constexpr std::size_t kMaxPerFrame = 64;
/// The most bytes that we read of one variable. Readers want no more.
constexpr std::size_t kMaxValueBytes = 1024;

std::vector<Variable>* list_for(Dwarf_Die& die, Frame& frame) {
    switch (dwarf_tag(&die)) {
        case DW_TAG_formal_parameter:
            return &frame.args;
        case DW_TAG_variable:
            return &frame.locals;
        default:
            return nullptr;
    }
}

std::string printable_name_of(Dwarf_Die& die) {
    const char* const name = dwarf_diename(&die);
    return name == nullptr ? "" : printable(name);
}

/// The register that a parameter is passed in, according to its location at the function's start.
std::optional<std::size_t> passed_in(const std::vector<Place>& places) {
    const Place& place = places.front();
    if (places.size() != 1 || place.kind != Place::Kind::Register || place.bits) {
        return std::nullopt;
    }
    return place.value;
}

}  // namespace

void Variables::describe(const Scope& scope, const FrameContext& context, Frame& frame) {
    collect(scope.die, context, frame);
    add_inherited(scope.die, frame);
    // A variable of an inner block hides an outer one of the same name. gdb shows both, the inner
    // one first.
    for (const Dwarf_Die& block : scope.blocks) {
        Frame inner;
        collect(block, context, inner);
        frame.locals.insert(frame.locals.begin(), inner.locals.begin(), inner.locals.end());
    }
}

void Variables::collect(const Dwarf_Die& parent, const FrameContext& context, Frame& frame) {
    for_each_child(parent, deadline_, [&](Dwarf_Die& child) {
        std::vector<Variable>* const list = list_for(child, frame);
        if (list == nullptr) {
            return true;
        }
        auto variable = read(child, context);
        return !variable || add(*list, *std::move(variable));
    });
}

/// Adds the parameters that an inlined or specialised copy of a function has lost entirely: only
/// the original has their names.
void Variables::add_inherited(Dwarf_Die function, Frame& frame) {
    Dwarf_Attribute attribute;
    Dwarf_Die origin;
    if (dwarf_attr(&function, DW_AT_abstract_origin, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &origin) == nullptr) {
        return;
    }
    for_each_child(origin, deadline_, [&](Dwarf_Die& child) {
        const std::string name = printable_name_of(child);
        if (dwarf_tag(&child) != DW_TAG_formal_parameter || name.empty() ||
            std::ranges::find(frame.args, name, &Variable::name) != frame.args.end()) {
            return true;
        }
        return add(frame.args, {name, type_name(type_of(child)), gap_text(Gap::OptimizedOut), {}});
    });
}

/// False when there is no room for another one.
bool Variables::add(std::vector<Variable>& list, Variable variable) {
    const std::size_t bytes = variable.name.size() + variable.type.size() + variable.value.size() +
                              variable.entry_value.size();
    if (list.size() == kMaxPerFrame || bytes > bytes_left_) {
        return false;
    }
    bytes_left_ -= bytes;
    list.push_back(std::move(variable));
    return true;
}

std::optional<Variable> Variables::read(Dwarf_Die& die, const FrameContext& context) {
    Variable variable;
    variable.name = printable_name_of(die);
    const auto type = type_of(die);
    if (variable.name.empty() || !type || dwarf_hasattr(&die, DW_AT_declaration) != 0) {
        return std::nullopt;
    }
    variable.type = type_name(type);
    const auto contents = value(die, *type, context);
    variable.value = contents ? text(*type, *contents) : gap_text(Gap::OptimizedOut);
    variable.number = contents ? raw_number(*type, *contents) : std::nullopt;
    if (dwarf_tag(&die) == DW_TAG_formal_parameter) {
        if (const auto entry = entry_value(die, *type, context)) {
            const bool unchanged =
                contents && contents->bytes == entry->bytes && contents->gaps == entry->gaps;
            variable.entry_value = unchanged ? "" : values_.write(*type, *entry);
            variable.number = variable.number ? variable.number : raw_number(*type, *entry);
        }
        if (variable.entry_value == variable.value) {
            variable.entry_value.clear();
        }
    }
    if (variable.number) {
        variable.pointee = pointed_text(*type, *variable.number, memory_);
    } else if (contents && !contents->pointed.empty()) {
        variable.pointee = pointed_text(*type, contents->pointed);
    }
    return variable;
}

std::string Variables::text(const Dwarf_Die& type, const Contents& contents) const {
    const std::string text = values_.write(type, contents);
    return text.size() > kMaxPrintable ? printable(text) + "..." : text;
}

/// Up to kMaxValueBytes of a variable's value. Empty when the compiler did not keep it.
std::optional<Contents> Variables::value(Dwarf_Die& die, const Dwarf_Die& type,
                                         const FrameContext& context) {
    auto size = type_size(type);
    if (!size) {
        size = dynamic_size(type, evaluator_, context);
    }
    const std::size_t shown = std::min(size.value_or(0), kMaxValueBytes);
    Contents contents;
    Dwarf_Attribute attribute;
    if (dwarf_attr_integrate(&die, DW_AT_location, &attribute) != nullptr) {
        const auto places = evaluator_.locate(attribute, context.frame->lookup, context);
        contents = evaluator_.read(places, shown, context);
    } else if (dwarf_attr_integrate(&die, DW_AT_const_value, &attribute) != nullptr) {
        Dwarf_Sword number = 0;
        Dwarf_Block block;
        if (dwarf_formsdata(&attribute, &number) == 0) {
            contents.append(std::as_bytes(std::span{&number, 1})
                                .first(std::min<std::size_t>(shown, sizeof number)));
        } else if (dwarf_formblock(&attribute, &block) == 0) {
            contents.append(
                std::as_bytes(std::span{block.data, std::min<std::size_t>(block.length, shown)}));
        }
        contents.append_gap(shown - contents.bytes.size(), Gap::Unsupported);
    } else {
        return std::nullopt;
    }
    return contents;
}

/// A parameter's value when the function was called; empty if the caller does not say.
std::optional<Contents> Variables::entry_value(Dwarf_Die& die, const Dwarf_Die& type,
                                               const FrameContext& context) {
    Dwarf_Die function = context.function;
    Dwarf_Attribute attribute;
    Dwarf_Addr start = 0;
    const auto size = type_size(type);
    if (!context.has_function() || !size || *size > sizeof(std::uint32_t) ||
        dwarf_lowpc(&function, &start) != 0 || start > UINT32_MAX ||
        dwarf_attr_integrate(&die, DW_AT_location, &attribute) == nullptr) {
        return std::nullopt;
    }
    const auto number =
        passed_in(evaluator_.locate(attribute, static_cast<std::uint32_t>(start), context));
    const auto value = number ? evaluator_.entry_register(*number, context) : std::nullopt;
    if (!value) {
        return std::nullopt;
    }
    Contents contents;
    contents.append(std::as_bytes(std::span{&*value, 1}).first(*size));
    return contents;
}

}  // namespace coredepot::decoder
