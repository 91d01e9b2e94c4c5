#include "parse_result_json.hpp"

#include "json.hpp"

namespace coredepot {

std::string parse_result_json(const std::optional<std::string>& output,
                              const std::optional<std::string>& report) {
    json::Writer writer;
    writer.begin_object().member("parsed_output", output).key("report");
    if (report) {
        writer.raw_value(*report);
    } else {
        writer.value(std::nullopt);
    }
    auto text = writer.end_object().take();
    text.front() = ',';  // where the object began
    return text;
}

}  // namespace coredepot
