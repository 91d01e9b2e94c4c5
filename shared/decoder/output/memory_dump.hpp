#pragma once

#include <string>
#include <vector>

#include "decoder/report/report.hpp"
#include "decoder/target/memory.hpp"
#include "json.hpp"

namespace coredepot::decoder {

/// `memory` for people: for each piece its place, what the chip's address map has there, what it
/// belongs to (`stack of task 'main'`), and its bytes in hex and as text, sixteen per line.
std::string memory_text(const Report& report, const std::vector<Segment>& memory);

/// The same as the member `memory`, an array of `{start, size, region, of, bytes}`, with the bytes
/// in hex.
void write_memory(json::Writer& writer, const Report& report, const std::vector<Segment>& memory);

}  // namespace coredepot::decoder
