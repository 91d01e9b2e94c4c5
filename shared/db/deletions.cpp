#include "db/deletions.hpp"

#include "db/session.hpp"
#include "db/text_array.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kDeletionsOf{"deletions_of_coredump", R"(
    SELECT encode(sha256, 'hex') FROM deleted_coredumps WHERE device_key = $1 AND filename = $2)"};

constexpr Statement kDeletionsAfter{"deletions_after", R"(
    SELECT device_key, filename, deleted_at < now() - $3::bigint * interval '1 second' AS is_old
      FROM deleted_coredumps
     WHERE (device_key, filename) > ($1, $2)
     ORDER BY device_key, filename
     LIMIT 10000)"};

constexpr Statement kForgetDeletions{"forget_deletions", R"(
    DELETE FROM deleted_coredumps d
     USING unnest($1::text[], $2::text[]) AS gone (device_key, filename)
     WHERE d.device_key = ANY ($1::text[])  -- which the index is for
       AND d.device_key = gone.device_key AND d.filename = gone.filename
       AND d.deleted_at < now() - $3::bigint * interval '1 second')"};

}  // namespace

std::vector<Deletions::Deleted> Deletions::of(const DeviceKey& device,
                                              const DumpFilename& filename) {
    std::vector<Deleted> deletions;
    for (const auto& row :
         database_.session().execute(kDeletionsOf, device.str(), filename.str())) {
        deletions.push_back({Fields(row).optional_string()});
    }
    return deletions;
}

/// If a name has several records and a page ends between them, the others stay and are forgotten
/// later.
Deletions::Page Deletions::page(const std::optional<Name>& after, std::chrono::seconds age) {
    Page page;
    for (const auto& row : database_.session().execute(
             kDeletionsAfter, after ? after->device.str() : "", after ? after->filename.str() : "",
             std::int64_t{age.count()})) {
        Fields fields(row);
        auto device = fields.name<DeviceKey>();
        auto filename = fields.name<DumpFilename>();
        page.last = {std::move(device), std::move(filename)};
        if (fields.truth()) page.old.push_back(*page.last);
    }
    return page;
}

void Deletions::forget(const std::vector<Name>& names, std::chrono::seconds age) {
    TextArray devices;
    TextArray filenames;
    for (const auto& name : names) {
        devices.add(name.device.str());
        filenames.add(name.filename.str());
    }
    database_.session().execute(kForgetDeletions, devices.str(), filenames.str(),
                                std::int64_t{age.count()});
}

}  // namespace coredepot::db
