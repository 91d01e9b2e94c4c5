#pragma once

#include "domain/coredump.hpp"
#include "domain/device.hpp"
#include "http/response.hpp"
#include "json.hpp"

/// Writes the nouns as JSON. The members' names are a contract: we may add some but never remove
/// one.
namespace coredepot::http {

void write(json::Writer& writer, const CoredumpSummary& coredump);
void write(json::Writer& writer, const DeviceModel& model);
void write(json::Writer& writer, const Device& device);

/// The answer for a core dump. If its result is stored as gzip, the answer is gzip, whatever the
/// client accepts: the web server unpacks it for clients that do not (nginx/fastcgi.conf).
Response to_response(const CoredumpDetail& coredump);

}  // namespace coredepot::http
