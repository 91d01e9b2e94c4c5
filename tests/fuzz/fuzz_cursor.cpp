// Cursors of lists, as clients bring them back.

#include <string>

#include "fuzz_input.hpp"
#include "http/cursor.hpp"
#include "http/paging.hpp"

using namespace coredepot;

namespace {

template <class Position>
void read_position(const std::vector<std::string>& fields) {
    using Fields = http::PositionFields<Position>;
    if (fields.size() != Fields::kCount) return;
    if (const auto position = Fields::read(fields)) {
        fuzz::require(Fields::read(Fields::write(*position)).has_value());
    }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    const http::Cursor list("coredumps of 17");
    for (const std::size_t count : {1U, 2U}) {
        // As it comes: what is taken is what is written, and nothing but.
        const auto fields = list.read(input, count);
        fuzz::require(!fields || list.write(*fields) == input);
        // As fields, which a hash that is right would let through.
        auto text = std::string(input);
        if (count == 1) std::erase(text, '\n');
        const auto end = text.find('\n');
        std::vector<std::string> forged{text.substr(0, end)};
        if (end != std::string::npos) forged.push_back(text.substr(end + 1));
        read_position<std::int64_t>(forged);
        read_position<ModelCode>(forged);
        read_position<CoredumpPosition>(forged);
        if (forged.size() == count && !text.empty() &&
            forged.back().find('\n') == std::string::npos) {
            fuzz::require(list.read(list.write(forged), count) == forged);
        }
    }
    return 0;
}
