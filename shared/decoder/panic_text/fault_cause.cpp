#include "decoder/panic_text/fault_cause.hpp"

#include <string>

#include "decoder/arch/cpu.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

/// Beyond all named causes except COREDUMP_INVALID_CAUSE_VALUE.
constexpr std::uint32_t kCauses = 64;

}  // namespace

std::optional<std::uint32_t> fault_cause(Architecture architecture, std::string_view name,
                                         std::optional<std::uint32_t> printed) {
    const Cpu& cpu = cpu_of(architecture);
    for (const auto& [begin, cause] : cpu.printed_causes) {
        if (name.starts_with(begin)) {
            return cause;
        }
    }
    if (printed) {
        return printed;
    }
    for (const ExceptionCause& known : cpu.causes) {
        if (known.cause < kCauses &&
            (equal_ignoring_case(known.name, name) ||
             equal_ignoring_case(known.name, std::string{name} + "Cause"))) {
            return known.cause;
        }
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
