#include "core/fsck/adoption.hpp"

#include <map>
#include <set>

#include "log.hpp"
#include "os/storage_error.hpp"
#include "sha256.hpp"

namespace coredepot::core {

std::variant<DumpLabel, NoRow> label_by_bytes(const ReadFacts& read_facts, db::Devices& devices,
                                              db::FirmwareVersions& versions,
                                              const DeviceKey& device, const std::string& bytes) {
    const auto facts = read_facts(std::as_bytes(std::span(bytes)));
    const auto chip = Chip::parse(facts.chip.value_or(""));
    if (!chip) return NoRow{"it has no label, and does not tell of which chip it is"};
    const auto owner = devices.find(device);
    if (!owner) return NoRow{NoRow::kUnknownDevice};
    std::optional<FirmwareVersion> version;
    if (facts.elf_sha256_prefix) {
        const auto bundles = versions.find_by_elf(owner->device_model_id, *facts.elf_sha256_prefix);
        if (!bundles.empty()) version = bundles.front().version;
    }
    return DumpLabel{*chip, version.value_or(FirmwareVersion::trusted(Adoption::kUnknownVersion)),
                     owner->model_code, std::nullopt};
}

void make_devices_again(db::DeviceModels& models, db::Devices& devices,
                        const std::map<DeviceKey, ModelCode>& missing) {
    std::set<ModelCode> codes;
    std::vector<db::Devices::KeyAndModel> rows;
    for (const auto& [key, code] : missing) {
        codes.insert(code);
        rows.push_back({key, code});
    }
    for (const auto& code : codes) {
        if (models.find(code) || !models.insert(code, code.str())) continue;
        log::warning("made a missing device model again", {{"model", code.str()}});
    }
    for (const auto& key : devices.insert_all(rows)) {
        log::warning("made a missing device again", {{"device", key.str()}});
    }
}

Adoption::Result Adoption::adopt(const DeviceKey& device, const DumpFilename& filename) {
    std::optional<std::string> bytes;
    try {
        bytes = parts_.dumps.read(device, filename);
    } catch (const os::StorageError& error) {
        if (error.code() != std::errc::file_too_large) throw;
        return quarantine(device, filename, "larger than a core dump may be");
    }
    if (!bytes) return {};
    if (bytes->empty()) return quarantine(device, filename, "empty");
    if (!uploaded_at(filename)) return quarantine(device, filename, "its name has no such time");
    const auto described = describe(device, filename, *bytes);
    if (const auto* label = std::get_if<DumpLabel>(&described)) {
        return record(device, filename, *bytes, *label);
    }
    return quarantine(device, filename, std::get<NoRow>(described).reason);
}

/// If the facts were beside the label, they become the label.
std::variant<DumpLabel, NoRow> Adoption::describe(const DeviceKey& device,
                                                  const DumpFilename& filename,
                                                  const std::string& bytes) {
    if (auto label = parts_.dumps.label(device, filename)) {
        if (label->sha256_start && !sha256_hex(bytes).starts_with(*label->sha256_start)) {
            return NoRow{"torn: its bytes are not those that its label tells of"};
        }
        return *std::move(label);
    }
    if (const auto description = parts_.dumps.description(device, filename)) {
        if (description->device && *description->device != device) {
            return NoRow{"what is written beside it names another device"};
        }
        if (parts_.dumps.set_label(device, filename, description->label, true)) {
            parts_.dumps.remove_description(device, filename);
        }
        return description->label;
    }
    auto label = label_by_bytes(parts_.read_facts, parts_.devices, parts_.versions, device, bytes);
    if (const auto* told = std::get_if<DumpLabel>(&label)) {
        parts_.dumps.set_label(device, filename, *told, true);
    }
    return label;
}

Adoption::Result Adoption::record(const DeviceKey& device, const DumpFilename& filename,
                                  const std::string& bytes, const DumpLabel& label) {
    if (make_devices_ && label.model_code && !parts_.devices.find(device)) {
        make_devices_again(parts_.models, parts_.devices, {{device, *label.model_code}});
    }
    const auto at = uploaded_at(filename).value();
    // The process that stored it may have been killed before it was on the disk.
    if (!parts_.dumps.make_durable(device, filename)) return {};
    const LateDump dump{device, label, at, static_cast<std::int64_t>(bytes.size()),
                        sha256_hex(bytes)};
    // It is in its final place, unless another host's core dump has that name.
    const auto place = [&](const Device& owner, Timestamp free_from) {
        if (free_from == at) return storage::StoredDump{filename, at};
        return parts_.dumps.store_again(owner.key, free_from, bytes, label);
    };
    const auto outcome = parts_.rows.make(dump, place);
    const auto* row = std::get_if<LateRow>(&outcome);
    if (row == nullptr) {
        const auto& none = std::get<NoRow>(outcome);
        return quarantine(device, none.placed ? none.placed->filename : filename, none.reason);
    }
    if (row->is_of_repeat) {
        log::warning(
            "a file without a row was a repeat, and is removed",
            {{"device", device.str()}, {"filename", filename.str()}, {"coredump", row->id}});
        return {Outcome::Repeated, {}};
    }
    parts_.counters.record(metrics::Event::CoredumpAdopted);
    log::warning("made a new row for a core dump that had lost its own",
                 {{"device", device.str()}, {"filename", filename.str()}, {"coredump", row->id}});
    return {Outcome::Adopted, {}};
}

Adoption::Result Adoption::quarantine(const DeviceKey& device, const DumpFilename& filename,
                                      const std::string& reason) {
    if (!parts_.quarantine.put(device, filename, reason)) return {};
    parts_.counters.record(metrics::Event::CoredumpQuarantined);
    log::warning("a core dump without a row is quarantined",
                 {{"device", device.str()}, {"filename", filename.str()}, {"reason", reason}});
    return {Outcome::Quarantined, reason};
}

void Adoption::make_devices_of(const std::vector<Name>& dumps) {
    std::map<DeviceKey, ModelCode> models;
    for (const auto& dump : dumps) {
        if (models.contains(dump.device)) continue;
        if (auto code = model_told_beside(dump)) models.emplace(dump.device, *std::move(code));
    }
    make_devices_again(parts_.models, parts_.devices, models);
}

std::optional<ModelCode> Adoption::model_told_beside(const Name& dump) {
    if (const auto label = parts_.dumps.label(dump.device, dump.filename)) return label->model_code;
    const auto description = parts_.dumps.description(dump.device, dump.filename);
    if (!description || description->device.value_or(dump.device) != dump.device) return {};
    return description->label.model_code;
}

}  // namespace coredepot::core
