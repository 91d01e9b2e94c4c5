#include "storage/dump_quarantine.hpp"

#include "os/attributes.hpp"
#include "os/durability.hpp"
#include "os/files.hpp"
#include "storage/disk_layout.hpp"

namespace coredepot::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxReason = 200;

}  // namespace

std::optional<QuarantinedDump> QuarantinedDump::parse(const std::string& name) {
    const auto dash = name.find('-');
    if (dash == std::string::npos) return std::nullopt;
    const auto device = DeviceKey::parse(name.substr(0, dash));
    const auto filename = DumpFilename::parse(name.substr(dash + 1));
    if (!device || !filename) return std::nullopt;
    return QuarantinedDump{*device, *filename};
}

fs::path DumpQuarantine::place(const DeviceKey& device, const DumpFilename& filename) const {
    return root_ / layout::kQuarantine / layout::quarantined_name(device, filename);
}

fs::path DumpQuarantine::path(const DeviceKey& device, const DumpFilename& filename) const {
    return root_ / layout::dump_path(device, filename);
}

bool DumpQuarantine::put(const DeviceKey& device, const DumpFilename& filename,
                         const std::string& reason) const {
    const auto from = path(device, filename);
    const auto file = os::open_existing(from);
    if (!file) return false;
    os::write_attribute(*file, layout::kReasonAttribute, reason.substr(0, kMaxReason), from);
    const auto to = place(device, filename);
    os::ensure_folder(to.parent_path());
    // One of that name is already there: somebody moved an earlier one back as a copy.
    if (!os::rename_to_free(from, to)) os::rename_over(from, to.string() + '.' + os::random_name());
    os::sync_folder(to.parent_path());
    os::sync_folder(from.parent_path());
    return true;
}

std::optional<std::string> DumpQuarantine::reason(const QuarantinedDump& dump) const {
    return os::read_attribute(place(dump.device, dump.filename), layout::kReasonAttribute,
                              kMaxReason);
}

bool DumpQuarantine::release(const QuarantinedDump& dump) const {
    const auto from = place(dump.device, dump.filename);
    const auto to = path(dump.device, dump.filename);
    if (!os::open_existing(from)) return false;
    os::ensure_folder(to.parent_path());
    if (!os::rename_to_free(from, to)) return false;
    os::sync_folder(to.parent_path());
    os::sync_folder(from.parent_path());
    return true;
}

}  // namespace coredepot::storage
