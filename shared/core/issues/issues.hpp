#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/coredump_search.hpp"
#include "db/device_models.hpp"
#include "db/issues.hpp"
#include "db/model_versions.hpp"
#include "domain/issue.hpp"
#include "domain/page.hpp"

namespace coredepot::core {

using IssuePage = Page<IssueSummary, IssuePosition>;
using IssueDevicePage = Page<IssueDevice, std::int64_t>;
using IssueEventPage = Page<IssueEvent, std::int64_t>;

/// Parses `THERMOSTAT-12`, in any case, or an ID. Throws NotFound for anything else.
IssueReference issue_reference(const std::string& text);

/// Reads issues and the versions of models. All throw Refusal and db::Unavailable: NotFound for a
/// missing issue or model, ValidationFailed for an invalid filter or limit.
class Issues {
  public:
    Issues(db::Issues& issues, db::ModelVersions& versions, db::CoredumpSearch& coredumps,
           db::DeviceModels& models)
        : issues_(issues), versions_(versions), coredumps_(coredumps), models_(models) {}

    /// `model`: a code, to filter by.
    IssuePage list(IssueFilter filter, const std::optional<std::string>& model,
                   const PageRequest<IssuePosition>& page);
    IssueDetail find(const std::string& reference);
    std::vector<IssueVersion> versions(const std::string& reference);
    IssueDevicePage devices(const std::string& reference, const PageRequest<std::int64_t>& page);
    IssueSeries series(const std::string& reference);
    IssueEventPage history(const std::string& reference, const PageRequest<std::int64_t>& page);
    std::vector<IssueSummary> similar(const std::string& reference);

    /// With `issue`, only those of that issue.
    db::CoredumpSearch::Found coredumps(db::CoredumpSearch::Filter filter,
                                        const std::optional<std::string>& issue,
                                        const std::optional<std::string>& model,
                                        const PageRequest<CoredumpPosition>& page);
    std::vector<ModelVersion> versions_of_model(std::int64_t device_model_id);

  private:
    std::int64_t id_of(const std::string& reference);

    db::Issues& issues_;
    db::ModelVersions& versions_;
    db::CoredumpSearch& coredumps_;
    db::DeviceModels& models_;
};

}  // namespace coredepot::core
