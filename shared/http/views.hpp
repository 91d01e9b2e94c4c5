#pragma once

#include "domain/coredump.hpp"
#include "domain/device.hpp"
#include "json.hpp"

/// How the nouns look in JSON. Field names are part of the contract: more may come, none may go.
namespace coredepot::http {

void write(json::Writer& writer, const CoredumpSummary& coredump);
void write(json::Writer& writer, const CoredumpDetail& coredump);
void write(json::Writer& writer, const DeviceModel& model);
void write(json::Writer& writer, const Device& device);

/// `{"{name}": [...], "count": n}`
template <class Items>
void write_list(json::Writer& writer, std::string_view name, const Items& items) {
    writer.begin_object().key(name).begin_array();
    for (const auto& item : items) write(writer, item);
    writer.end_array().member("count", items.size()).end_object();
}

}  // namespace coredepot::http
