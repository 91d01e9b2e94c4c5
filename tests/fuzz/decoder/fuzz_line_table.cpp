// A line table of an ELF, of any version; the strings that it refers to are the same bytes.

#include <cstddef>
#include <cstdint>
#include <span>

#include "decoder/dwarf/line_program.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    const auto bytes = std::as_bytes(std::span{data, size});
    const Deadline deadline;
    const auto table = LineHeader::read({bytes, bytes, bytes}, 0, "/app");
    if (!table) return 0;
    for (const auto& sequence : line_sequences(*table, deadline)) {
        for (const auto& row : line_rows(*table, sequence, deadline)) table->file(row.file);
    }
    return 0;
}
