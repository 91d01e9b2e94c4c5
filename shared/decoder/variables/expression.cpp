#include "decoder/variables/expression.hpp"

#include <algorithm>

#include <dwarf.h>

#include "decoder/bytes/byte_reader.hpp"
#include "decoder/variables/expression_machine.hpp"

namespace coredepot::decoder {
namespace {

/// An argument that is passed on refers to the caller's argument, and so on up the stack.
constexpr int kMaxExpressionNesting = kMaxFrames;
constexpr std::size_t kRegisterBytes = 4;

class Nesting {
  public:
    explicit Nesting(int& depth) : depth_{depth} { ++depth_; }
    ~Nesting() { --depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

    bool too_deep() const { return depth_ > kMaxExpressionNesting; }

  private:
    int& depth_;
};

Place nowhere(Gap gap) {
    return {Place::Kind::Nowhere, 0, {}, gap, {}};
}

}  // namespace

std::vector<Place> ExpressionEvaluator::locate(Dwarf_Attribute& attribute, std::uint32_t address,
                                               const FrameContext& context) {
    deadline_.check();
    Dwarf_Op* program = nullptr;
    std::size_t length = 0;
    const int found = dwarf_getlocation_addr(&attribute, address, &program, &length, 1);
    if (found < 0) {
        return {nowhere(Gap::Unsupported)};
    }
    if (found == 0 || length == 0) {
        return {nowhere(Gap::OptimizedOut)};
    }
    return run({program, length}, attribute, context);
}

std::vector<Place> ExpressionEvaluator::run(std::span<const Dwarf_Op> program,
                                            Dwarf_Attribute& attribute,
                                            const FrameContext& context) {
    const Nesting nesting{depth_};
    if (nesting.too_deep()) {
        return {nowhere(Gap::Unsupported)};
    }
    return ExpressionMachine{*this, attribute, context}.run(program);
}

Contents ExpressionEvaluator::read(std::span<const Place> places, std::size_t size,
                                   const FrameContext& context) const {
    if (!std::ranges::all_of(places, &Place::is_bytes)) {
        return read_bits(places, size, context);
    }
    Contents contents;
    for (const Place& place : places) {
        const std::size_t left = size - contents.bytes.size();
        const std::size_t bytes = place.bits ? *place.bits / kBitsPerByte : left;
        read_bytes(place, std::min(bytes, left), context, contents);
    }
    contents.append_gap(size - contents.bytes.size(), Gap::OptimizedOut);
    return contents;
}

/// Appends `want` bytes from `place`.
void ExpressionEvaluator::read_bytes(const Place& place, std::size_t want,
                                     const FrameContext& context, Contents& contents) const {
    switch (place.kind) {
        case Place::Kind::Memory: {
            const auto bytes = memory_.read(static_cast<std::uint32_t>(place.value), want);
            contents.append(bytes);
            contents.append_gap(want - bytes.size(), Gap::Unreadable);
            break;
        }
        case Place::Kind::Register: {
            const auto& registers = context.frame->registers;
            // A value of 64 bits is in two consecutive general registers.
            const bool general = place.value < kGeneralRegisters;
            const std::size_t most = general ? 2 * kRegisterBytes : kRegisterBytes;
            for (std::size_t done = 0; done < want; done += kRegisterBytes) {
                const std::uint64_t number = place.value + done / kRegisterBytes;
                const std::size_t bytes = std::min(kRegisterBytes, want - done);
                if (number < registers.size() && registers[number] && want <= most) {
                    const std::uint32_t value = *registers[number];
                    contents.append(std::as_bytes(std::span{&value, 1}).first(bytes));
                } else {
                    contents.append_gap(bytes, general ? Gap::OptimizedOut : Gap::Unsupported);
                }
            }
            break;
        }
        case Place::Kind::Value: {
            const auto bytes =
                std::as_bytes(std::span{&place.value, 1}).first(std::min(sizeof place.value, want));
            contents.append(bytes);
            // This is a structure in a register pair, described by its first register only.
            contents.append_gap(want - bytes.size(), Gap::Unsupported);
            break;
        }
        case Place::Kind::Bytes:
            contents.append(place.bytes.first(std::min(place.bytes.size(), want)));
            contents.append_gap(want - std::min(place.bytes.size(), want), Gap::Unsupported);
            break;
        case Place::Kind::Nowhere:
            contents.append_gap(want, place.gap);
            contents.pointed = place.bytes;
            break;
    }
}

/// The members of a structure of bit fields may each be in a different place. A byte is unknown
/// when one of its bits is. The bits after the last member are padding, which no member reads.
Contents ExpressionEvaluator::read_bits(std::span<const Place> places, std::size_t size,
                                        const FrameContext& context) const {
    Contents contents;
    contents.append_gap(size, Gap::None);
    std::size_t position = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Place& place = places[i];
        const std::size_t left = size * kBitsPerByte - position;
        const std::size_t bits = std::min(place.bits.value_or(left), left);
        const bool padding = i + 1 == places.size() && place.kind == Place::Kind::Nowhere;
        Contents part;
        read_bytes(place, (place.first_bit + bits + kBitsPerByte - 1) / kBitsPerByte, context,
                   part);
        for (std::size_t bit = 0; bit < bits && !padding; ++bit) {
            const std::size_t from = place.first_bit + bit;
            const std::size_t to = position + bit;
            const auto value =
                part.bytes[from / kBitsPerByte] >> from % kBitsPerByte & std::byte{1};
            contents.bytes[to / kBitsPerByte] |= value << to % kBitsPerByte;
            Gap& gap = contents.gaps[to / kBitsPerByte];
            gap = gap == Gap::None ? part.gaps[from / kBitsPerByte] : gap;
        }
        position += bits;
    }
    return contents;
}

std::optional<std::uint32_t> ExpressionEvaluator::entry_register(std::size_t number,
                                                                 const FrameContext& context) {
    // Each value of a frame may need several of its caller's values, and each of those may need
    // several more.
    const auto [known, is_new] = context.entry_registers.try_emplace(number);
    if (is_new) {
        known->second = find_entry_register(number, context);
    }
    return known->second;
}

std::optional<std::uint32_t> ExpressionEvaluator::find_entry_register(std::size_t number,
                                                                      const FrameContext& context) {
    if (context.frame->at_entry) {  // nothing has run yet, so the value is still there
        const std::size_t index = number + context.frame->window_shift;
        const auto& registers = context.frame->registers;
        return index < registers.size() ? registers[index] : std::nullopt;
    }
    const auto& site = call_of(context);
    auto value =
        site ? call_value(*site, number + context.frame->window_shift, deadline_) : std::nullopt;
    return value ? this->number(*value, *context.caller) : std::nullopt;
}

std::optional<std::uint32_t> ExpressionEvaluator::removed_parameter(const Dwarf_Die& parameter,
                                                                    const FrameContext& context) {
    const auto& site = call_of(context);
    auto value = site ? call_value_of(*site, parameter, deadline_) : std::nullopt;
    return value ? number(*value, *context.caller) : std::nullopt;
}

/// The call that led to `context`.
const std::optional<CallSite>& ExpressionEvaluator::call_of(const FrameContext& context) {
    if (!context.call) {
        context.call = find_call(context);
    }
    return *context.call;
}

/// Finds no call if tail calls led to `context`: the arguments may not be those that the call site
/// passed.
std::optional<CallSite> ExpressionEvaluator::find_call(const FrameContext& context) {
    const FrameContext* const caller = context.caller;
    if (caller == nullptr || !caller->has_function() || !context.has_function()) {
        return std::nullopt;
    }
    const auto& site = sites_.at(caller->function, caller->frame->pc);
    return site && calls(*site, *caller, context.function) ? site : std::nullopt;
}

/// Whether the call `site` of `caller` calls `function`. For a call through a pointer, compares the
/// pointer, if the caller has kept it.
bool ExpressionEvaluator::calls(const CallSite& site, const FrameContext& caller,
                                Dwarf_Die function) {
    if (site.target) {
        return same_function(*site.target, function);
    }
    Dwarf_Attribute attribute = site.target_address.value_or(Dwarf_Attribute{});
    Dwarf_Addr entry = 0;
    return site.target_address && dwarf_entrypc(&function, &entry) == 0 &&
           number(attribute, caller) == entry;
}

std::optional<std::uint32_t> ExpressionEvaluator::number(Dwarf_Attribute& attribute,
                                                         const FrameContext& context) {
    const auto places = locate(attribute, context.frame->lookup, context);
    const Place& place = places.front();
    if (places.size() != 1) {
        return std::nullopt;
    }
    switch (place.kind) {
        case Place::Kind::Memory:  // the expression leaves the number itself on its stack
        case Place::Kind::Value:
            return static_cast<std::uint32_t>(place.value);
        case Place::Kind::Bytes:  // a float that the caller passed
            return place.bytes.size() == kRegisterBytes ? std::optional{load_u32(place.bytes)}
                                                        : std::nullopt;
        case Place::Kind::Register: {
            const auto& registers = context.frame->registers;
            return place.value < registers.size() ? registers[place.value] : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::optional<std::uint32_t> ExpressionEvaluator::frame_base(const FrameContext& context) {
    Dwarf_Die function = context.function;
    Dwarf_Attribute attribute;
    if (!context.has_function() ||
        dwarf_attr_integrate(&function, DW_AT_frame_base, &attribute) == nullptr) {
        return std::nullopt;
    }
    return number(attribute, context);
}

}  // namespace coredepot::decoder
