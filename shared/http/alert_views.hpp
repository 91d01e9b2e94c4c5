#pragma once

#include "domain/alert.hpp"
#include "json.hpp"

/// Alert targets and deliveries as clients see them.
namespace coredepot::http {

void write(json::Writer& writer, const AlertTarget& target);
void write(json::Writer& writer, const AlertDelivery& delivery);

}  // namespace coredepot::http
