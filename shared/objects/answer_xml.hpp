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

/// A page of a list, in the order of keys.
struct Listing {
    std::vector<ListedObject> objects;
    bool is_truncated = false;  ///< there are more behind the last one
};

/// ListBucketResult of ListObjectsV2 (https://docs.aws.amazon.com/AmazonS3/latest/API/
/// API_ListObjectsV2.html). Empty when `xml` is not exactly one of those, or has an object without
/// key, size or time: a list of which something is missing must not pass for a whole one.
std::optional<Listing> parse_listing(std::string_view xml);

/// `NoSuchKey`, as in `<Error><Code>NoSuchKey</Code>…`; "" when `xml` is none, or the code is not a
/// word of at most 64 letters and digits.
std::string parse_error_code(std::string_view xml);

}  // namespace coredepot::objects
