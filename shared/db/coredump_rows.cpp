#include "db/coredump_rows.hpp"

namespace coredepot::db {

CoredumpSummary to_summary(Fields& fields) {
    CoredumpSummary coredump{fields.integer(),
                             fields.integer(),
                             fields.name<DumpFilename>(),
                             fields.string(),
                             fields.string(),
                             fields.integer(),
                             parse_status_from(fields.text()),
                             fields.moment(),
                             fields.optional_moment(),
                             fields.moment(),
                             fields.optional_string(),
                             fields.optional_string(),
                             fields.integer<int>(),
                             fields.optional_moment(),
                             fields.optional_moment()};
    if (coredump.parse_status == ParseStatus::Pending) {
        // The row still has the time of the previous parse.
        coredump.parsed_at.reset();
        coredump.signature.reset();
        coredump.title.reset();
    }
    return coredump;
}

}  // namespace coredepot::db
