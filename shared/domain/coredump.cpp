#include "domain/coredump.hpp"

#include <stdexcept>

namespace coredepot {

DumpFilename dump_filename(Timestamp uploaded_at) {
    return DumpFilename::trusted("coredump_" + to_compact(uploaded_at) + ".dmp");
}

std::string_view to_string(ParseStatus status) {
    switch (status) {
        case ParseStatus::Pending:
            return "PENDING";
        case ParseStatus::Parsed:
            return "PARSED";
        case ParseStatus::Error:
            return "ERROR";
    }
    throw std::logic_error("no such parse status");
}

ParseStatus parse_status_from(std::string_view text) {
    for (const auto status : {ParseStatus::Pending, ParseStatus::Parsed, ParseStatus::Error}) {
        if (to_string(status) == text) return status;
    }
    throw std::logic_error("unknown parse status in the database");
}

}  // namespace coredepot
