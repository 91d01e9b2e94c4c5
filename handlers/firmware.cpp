// Firmware: devices and admins download it; pipelines and admins upload it, and scripts help with
// that.

#include "auth/token_endpoint.hpp"
#include "core/errors.hpp"
#include "core/firmware/bundle.hpp"
#include "core/firmware/device_images.hpp"
#include "core/firmware/firmware_downloads.hpp"
#include "core/firmware/firmware_uploads.hpp"
#include "core/lookup.hpp"
#include "core/object_store.hpp"
#include "domain/time.hpp"
#include "http/byte_range.hpp"
#include "http/conditional.hpp"
#include "http/multipart.hpp"
#include "http/origin.hpp"
#include "http/program.hpp"
#include "http/upload_script.hpp"
#include "log.hpp"
#include "storage/open_images.hpp"

using namespace coredepot;

namespace {

/// A pipeline's upload is counted under one of these names: bundles take longer than plain images,
/// and fail for more reasons.
constexpr std::string_view kPipelineUpload = "pipeline_upload_firmware";
constexpr std::string_view kPipelineBundleUpload = "pipeline_upload_firmware_zip";

/// The longest range that we answer ourselves. Devices ask for 1 to 16 KB at a time. For longer
/// ones the web server reads the file.
constexpr std::uint64_t kLongestRange = 65'536;

http::Response download(storage::OpenImages& images, const storage::Image& image,
                        const ModelCode& model, const http::Request& request) {
    const auto etag = '"' + image.sha256 + '"';
    switch (http::judge(request, etag)) {
        case http::Precondition::Failed:
            throw core::PreconditionFailed("The file is not the one that the request asks for");
        case http::Precondition::NotModified:
            return http::not_modified(etag);
        case http::Precondition::Met:
            break;
    }
    const http::FileResponse file{"/_internal/images/" + image.relative_path,
                                  "firmware-" + model.str() + ".bin", etag};
    if (!request.range) return http::file_response(file);
    const auto size = images.size(image).value_or(0);
    const auto range = http::requested_range(request, etag, size, kLongestRange);
    if (!range) return http::file_response(file);
    auto bytes = images.read(image, range->first, range->length);
    if (!bytes) return http::file_response(file);
    return http::partial_content(file, *range, size, std::move(*bytes));
}

/// Unpacks the image at once. Then downloads do not depend on a disk that may be full or read-only
/// by then, and the first one does not wait. A failure here does not matter: the firmware is
/// stored.
void unpack(const core::FirmwareDownloads& downloads, const ModelCode& model,
            const FirmwareVersion& version) noexcept {
    try {
        downloads.current(model, version);
    } catch (const std::exception& error) {
        log::warning("cannot unpack the firmware ahead of its download",
                     {{"model", model.str()}, {"error", error.what()}});
    }
}

http::Response upload(core::FirmwareUploads& uploads, const core::FirmwareDownloads& downloads,
                      const DeviceModel& model, http::Request& request) {
    const auto body = request.body.read(uploads.max_bytes() + http::kMostAroundFile);
    if (!body) throw core::PayloadTooLarge("Firmware is larger than accepted");
    std::string_view firmware = *body;
    if (http::is_multipart(request.content_type)) {
        const auto field = http::multipart_field(request.content_type, *body, "file");
        if (!field) throw core::ValidationFailed("The multipart body has no field named file");
        firmware = *field;
    }
    if (request.operation == kPipelineUpload && core::looks_like_bundle(firmware)) {
        request.operation = kPipelineBundleUpload;
    }
    const auto version = uploads.accept(model, firmware);
    unpack(downloads, model.code, version);
    json::Writer writer;
    writer.begin_object()
        .member("id", model.id)
        .member("code", model.code.str())
        .member("firmware_version", version.str())
        .end_object();
    return http::json_response(200, writer);
}

std::optional<std::string> text(const std::optional<FirmwareVersion>& version) {
    if (!version) return std::nullopt;
    return version->str();
}

/// Whether a bucket may have newer firmware: S3_ENDPOINT was set once and no longer is, so the
/// folders hold older firmware. The rows tell. If no row names an object, downloads do not ask
/// again.
bool may_be_in_bucket(db::FirmwareVersions& versions) noexcept {
    try {
        if (!versions.any_in_bucket()) return false;
        log::error("firmware is in a bucket, and S3_ENDPOINT is not set");
    } catch (const std::exception& error) {
        log::warning("cannot tell where firmware is", {{"error", error.what()}});
    }
    return true;
}

/// Records the version that the device says it runs, if any. If that fails, the device still gets
/// its answer.
void note_running(db::Devices& devices, const Device& device, const http::Request& request) {
    const auto running = request.query.get("running");
    if (!running) return;
    const auto version = FirmwareVersion::parse(*running);
    if (!version) throw core::ValidationFailed("running must be a firmware version");
    try {
        devices.note_running(device.id, *version);
    } catch (const std::exception& error) {
        log::warning("cannot record which version a device runs",
                     {{"device", device.key.str()}, {"error", error.what()}});
    }
}

http::Response device_version(const Device& device) {
    json::Writer writer;
    writer.begin_object().member("firmware_version", text(device.firmware_version)).end_object();
    return http::json_response(200, writer);
}

http::Response pipeline_version(const DeviceModel& model) {
    json::Writer writer;
    writer.begin_object()
        .member("code", model.code.str())
        .member("firmware_version", text(model.firmware_version))
        .end_object();
    return http::json_response(200, writer);
}

/// When tokens are not checked, `token_endpoint` is empty and the script sends no token.
http::Response upload_script(http::Shell shell, const std::optional<std::string>& base_url,
                             std::optional<auth::TokenEndpoint>& token_endpoint,
                             const http::Request& request) {
    const auto backend_url = base_url ? *base_url : http::origin(request);
    std::string token_url;
    if (token_endpoint) {
        const auto found = token_endpoint->url();
        if (!found) throw auth::IssuerUnavailable("its token endpoint is not known");
        token_url = *found;
    }
    return http::upload_script(shell, backend_url, token_url);
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        using http::Endpoint;
        using http::Request;
        db::Database database(config.database_url, "coredepot-firmware", db::Mode::ReadWrite);
        db::Devices devices(database);
        db::DeviceModels models(database);
        db::FirmwareVersions versions(database);
        const storage::FirmwareStore store(config.assets_dir);
        db::Requeue requeue(database);
        const auto bucket =
            core::FirmwareBucket::make(config.s3, database, core::store_observer(serve.counters()));
        core::FirmwareUploads uploads(versions, requeue, store,
                                      storage::wake_ups(config.spool_dir()),
                                      {config.max_firmware_bytes, config.keep_elves}, bucket.get());
        const core::FirmwareDownloads downloads(
            store, storage::ImageCache(config.assets_dir),
            core::max_unpacked_bytes(config.max_firmware_bytes), serve.counters(),
            {bucket || may_be_in_bucket(versions) ? &versions : nullptr, bucket.get(),
             config.cache_max_bytes});

        core::DeviceImages device_images(devices, downloads, store);
        storage::OpenImages images(config.assets_dir);

        std::optional<auth::TokenEndpoint> token_endpoint;
        if (config.oidc) token_endpoint.emplace(*config.oidc, now);

        const auto of_device = [&](const Request& request) {
            return core::require_device(devices, request.identity.device);
        };
        const auto by_id = [&](const Request& request) {
            return core::require_model(models, request.id_parameter("id", "Device model"));
        };
        const auto by_code = [&](const Request& request) {
            return core::require_model(models, request.path_parameter("code"));
        };
        serve(
            {
                {Endpoint::GetFirmware,
                 [&](const Request& r) {
                     const auto& device = r.identity.device;
                     const auto found =
                         r.range ? device_images.recent(device) : device_images.current(device);
                     return download(images, found.image, found.model, r);
                 }},
                {Endpoint::GetFirmwareVersion,
                 [&](const Request& r) {
                     const auto device = of_device(r);
                     note_running(devices, device, r);
                     return device_version(device);
                 }},
                {Endpoint::DownloadModelFirmware,
                 [&](const Request& r) {
                     const auto model = by_id(r);
                     const auto image = downloads.current(model.code, model.firmware_version);
                     return download(images, image, model.code, r);
                 }},
                {Endpoint::UploadModelFirmware,
                 [&](Request& r) { return upload(uploads, downloads, by_id(r), r); }},
                {Endpoint::UploadPipelineFirmware,
                 [&](Request& r) { return upload(uploads, downloads, by_code(r), r); }},
                {Endpoint::GetPipelineFirmwareVersion,
                 [&](const Request& r) { return pipeline_version(by_code(r)); }},
                {Endpoint::GetUploadSh,
                 [&](const Request& r) {
                     return upload_script(http::Shell::Sh, config.base_url, token_endpoint, r);
                 }},
                {Endpoint::GetUploadPs1,
                 [&](const Request& r) {
                     return upload_script(http::Shell::PowerShell, config.base_url, token_endpoint,
                                          r);
                 }},
            },
            core::client_registry(devices));
    });
}
