#include "db/derived_sums.hpp"

#include "db/session.hpp"

namespace coredepot::db {
namespace {

constexpr Statement kSumsOfIssues{"sums_of_issues", R"(
    SELECT i.id, issue_name(m.code, i.number), has_wrong_sums(i.id)
      FROM (SELECT id, number, device_model_id FROM issues WHERE id > $1 ORDER BY id LIMIT 20) AS i
      JOIN device_models m ON m.id = i.device_model_id
     ORDER BY i.id)"};

constexpr Statement kSumsOfVersions{"sums_of_versions", R"(
    SELECT v.id, m.code || ' ' || v.version, version_has_wrong_sums(v.id)
      FROM (SELECT id, version, device_model_id FROM model_versions
             WHERE id > $1 ORDER BY id LIMIT 20) AS v
      JOIN device_models m ON m.id = v.device_model_id
     ORDER BY v.id)"};

constexpr Statement kFilesAreWrong{"kept_files_are_wrong", "SELECT kept_files_are_wrong()"};
constexpr Statement kRepairIssue{"repair_sums", "SELECT repair_sums($1)"};
constexpr Statement kRepairVersion{"repair_version_sums", "SELECT repair_version_sums($1)"};

std::vector<DerivedSums::Sum> to_sums(const pqxx::result& rows) {
    std::vector<DerivedSums::Sum> sums;
    for (const auto& row : rows) {
        Fields fields(row);
        sums.push_back({fields.integer(), fields.string(), fields.truth()});
    }
    return sums;
}

}  // namespace

std::vector<DerivedSums::Sum> DerivedSums::issues(std::int64_t after) {
    return to_sums(database_.session().execute(kSumsOfIssues, after));
}

std::vector<DerivedSums::Sum> DerivedSums::versions(std::int64_t after) {
    return to_sums(database_.session().execute(kSumsOfVersions, after));
}

bool DerivedSums::files_are_wrong() {
    return Fields(database_.session().execute(kFilesAreWrong)[0]).truth();
}

void DerivedSums::repair_issue(std::int64_t id) {
    database_.session().execute(kRepairIssue, id);
}

void DerivedSums::repair_version(std::int64_t id) {
    database_.session().execute(kRepairVersion, id);
}

}  // namespace coredepot::db
