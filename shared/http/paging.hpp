#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/errors.hpp"
#include "domain/coredump.hpp"
#include "domain/issue.hpp"
#include "domain/names.hpp"
#include "domain/page.hpp"
#include "http/alert_views.hpp"
#include "http/cursor.hpp"
#include "http/issue_views.hpp"
#include "http/json_body.hpp"
#include "http/response.hpp"
#include "http/views.hpp"
#include "text/integers.hpp"

/// Pages of lists: requests have `limit` and `cursor`, and answers have `next`.
namespace coredepot::http {

/// Converts a position to the fields of a cursor and back.
template <class Position>
struct PositionFields;

template <>
struct PositionFields<std::int64_t> {
    static constexpr std::size_t kCount = 1;
    static std::vector<std::string> write(std::int64_t id) { return {std::to_string(id)}; }
    static std::optional<std::int64_t> read(const std::vector<std::string>& fields) {
        return parse_integer(fields[0]);
    }
};

template <>
struct PositionFields<ModelCode> {
    static constexpr std::size_t kCount = 1;
    static std::vector<std::string> write(const ModelCode& code) { return {code.str()}; }
    static std::optional<ModelCode> read(const std::vector<std::string>& fields) {
        return ModelCode::parse(fields[0]);
    }
};

template <>
struct PositionFields<CoredumpPosition> {
    static constexpr std::size_t kCount = 2;
    static std::vector<std::string> write(const CoredumpPosition& position) {
        return {to_field(position.uploaded_at), std::to_string(position.id)};
    }
    static std::optional<CoredumpPosition> read(const std::vector<std::string>& fields) {
        const auto uploaded_at = to_time(fields[0]);
        const auto id = parse_integer(fields[1]);
        if (!uploaded_at || !id) return std::nullopt;
        return CoredumpPosition{*uploaded_at, *id};
    }
};

template <>
struct PositionFields<IssuePosition> {
    static constexpr std::size_t kCount = 2;
    static std::vector<std::string> write(const IssuePosition& position) {
        return {std::to_string(position.value), std::to_string(position.id)};
    }
    static std::optional<IssuePosition> read(const std::vector<std::string>& fields) {
        // It must be in the years that PostgreSQL supports. No count is larger than that.
        const auto value = to_time(fields[0]);
        const auto id = parse_integer(fields[1]);
        if (!value || !id) return std::nullopt;
        return IssuePosition{value->time_since_epoch().count(), *id};
    }
};

/// The requested page of `list`. Throws core::ValidationFailed.
template <class Position>
PageRequest<Position> page_request(const Request& request, const Cursor& list) {
    using Fields = PositionFields<Position>;
    PageRequest<Position> page{std::nullopt, optional_integer(request, "limit")};
    const auto text = request.query.get("cursor");
    if (!text) return page;
    const auto fields = list.read(*text, Fields::kCount);
    if (fields) page.after = Fields::read(*fields);
    if (!page.after) throw core::ValidationFailed("cursor must be the next of a page of this list");
    return page;
}

/// `{"{name}": [...], "count": n, "next": "..."}`. `count` is the number of rows on this page;
/// `next` is null on the last page.
template <class Item, class Position>
void write_page(json::Writer& writer, std::string_view name, const Page<Item, Position>& page,
                const Cursor& list) {
    writer.begin_object().key(name).begin_array();
    for (const auto& item : page.items) write(writer, item);
    writer.end_array().member("count", page.items.size());
    std::optional<std::string> next;
    if (page.next) next = list.write(PositionFields<Position>::write(*page.next));
    writer.member("next", next).end_object();
}

template <class Item, class Position>
Response page_response(std::string_view name, const Page<Item, Position>& page,
                       const Cursor& list) {
    json::Writer writer;
    write_page(writer, name, page, list);
    return json_response(200, writer);
}

}  // namespace coredepot::http
