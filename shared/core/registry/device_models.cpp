#include "core/registry/device_models.hpp"

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "core/paging.hpp"
#include "core/registry/display_name.hpp"

namespace coredepot::core {
namespace {

NotFound no_such_model(std::int64_t id) {
    return {"Device model", std::to_string(id)};
}

}  // namespace

DeviceModelPage DeviceModels::list(const PageRequest<ModelCode>& page) {
    const auto rows = page_rows(page.limit);
    return to_page(models_.list(page.after, rows + 1), rows,
                   [](const DeviceModel& model) { return model.code; });
}

DeviceModel DeviceModels::find(std::int64_t id) {
    return require_model(models_, id);
}

DeviceModel DeviceModels::create(const std::string& code, const std::string& name) {
    const auto good_code = ModelCode::parse(code);
    if (!good_code) {
        throw ValidationFailed("code must be 1 to 50 lower-case letters, digits and underscores");
    }
    require_display_name(name, "name");
    if (auto model = models_.insert(*good_code, name)) return *model;
    throw AlreadyExists("Device model " + code + " already exists");
}

DeviceModel DeviceModels::rename(std::int64_t id, const std::string& name) {
    require_display_name(name, "name");
    if (auto model = models_.rename(id, name)) return *model;
    throw no_such_model(id);
}

void DeviceModels::remove(std::int64_t id) {
    const auto model = require_model(models_, id);
    // Until the files are gone, so that firmware of a new model with this code comes after them.
    const auto lock = firmware_.lock(model.code);
    switch (models_.remove(id)) {
        case db::DeviceModels::Removal::Removed:
            firmware_.remove_model(model.code);
            images_.remove_model(model.code);
            if (bucket_ != nullptr) bucket_->remove_dropped(model.code, std::chrono::seconds(0));
            return;
        case db::DeviceModels::Removal::Unknown:
            throw no_such_model(id);
        case db::DeviceModels::Removal::InUse:
            throw InvalidOperation(
                "delete device model",
                std::to_string(require_model(models_, id).device_count) + " devices use it");
    }
}

}  // namespace coredepot::core
