#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

/// What libcurl gives and wants back. For this room's sources alone: nobody else knows libcurl.
namespace coredepot::net {

struct EasyFree {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Easy = std::unique_ptr<CURL, EasyFree>;

struct TextsFree {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
/// Of headers or receivers; null: there are none.
using Texts = std::unique_ptr<curl_slist, TextsFree>;

/// Before anything else of libcurl's: it initialises its TLS library once a process.
void ensure_initialised();

/// Throws std::runtime_error.
Easy make_easy();

void append(Texts& texts, const std::string& text);

}  // namespace coredepot::net
