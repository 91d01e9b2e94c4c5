// Files of the spool: a line of JSON, then the bytes that it tells of.

#include <string>

#include "fuzz_input.hpp"
#include "sha256.hpp"
#include "storage/spool_record.hpp"

using namespace coredepot;

namespace {

/// The record with the hash that its bytes have, which no fuzzer finds by itself.
std::string with_right_hash(std::string record) {
    constexpr std::string_view kMember = "\"sha256\":\"";
    constexpr std::size_t kDigits = 64;
    const auto line = record.find('\n');
    const auto at = record.find(kMember);
    if (line == std::string::npos || at == std::string::npos) return record;
    if (at + kMember.size() + kDigits > line) return record;
    const auto bytes = std::string_view(record).substr(line + 1);
    record.replace(at + kMember.size(), kDigits, sha256_hex(bytes));
    return record;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(fuzz::text(data, size));
    for (const auto& record : {input, with_right_hash(input)}) {
        const auto dump = storage::parse_record(record);
        if (!dump) continue;
        fuzz::require(record.ends_with(dump->bytes));
        fuzz::require(!dump_filename(dump->uploaded_at).str().empty());
        // What was read is written so that it is read the same.
        const auto written = storage::to_record(*dump);
        const auto again = storage::parse_record(written);
        fuzz::require(again && storage::to_record(*again) == written);
    }
    return 0;
}
