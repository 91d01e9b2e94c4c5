#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

/// Owners of libcurl's handles, for this room's sources only: no other code knows libcurl.
namespace coredepot::net {

struct EasyFree {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Easy = std::unique_ptr<CURL, EasyFree>;

struct TextsFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
/// A list of headers or receivers; null when it is empty.
using Texts = std::unique_ptr<curl_slist, TextsFree>;

/// Call this before anything else of libcurl: it initialises the TLS library once in a process.
void ensure_initialised();

/// Throws std::runtime_error.
Easy make_easy();

void append(Texts& texts, const std::string& text);

}  // namespace coredepot::net
