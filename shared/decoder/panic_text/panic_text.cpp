#include "decoder/panic_text/panic_text.hpp"

#include <algorithm>

#include "decoder/panic_text/log_reader.hpp"

namespace coredepot::decoder {

std::optional<PanicText> read_panic_text(std::string_view log) {
    LogReader reader;
    while (!log.empty()) {
        const auto end = std::min(log.find_first_of("\r\n"), log.size());
        reader.read(log.substr(0, end));
        log.remove_prefix(std::min(end + 1, log.size()));
    }
    return reader.finish();
}

}  // namespace coredepot::decoder
