#pragma once

#include <string>
#include <vector>

#include "decoder/report/report.hpp"
#include "decoder/target/memory.hpp"
#include "json.hpp"

namespace coredepot::decoder {

/// `memory` for people: for each piece where it is, what lies there by the chip's address map, what
/// it is of (`stack of task 'main'`), and its bytes in hex and as text, sixteen a line.
std::string memory_text(const Report& report, const std::vector<Segment>& memory);

/// The same as the member `memory`, an array of `{start, size, region, of, bytes}`; the bytes in
/// hex.
void write_memory(json::Writer& writer, const Report& report, const std::vector<Segment>& memory);

}  // namespace coredepot::decoder
