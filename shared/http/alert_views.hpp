#pragma once

#include "domain/alert.hpp"
#include "json.hpp"

/// Shows alert targets and deliveries to clients.
namespace coredepot::http {

void write(json::Writer& writer, const AlertTarget& target);
void write(json::Writer& writer, const AlertDelivery& delivery);

}  // namespace coredepot::http
