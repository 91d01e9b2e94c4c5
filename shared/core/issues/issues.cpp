#include "core/issues/issues.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/errors.hpp"
#include "core/lookup.hpp"
#include "core/paging.hpp"
#include "core/searched_text.hpp"
#include "text/ascii.hpp"
#include "text/integers.hpp"

namespace coredepot::core {
namespace {

/// The default size of a page of issues, because each has a sparkline.
constexpr std::int64_t kIssuesOfPage = 100;

constexpr std::size_t kMaxIssueSearched = 200;

template <std::size_t N>
void require_one_of(const std::string& text, const std::array<std::string_view, N>& words,
                    const std::string& parameter) {
    if (std::ranges::find(words, text) != words.end()) return;
    std::string list;
    for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
    throw ValidationFailed(parameter + " must be one of " + list);
}

void require_filter(const IssueFilter& filter) {
    static constexpr std::array<std::string_view, 4> kSorts{"last_seen", "first_seen", "devices",
                                                            "occurrences"};
    static constexpr std::array<std::string_view, 4> kStates{"open", "resolved", "muted", "merged"};
    require_one_of(filter.sort, kSorts, "sort");
    if (filter.state) require_one_of(*filter.state, kStates, "state");
    if (filter.text) require_searchable(*filter.text, kMaxIssueSearched);
    if (filter.min_devices && *filter.min_devices < 0) {
        throw ValidationFailed("min_devices must not be negative");
    }
    if (filter.version && !FirmwareVersion::parse(*filter.version)) {
        throw ValidationFailed("version must be a firmware version");
    }
}

}  // namespace

IssueReference issue_reference(const std::string& text) {
    if (const auto id = parse_integer(text); id && *id > 0) return {*id, std::nullopt, 0};
    const auto dash = text.rfind('-');
    if (dash != std::string::npos) {
        const auto model = ModelCode::parse(ascii_lower(text.substr(0, dash)));
        const auto number = parse_integer(std::string_view(text).substr(dash + 1));
        if (model && number && *number > 0) return {0, model, *number};
    }
    throw NotFound("Issue", text);
}

std::int64_t Issues::id_of(const std::string& reference) {
    if (const auto id = issues_.id_of(issue_reference(reference))) return *id;
    throw NotFound("Issue", reference);
}

IssuePage Issues::list(IssueFilter filter, const std::optional<std::string>& model,
                       const PageRequest<IssuePosition>& page) {
    require_filter(filter);
    const auto rows = page_rows(page.limit ? page.limit : kIssuesOfPage);
    if (model) filter.device_model_id = require_model(models_, *model).id;
    auto placed = to_page(issues_.list(filter, page.after, rows + 1), rows,
                          [](const db::Issues::Placed& item) { return item.position; });
    IssuePage result{{}, placed.next};
    for (auto& item : placed.items) result.items.push_back(std::move(item.issue));
    return result;
}

IssueDetail Issues::find(const std::string& reference) {
    if (auto issue = issues_.find(issue_reference(reference))) return *issue;
    throw NotFound("Issue", reference);
}

std::vector<IssueVersion> Issues::versions(const std::string& reference) {
    return issues_.versions(id_of(reference));
}

IssueDevicePage Issues::devices(const std::string& reference,
                                const PageRequest<std::int64_t>& page) {
    const auto rows = page_rows(page.limit);
    return to_page(issues_.devices(id_of(reference), page.after.value_or(0), rows + 1), rows,
                   [](const IssueDevice& device) { return device.id; });
}

IssueSeries Issues::series(const std::string& reference) {
    return issues_.series(id_of(reference));
}

IssueEventPage Issues::history(const std::string& reference,
                               const PageRequest<std::int64_t>& page) {
    const auto rows = page_rows(page.limit);
    return to_page(issues_.history(id_of(reference), page.after, rows + 1), rows,
                   [](const IssueEvent& event) { return event.id; });
}

std::vector<IssueSummary> Issues::similar(const std::string& reference) {
    return issues_.similar(id_of(reference));
}

db::CoredumpSearch::Found Issues::coredumps(db::CoredumpSearch::Filter filter,
                                            const std::optional<std::string>& issue,
                                            const std::optional<std::string>& model,
                                            const PageRequest<CoredumpPosition>& page) {
    static constexpr std::array<std::string_view, 3> kStatuses{"PENDING", "PARSED", "ERROR"};
    if (filter.status) require_one_of(*filter.status, kStatuses, "status");
    if (filter.version && !FirmwareVersion::parse(*filter.version)) {
        throw ValidationFailed("version must be a firmware version");
    }
    const auto rows = page_rows(page.limit);
    if (issue) filter.issue = id_of(*issue);
    if (model) filter.device_model_id = require_model(models_, *model).id;
    return coredumps_.find(filter, page.after, rows);
}

std::vector<ModelVersion> Issues::versions_of_model(std::int64_t device_model_id) {
    require_model(models_, device_model_id);
    return versions_.of_model(device_model_id);
}

}  // namespace coredepot::core
