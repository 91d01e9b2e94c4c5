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

}  // namespace coredepot::http
