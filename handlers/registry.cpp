// Device models and devices.

#include <algorithm>

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "core/object_store.hpp"
#include "core/registry/device_models.hpp"
#include "core/registry/devices.hpp"
#include "core/registry/model_signature_rules.hpp"
#include "http/json_body.hpp"
#include "http/paging.hpp"
#include "http/program.hpp"
#include "http/views.hpp"
#include "signature_rules_json.hpp"

using namespace coredepot;

namespace {

template <class Noun>
http::Response respond(int status, const Noun& noun) {
    json::Writer writer;
    http::write(writer, noun);
    return http::json_response(status, writer);
}

std::int64_t model_id(const http::Request& request) {
    return request.id_parameter("id", "Device model");
}

std::int64_t device_id(const http::Request& request) {
    return request.id_parameter("id", "Device");
}

http::Response list_models(core::DeviceModels& models, const http::Request& request) {
    const http::Cursor cursor("device models");
    return http::page_response("device_models",
                               models.list(http::page_request<ModelCode>(request, cursor)), cursor);
}

http::Response create_model(core::DeviceModels& models, const http::Request& request) {
    const auto body = http::read_json(request);
    const auto code = http::require_string(body, "code");
    return respond(201, models.create(code, http::require_string(body, "name")));
}

http::Response rename_model(core::DeviceModels& models, const http::Request& request) {
    const auto id = model_id(request);
    return respond(200, models.rename(id, http::require_string(http::read_json(request), "name")));
}

http::Response delete_model(core::DeviceModels& models, const http::Request& request) {
    models.remove(model_id(request));
    return http::no_content();
}

http::Response respond_rules(const db::KeptSignatureRules& kept) {
    json::Writer writer;
    writer.begin_object().key("rules");
    write(writer, kept.rules);
    writer.member("reparsing", kept.requeueing).end_object();
    return http::json_response(200, writer);
}

http::Response replace_rules(core::ModelSignatureRules& rules, const http::Request& request) {
    const auto id = model_id(request);
    const auto parsed = parse_signature_rules(http::read_json(request));
    const auto* fault = std::get_if<std::string>(&parsed);
    if (fault != nullptr) throw core::ValidationFailed(*fault);
    return respond_rules(rules.replace(id, std::get<SignatureRules>(parsed)));
}

http::Response list_devices(core::Devices& devices, const http::Request& request) {
    const auto model = http::optional_integer(request, "device_model_id");
    const auto text = request.query.get("q");
    const http::Cursor cursor("devices of " + (model ? std::to_string(*model) : "all") +
                              (text ? " with " + *text : ""));
    const auto page = http::page_request<std::int64_t>(request, cursor);
    // The last ID of the previous page: an older parameter than cursors.
    const auto after = http::optional_integer(request, "after").value_or(0);
    return http::page_response(
        "devices", devices.list({model, std::max(after, page.after.value_or(0)), page.limit, text}),
        cursor);
}

http::Response create_device(core::Devices& devices, const http::Request& request) {
    const auto body = http::read_json(request);
    const auto device_model_id = http::require_integer(body, "device_model_id");
    return respond(201, devices.create(device_model_id, http::optional_string(body, "device_name"),
                                       http::optional_string(body, "client_id")));
}

/// An absent member changes nothing; null removes the value.
std::optional<std::optional<std::string>> change_of(const json::Object& body, const char* member) {
    if (!body.has(member)) return std::nullopt;
    return http::optional_string(body, member);
}

http::Response change_device(core::Devices& devices, const http::Request& request) {
    const auto id = device_id(request);
    const auto body = http::read_json(request);
    const core::Devices::Change change{change_of(body, "device_name"),
                                       change_of(body, "client_id")};
    // A request that changes nothing is a mistake, such as a misspelt name.
    if (!change.client_id) http::nullable_string(body, "device_name");
    return respond(200, devices.change(id, change));
}

http::Response delete_device(core::Devices& devices, const http::Request& request) {
    devices.remove(device_id(request));
    return http::no_content();
}

}  // namespace

int main() {
    return http::run_handler([](const Config& config, const http::Serve& serve) {
        using http::Endpoint;
        using http::Request;
        db::Database database(config.database_url, "coredepot-registry", db::Mode::ReadWrite);
        db::DeviceModels model_rows(database);
        db::Devices device_rows(database);
        const auto bucket =
            core::FirmwareBucket::make(config.s3, database, core::store_observer(serve.counters()));
        core::DeviceModels models(model_rows, storage::FirmwareStore(config.assets_dir),
                                  storage::ImageCache(config.assets_dir), bucket.get());
        core::Devices devices(device_rows, model_rows, core::dump_files(config, &serve.counters()));
        db::SignatureRulesTable rule_rows(database);
        core::ModelSignatureRules rules(model_rows, rule_rows,
                                        storage::wake_ups(config.spool_dir()));
        serve(
            {
                {Endpoint::ListDeviceModels,
                 [&](const Request& r) { return list_models(models, r); }},
                {Endpoint::CreateDeviceModel,
                 [&](const Request& r) { return create_model(models, r); }},
                {Endpoint::GetDeviceModel,
                 [&](const Request& r) { return respond(200, models.find(model_id(r))); }},
                {Endpoint::RenameDeviceModel,
                 [&](const Request& r) { return rename_model(models, r); }},
                {Endpoint::DeleteDeviceModel,
                 [&](const Request& r) { return delete_model(models, r); }},
                {Endpoint::GetSignatureRules,
                 [&](const Request& r) { return respond_rules(rules.find(model_id(r))); }},
                {Endpoint::ReplaceSignatureRules,
                 [&](const Request& r) { return replace_rules(rules, r); }},
                {Endpoint::ListDevices, [&](const Request& r) { return list_devices(devices, r); }},
                {Endpoint::CreateDevice,
                 [&](const Request& r) { return create_device(devices, r); }},
                {Endpoint::GetDevice,
                 [&](const Request& r) { return respond(200, devices.find(device_id(r))); }},
                {Endpoint::ChangeDevice,
                 [&](const Request& r) { return change_device(devices, r); }},
                {Endpoint::DeleteDevice,
                 [&](const Request& r) { return delete_device(devices, r); }},
            },
            core::client_registry(device_rows));
    });
}
