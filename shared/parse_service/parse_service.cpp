#include "parse_service/parse_service.hpp"

#include <filesystem>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include <unistd.h>

#include "core/errors.hpp"
#include "decoder/decode.hpp"
#include "decoder/limits/run_within.hpp"
#include "decoder/output/report_json.hpp"
#include "decoder/output/report_text.hpp"
#include "domain/names.hpp"
#include "domain/parse_limits.hpp"
#include "http/errors.hpp"
#include "json.hpp"
#include "log.hpp"
#include "os/files.hpp"
#include "parse_service/index_folder.hpp"
#include "parse_service/staged_file.hpp"
#include "signature_rules_json.hpp"

namespace coredepot::parse_service {
namespace {

/// An unreadable core dump gives no facts. /parse-coredump gives the verdict.
DumpFacts read_facts(const std::filesystem::path& path) {
    try {
        const auto coredump = read_coredump(path);
        return decoder::read_facts(std::as_bytes(std::span(coredump)));
    } catch (const decoder::Undecodable&) {
        return {};
    } catch (const std::bad_alloc&) {
        return {};
    }
}

http::Response undecodable(std::string_view why, const http::Request& request) {
    return http::error_response(422, "UNDECODABLE", why, request.request_id);
}

/// The decoder keeps its own time limit, but the libraries that read ELF files need not. If one
/// never returns, the process ends after sending the answer, and the sidecar's supervisor starts it
/// again.
decoder::Report decode_in_time(std::string coredump, std::shared_ptr<decoder::ElfShelf> shelf,
                               std::filesystem::path elf, std::string chip, SignatureRules rules) {
    constexpr unsigned kSecondsToAnswer = 1;
    auto report = decoder::run_within(
        kDecodeGivenUpAfter,
        [coredump = std::move(coredump), shelf = std::move(shelf), elf = std::move(elf),
         chip = std::move(chip), rules = std::move(rules)] {
            return decoder::decode(std::as_bytes(std::span(coredump)), *shelf, elf, chip, rules);
        });
    if (!report) {
        log::error("decoding does not end, so this process ends");
        alarm(kSecondsToAnswer);
        throw decoder::Undecodable("decoding was given up: reading the ELF does not end");
    }
    return *std::move(report);
}

}  // namespace

ParseService::ParseService(SidecarConfig config)
    : config_(std::move(config)),
      shelf_(std::make_shared<decoder::ElfShelf>(
          decoder::kMaxShelfBytes,
          config_.cache_dir ? index_folder(*config_.cache_dir) : decoder::IndexStore{})) {}

http::Response ParseService::describe(const http::Request& request) const {
    const auto facts = read_facts(staged_file(request, config_.xfer_dir, "core"));
    json::Writer writer;
    writer.begin_object()
        .member("chip", facts.chip)
        .member("elf_sha256_prefix", facts.elf_sha256_prefix)
        .end_object();
    return http::json_response(200, writer);
}

/// The model team's additions to the rules; none when the request names no file.
SignatureRules ParseService::signature_rules(const http::Request& request) const {
    if (!request.query.get("rules")) return {};
    auto rules = parse_signature_rules(read_rules(staged_file(request, config_.xfer_dir, "rules")));
    if (const auto* const fault = std::get_if<std::string>(&rules)) {
        throw core::ValidationFailed(*fault);
    }
    return std::get<SignatureRules>(std::move(rules));
}

http::Response ParseService::parse(const http::Request& request) const {
    const auto core_path = staged_file(request, config_.xfer_dir, "core");
    const auto elf_path = staged_file(request, config_.xfer_dir, "elf");
    const auto chip = request.query.get("chip");
    if (!chip || !Chip::parse(*chip)) throw core::ValidationFailed("chip is missing or malformed");
    auto rules = signature_rules(request);
    try {
        auto coredump = read_coredump(core_path);
        if (!os::open_existing(elf_path)) throw core::NotFound("File", elf_path.filename());
        const auto report =
            decode_in_time(std::move(coredump), shelf_, elf_path, *chip, std::move(rules));
        json::Writer writer;
        writer.begin_object().member("output", decoder::to_text(report));
        decoder::write_members(writer, report);
        writer.end_object();
        return http::json_response(200, writer);
    } catch (const decoder::Undecodable& verdict) {
        return undecodable(verdict.what(), request);
    } catch (const std::bad_alloc&) {
        shelf_->clear();  // so that the next decode has all of the memory
        return undecodable("decoding takes more memory than the sidecar may use", request);
    }
}

}  // namespace coredepot::parse_service
