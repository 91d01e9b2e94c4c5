// The index of an ELF, as it comes from the cache folder. Its checksum is made good: it would keep
// the fuzzer from ever getting to what lies behind it. What is read is then decoded with.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "decoder/decode.hpp"
#include "decoder/index/elf_shelf.hpp"
#include "decoder/index/index_format.hpp"
#include "decoder/output/report_text.hpp"
#include "sha256.hpp"

namespace {

std::string content_of(const char* path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace coredepot::decoder;  // NOLINT(google-build-using-namespace)
    static const std::string kDump = content_of(FUZZ_DUMP);
    static const std::string kElfSha256 = ElfFile{FUZZ_ELF}.sha256();
    static const std::size_t kTasks =
        decode(std::as_bytes(std::span{kDump}), FUZZ_ELF, "").tasks.size();
    std::string index{reinterpret_cast<const char*>(data), size};
    read_index(index, kElfSha256);
    // As write_index() has it, but for the number and the ranges, which are the input.
    const std::string head = write_index({}, kElfSha256).substr(0, 76);
    index = head + index;
    index += coredepot::sha256_hex(index);
    ElfShelf shelf{0, {[&](const std::string& /*sha256*/) { return index; }, nullptr}};
    // No index, however wrong, is a reason not to decode.
    const Report report = decode(std::as_bytes(std::span{kDump}), shelf, FUZZ_ELF, "");
    return report.tasks.size() == kTasks ? 0 : (std::abort(), 0);
}
