// GET /describe-coredump and /parse-coredump: the decoder as a service on loopback, in a sandbox.

#include <malloc.h>
#include <sys/resource.h>

#include "http/fcgi.hpp"
#include "http/program.hpp"
#include "parse_service/parse_service.hpp"

using namespace coredepot;

namespace {

/// Bytes from outside decide how much memory we allocate. Beyond this limit, decoding ends with a
/// verdict and does not harm the machine.
void limit_memory() {
#ifndef COREDEPOT_SANITIZED                    // AddressSanitizer reserves terabytes of addresses
    constexpr rlim_t kMaxBytes = 536'870'912;  // 512 MiB
    const rlimit limit{kMaxBytes, kMaxBytes};
    setrlimit(RLIMIT_AS, &limit);
    mallopt(M_ARENA_MAX, 1);  // a second arena, for the decoding thread, would reserve a quarter
    // Otherwise ELFs that we drop would leave holes in the heap, half as large as they were.
    mallopt(M_MMAP_THRESHOLD, 1'048'576);
#endif
}

}  // namespace

int main() {
    return http::run_program([] {
        const auto config = SidecarConfig::from_environment();
        limit_memory();
        const parse_service::ParseService service(config);
        const auto everybody = auth::trust_everybody();
        const http::Router router(
            *everybody, {{http::Endpoint::DescribeCoredump,
                          [&](const http::Request& request) { return service.describe(request); }},
                         {http::Endpoint::ParseCoredump,
                          [&](const http::Request& request) { return service.parse(request); }}});
        http::serve_fastcgi([&](http::Request& request) { return router.answer(request); });
    });
}
