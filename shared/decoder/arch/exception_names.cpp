#include "decoder/arch/exception_names.hpp"

#include <algorithm>

#include "decoder/arch/cpu.hpp"
#include "decoder/report/kind_names.hpp"

namespace coredepot::decoder {
namespace {

const ExceptionCause* find(Architecture architecture, std::uint32_t cause) {
    const auto causes = cpu_of(architecture).causes;
    const auto found = std::ranges::find(causes, cause, &ExceptionCause::cause);
    return found == causes.end() ? nullptr : &*found;
}

}  // namespace

std::string exception_name(Architecture architecture, std::uint32_t cause) {
    const ExceptionCause* const found = find(architecture, cause);
    return std::string{found == nullptr ? "unknown" : found->name};
}

std::string exception_meaning(Architecture architecture, std::uint32_t cause) {
    const ExceptionCause* const found = find(architecture, cause);
    return std::string{found == nullptr ? "" : found->meaning};
}

std::string_view exception_kind(Architecture architecture, std::uint32_t cause) {
    const ExceptionCause* const found = find(architecture, cause);
    return found == nullptr ? kinds::kUnknownException : found->kind;
}

bool has_fault_address(Architecture architecture, std::uint32_t cause) {
    const ExceptionCause* const found = find(architecture, cause);
    return found != nullptr && found->has_address;
}

}  // namespace coredepot::decoder
