// GET /describe-coredump?core={name} and /parse-coredump?core={name}&elf={name}&chip={chip}: the
// decoder as a service on loopback, in a sandbox. See docs/sidecar.md.

#include <chrono>
#include <climits>
#include <filesystem>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/errors.hpp"
#include "core/parsing/index_folder.hpp"
#include "decoder/decode.hpp"
#include "decoder/elf_shelf.hpp"
#include "decoder/report_json.hpp"
#include "decoder/run_within.hpp"
#include "decoder/text.hpp"
#include "domain/names.hpp"
#include "domain/parse_limits.hpp"
#include "http/errors.hpp"
#include "http/fcgi.hpp"
#include "http/program.hpp"
#include "log.hpp"
#include "os/files.hpp"

using namespace coredepot;

namespace {

/// A core dump in UART base64, of a megabyte at the most, with a serial log around it.
constexpr std::uint64_t kMaxCoreBytes = 8'388'608;

/// Shared with a decode that was given up and may outlive everything else.
using Shelf = std::shared_ptr<decoder::ElfShelf>;

/// A parameter that names a file in the transfer folder: a bare name, so that no path leads out,
/// and of a file itself, which a symbolic link, a folder or a pipe is not.
std::filesystem::path file_parameter(const http::Request& request, const SidecarConfig& config,
                                     const char* parameter) {
    const auto name = request.query.get(parameter);
    if (!name || name->empty()) {
        throw core::ValidationFailed(std::string("Missing required query parameter: ") + parameter);
    }
    if (name->find('/') != std::string::npos || name->find('\0') != std::string::npos ||
        name->starts_with('.') || name->size() > NAME_MAX) {
        throw core::ValidationFailed(std::string(parameter) + " must be a bare file name");
    }
    auto path = config.xfer_dir / *name;
    const auto type = std::filesystem::symlink_status(path).type();
    if (type != std::filesystem::file_type::regular &&
        type != std::filesystem::file_type::not_found) {
        throw core::ValidationFailed(std::string(parameter) + " must be the name of a file");
    }
    return path;
}

/// Throws core::NotFound; Undecodable when it is larger than any core dump.
std::string read_staged(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!error && size > kMaxCoreBytes) {
        throw decoder::Undecodable("this is not a core dump: it has " + std::to_string(size) +
                                   " bytes, and none is larger than " +
                                   std::to_string(kMaxCoreBytes));
    }
    auto coredump = os::read_file(path, kMaxCoreBytes);
    if (!coredump) throw core::NotFound("File", path.filename());
    return *std::move(coredump);
}

/// What cannot be read tells nothing: the verdict is for /parse-coredump to say.
DumpFacts read_facts(const std::filesystem::path& path) {
    try {
        const auto coredump = read_staged(path);
        return decoder::read_facts(std::as_bytes(std::span(coredump)));
    } catch (const decoder::Undecodable&) {
        return {};
    } catch (const std::bad_alloc&) {
        return {};
    }
}

http::Response describe(const SidecarConfig& config, const http::Request& request) {
    const auto facts = read_facts(file_parameter(request, config, "core"));
    json::Writer writer;
    writer.begin_object()
        .member("chip", facts.chip)
        .member("elf_sha256_prefix", facts.elf_sha256_prefix)
        .end_object();
    return http::json_response(200, writer);
}

http::Response undecodable(std::string_view why, const http::Request& request) {
    return http::error_response(422, "UNDECODABLE", why, request.request_id);
}

/// The decoder keeps to its own time limit; the libraries that it reads ELF files with need not. A
/// call of theirs that never returns takes the process with it, after the answer is sent: whoever
/// supervises the sidecar starts it again.
decoder::Report decode_in_time(std::string coredump, Shelf shelf, std::filesystem::path elf,
                               std::string chip) {
    constexpr unsigned kSecondsToAnswer = 1;
    auto report = decoder::run_within(
        kDecodeGivenUpAfter, [coredump = std::move(coredump), shelf = std::move(shelf),
                              elf = std::move(elf), chip = std::move(chip)] {
            return decoder::decode(std::as_bytes(std::span(coredump)), *shelf, elf, chip);
        });
    if (!report) {
        log::error("decoding does not end; the process does, to be rid of it");
        alarm(kSecondsToAnswer);
        throw decoder::Undecodable("decoding was given up: reading the ELF does not end");
    }
    return *std::move(report);
}

http::Response parse(const SidecarConfig& config, const Shelf& shelf,
                     const http::Request& request) {
    const auto core_path = file_parameter(request, config, "core");
    const auto elf_path = file_parameter(request, config, "elf");
    const auto chip = request.query.get("chip");
    if (!chip || !Chip::parse(*chip)) throw core::ValidationFailed("chip is missing or malformed");
    try {
        auto coredump = read_staged(core_path);
        if (!os::open_existing(elf_path)) throw core::NotFound("File", elf_path.filename());
        const auto report = decode_in_time(std::move(coredump), shelf, elf_path, *chip);
        json::Writer writer;
        writer.begin_object().member("output", decoder::to_text(report));
        decoder::write_members(writer, report);
        writer.end_object();
        return http::json_response(200, writer);
    } catch (const decoder::Undecodable& verdict) {
        return undecodable(verdict.what(), request);
    } catch (const std::bad_alloc&) {
        shelf->clear();  // so that the next one has all of it
        return undecodable("decoding takes more memory than the sidecar may use", request);
    }
}

/// Outside bytes decide how much is allocated: past this, decoding ends with a verdict instead of
/// taking the machine along.
void limit_memory() {
#ifndef COREDEPOT_SANITIZED                    // AddressSanitizer reserves terabytes of addresses
    constexpr rlim_t kMaxBytes = 536'870'912;  // 512 MiB
    const rlimit limit{kMaxBytes, kMaxBytes};
    setrlimit(RLIMIT_AS, &limit);
    mallopt(M_ARENA_MAX, 1);  // a second arena, for the decoding thread, would reserve a quarter
    // ELFs that are no longer kept would leave holes in the heap, half of what they took.
    mallopt(M_MMAP_THRESHOLD, 1'048'576);
#endif
}

}  // namespace

int main() {
    return http::run_program([] {
        const auto config = SidecarConfig::from_environment();
        limit_memory();
        const auto shelf = std::make_shared<decoder::ElfShelf>(
            decoder::kMaxShelfBytes,
            config.cache_dir ? core::index_folder(*config.cache_dir) : decoder::IndexStore{});
        const auto everybody = auth::trust_everybody();
        const http::Router router(
            *everybody, {{http::Endpoint::DescribeCoredump,
                          [&](const http::Request& request) { return describe(config, request); }},
                         {http::Endpoint::ParseCoredump, [&](const http::Request& request) {
                              return parse(config, shelf, request);
                          }}});
        http::serve_fastcgi([&](http::Request& request) { return router.answer(request); });
    });
}
