// multipart/form-data bodies: the first line is the Content-Type, the rest the body.

#include "fuzz_input.hpp"
#include "http/multipart.hpp"

using namespace coredepot;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = fuzz::text(data, size);
    const auto content_type = input.substr(0, input.find('\n'));
    const auto body = input.substr(content_type.size());
    http::is_multipart(content_type);
    for (const auto& part : {http::multipart_field(content_type, body, "file"),
                             http::multipart_file(content_type, body)}) {
        if (!part) continue;
        fuzz::require(part->data() >= body.data());
        fuzz::require(part->data() + part->size() <= body.data() + body.size());
    }
    return 0;
}
