#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"

namespace coredepot::objects {

/// An object in a list.
struct ListedObject {
    std::string key;
    std::uint64_t size = 0;  ///< bytes
    Timestamp last_modified;
};

/// A page of a list, ordered by key.
struct Listing {
    std::vector<ListedObject> objects;
    bool is_truncated = false;  ///< more objects follow the last one
};

/// Parses ListBucketResult of ListObjectsV2 (https://docs.aws.amazon.com/AmazonS3/latest/API/
/// API_ListObjectsV2.html). Empty when `xml` is anything else, or when an object has no key, size
/// or time: an incomplete list must not pass for a complete one.
std::optional<Listing> parse_listing(std::string_view xml);

/// The code, such as `NoSuchKey`, of `<Error><Code>NoSuchKey</Code>…`; "" when `xml` is something
/// else, or when the code is not a word of at most 64 letters and digits.
std::string parse_error_code(std::string_view xml);

}  // namespace coredepot::objects
