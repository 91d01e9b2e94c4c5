#include "decoder/panic_text/fault_cause.hpp"

#include <array>
#include <string>

#include "decoder/arch/exception_names.hpp"
#include "text/ascii.hpp"

namespace coredepot::decoder {
namespace {

/// Reasons of the panic handler's own on Xtensa, by how they begin, and their numbers behind those
/// of the CPU (XCHAL_EXCCAUSE_NUM): what is printed as EXCCAUSE is then less by that.
struct PseudoCause {
    std::string_view name;
    std::uint32_t cause;
};
constexpr std::array kPseudoCauses = {
    PseudoCause{"Unknown reason", 64},
    PseudoCause{"Unhandled debug exception", 65},
    PseudoCause{"Double exception", 66},
    PseudoCause{"Unhandled kernel exception", 67},
    PseudoCause{"Coprocessor exception", 68},
    PseudoCause{"Interrupt wdt timeout on CPU0", 69},
    PseudoCause{"Interrupt wdt timeout on CPU1", 70},
    PseudoCause{"Cache disabled but cached memory region accessed", 71},
    PseudoCause{"Cache error", 71},
    PseudoCause{"Memory protection fault", 72},
};

/// The names of the Xtensa panic handler that are not the manual's.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 2> kXtensaNames = {
    {{"InstrFetchProhibited", 20}, {"LoadStoreAlignment", 9}}};

/// Past all causes that have a name but COREDUMP_INVALID_CAUSE_VALUE.
constexpr std::uint32_t kCauses = 64;

}  // namespace

std::optional<std::uint32_t> fault_cause(Architecture architecture, std::string_view name,
                                         std::optional<std::uint32_t> printed) {
    if (architecture == Architecture::Xtensa) {
        for (const auto& [begin, cause] : kPseudoCauses) {
            if (name.starts_with(begin)) {
                return cause;
            }
        }
        for (const auto& [text, cause] : kXtensaNames) {
            if (name == text) {
                return cause;
            }
        }
    }
    if (printed) {
        return printed;
    }
    for (std::uint32_t cause = 0; cause < kCauses && !name.empty(); ++cause) {
        const std::string known = exception_name(architecture, cause);
        if (equal_ignoring_case(known, name) ||
            equal_ignoring_case(known, std::string{name} + "Cause")) {
            return cause;
        }
    }
    return std::nullopt;
}

}  // namespace coredepot::decoder
