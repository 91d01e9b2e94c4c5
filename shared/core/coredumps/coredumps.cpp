#include "core/coredumps/coredumps.hpp"

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "core/paging.hpp"

namespace coredepot::core {
namespace {

NotFound no_such_coredump(std::int64_t id) {
    return {"Coredump", std::to_string(id)};
}

}  // namespace

CoredumpPage Coredumps::list(std::int64_t device_id, const PageRequest<CoredumpPosition>& page) {
    const auto rows = page_rows(page.limit);
    auto coredumps = coredumps_.of_device(device_id, page.after, rows + 1);
    // Only an empty list leaves the question open whether there is such a device.
    if (coredumps.empty()) require_device(devices_, device_id);
    return to_page(std::move(coredumps), rows, [](const CoredumpSummary& coredump) {
        return CoredumpPosition{coredump.uploaded_at, coredump.id};
    });
}

CoredumpDetail Coredumps::find(std::int64_t device_id, std::int64_t id) {
    if (auto coredump = coredumps_.find(device_id, id)) return *coredump;
    require_device(devices_, device_id);
    throw no_such_coredump(id);
}

CoredumpDetail Coredumps::find(std::int64_t id) {
    if (auto coredump = coredumps_.find(std::nullopt, id)) return *coredump;
    throw no_such_coredump(id);
}

Coredumps::File Coredumps::locate(std::int64_t device_id, std::int64_t id) {
    const auto file = coredumps_.file(device_id, id);
    if (!file) throw no_such_device(device_id);
    if (file->expired_at) throw FileExpired(std::to_string(id), to_iso8601(*file->expired_at));
    if (!file->file || !store_ || !store_->exists(file->device, file->file->filename)) {
        throw no_such_coredump(id);
    }
    const auto& filename = file->file->filename;
    return {filename, storage::DumpStore::relative_path(file->device, filename)};
}

void Coredumps::remove(std::int64_t device_id, std::int64_t id) {
    const auto device = require_device(devices_, device_id);
    const auto file = coredumps_.remove(device_id, id);
    if (!file) throw no_such_coredump(id);
    if (store_) store_->remove(device.key, file->filename);
}

void Coredumps::remove_all(std::int64_t device_id) {
    const auto device = require_device(devices_, device_id);
    std::optional<CoredumpPosition> last;
    do {
        const auto removed = coredumps_.remove_some(device_id, last);
        for (const auto& file : removed.files) {
            if (store_) store_->remove(device.key, file.filename);
        }
        last = removed.last;
    } while (last);
}

}  // namespace coredepot::core
