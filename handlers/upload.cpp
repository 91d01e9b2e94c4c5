// POST /api/iot/coredump, and GET /health/uploads, which says whether an upload would be accepted.
// This handler answers it, because it runs even while the schema changes and the database is away.

#include "auth/cache_folder.hpp"
#include "core/health/health.hpp"
#include "core/health/store_watch.hpp"
#include "core/lookup.hpp"
#include "core/uploads/uploads.hpp"
#include "domain/time.hpp"
#include "http/dump_body.hpp"
#include "http/health.hpp"
#include "http/program.hpp"
#include "log.hpp"
#include "storage/store_id.hpp"

using namespace coredepot;

namespace {

http::Response upload(core::Uploads& uploads, const http::Request& request) {
    const auto accepted =
        uploads.accept({request.identity.device, request.query.get("chip"),
                        request.query.get("firmware_version"), request.idempotency_key},
                       [&] { return http::read_dump(request); });
    json::Writer writer;
    writer.begin_object()
        .member("status", accepted.coredump_id ? "ok" : "spooled")
        .member("filename", accepted.filename.str());
    if (accepted.coredump_id) writer.member("coredump_id", *accepted.coredump_id);
    writer.end_object();
    return http::json_response(accepted.coredump_id ? 201 : 202, writer);
}

std::optional<core::Uploads::Places> places(const Config& config, metrics::Counters& counters) {
    const auto spool = config.spool_dir();
    if (!spool) return std::nullopt;
    auto files = core::dump_files(config, &counters);
    if (!files.has_bucket() && !files.folder()->keeps_labels()) {
        log::warning(
            "the file system of COREDUMPS_DIR has no extended attributes: if the database loses a "
            "row, only the core dump's bytes may tell its chip and firmware version",
            {{"folder", config.coredumps_dir->string()}});
    }
    return core::Uploads::Places{std::move(files),
                                 storage::Spool(*spool, config.spool_max_bytes, config.deduplicate),
                                 storage::wake_ups(spool)};
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        // An upload asks the database up to four times within nginx's limit of 30 seconds: for the
        // token's device, for the device, for the row, and once more for the row if the connection
        // broke.
        constexpr std::chrono::seconds kPatience{5};
        // It also asks the object store up to three times: to list, to put, and to put into the
        // spool.
        constexpr std::chrono::seconds kPatienceBesideStore{3};
        db::Database database(config.database_url, "coredepot-upload", db::Mode::ReadWrite,
                              config.s3 ? kPatienceBesideStore : kPatience);
        database.keep_plans();
        if (config.coredumps_dir) database.set_store(storage::store_id(*config.coredumps_dir));
        db::Devices devices(database);
        db::Coredumps coredumps(database);
        core::Uploads uploads(devices, coredumps, places(config, serve.counters()),
                              {config.max_coredumps, config.retention, config.deduplicate},
                              serve.counters(), config.upload_limit);
        std::optional<auth::IssuerKeys> keys;
        if (config.oidc) {
            keys.emplace(config.oidc->issuer_url, auth::cache_folder(*config.oidc), now,
                         config.oidc->ca_file);
        }
        core::StoreWatch store(config, serve.counters());
        serve({{http::Endpoint::UploadCoredump,
                [&](const http::Request& request) { return upload(uploads, request); }},
               {http::Endpoint::UploadsHealth,
                [&](const http::Request&) {
                    return http::uploads_health_response(
                        core::check_uploads(database, config, http::state_of_tokens(keys),
                                            [&] { return store.state(); }));
                }}},
              core::client_registry(devices));
    });
}
