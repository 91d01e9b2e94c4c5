#pragma once

#include "domain/coredump.hpp"
#include "domain/device.hpp"
#include "http/response.hpp"
#include "json.hpp"

/// How the nouns look in JSON. Field names are part of the contract: more may come, none may go.
namespace coredepot::http {

void write(json::Writer& writer, const CoredumpSummary& coredump);
void write(json::Writer& writer, const DeviceModel& model);
void write(json::Writer& writer, const Device& device);

/// A core dump that was found. Packed as gzip if its result is, whatever the client takes: the web
/// server unpacks it for who takes none (nginx/fastcgi.conf).
Response to_response(const CoredumpDetail& coredump);

}  // namespace coredepot::http
