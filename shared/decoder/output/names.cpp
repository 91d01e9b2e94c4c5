#include "decoder/output/names.hpp"

namespace coredepot::decoder {

std::string_view source_name(Source source) {
    return source == Source::CoreDump ? "core_dump" : "panic_text";
}

std::string revision_text(std::uint32_t revision) {
    constexpr std::uint32_t kMajor = 100;
    return 'v' + std::to_string(revision / kMajor) + '.' + std::to_string(revision % kMajor);
}

}  // namespace coredepot::decoder
