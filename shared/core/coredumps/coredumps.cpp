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
    // Only when the list is empty do we have to ask whether there is such a device.
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

Coredumps::File Coredumps::locate(std::int64_t device_id, std::int64_t id,
                                  const std::string& method) {
    const auto file = coredumps_.file(device_id, id);
    if (!file) throw no_such_device(device_id);
    if (file->expired_at) throw FileExpired(std::to_string(id), to_iso8601(*file->expired_at));
    if (!file->file) throw no_such_coredump(id);
    const auto& [filename, object] = *file->file;
    if (object) {
        // nginx may take that long to ask.
        constexpr std::chrono::minutes kLifetime{1};
        auto target = files_.target(*object, kLifetime, method);
        if (!target) throw no_such_coredump(id);
        return {filename, "", std::move(target)};
    }
    const auto& folder = files_.folder();
    if (!folder || !folder->exists(file->device, filename)) throw no_such_coredump(id);
    return {filename, storage::DumpStore::relative_path(file->device, filename), std::nullopt};
}

void Coredumps::remove(std::int64_t device_id, std::int64_t id) {
    const auto device = require_device(devices_, device_id);
    const auto file = coredumps_.remove(device_id, id);
    if (!file) throw no_such_coredump(id);
    files_.remove(device.key, *file);
}

void Coredumps::remove_all(std::int64_t device_id) {
    const auto device = require_device(devices_, device_id);
    std::optional<CoredumpPosition> last;
    do {
        const auto removed = coredumps_.remove_some(device_id, last);
        for (const auto& file : removed.files) {
            files_.remove(device.key, file);
        }
        last = removed.last;
    } while (last);
}

}  // namespace coredepot::core
