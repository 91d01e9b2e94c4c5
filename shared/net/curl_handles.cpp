#include "net/curl_handles.hpp"

#include <new>
#include <stdexcept>

namespace coredepot::net {

void ensure_initialised() {
    static const auto once = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)once;
}

Easy make_easy() {
    ensure_initialised();
    Easy easy(curl_easy_init());
    if (!easy) throw std::runtime_error("libcurl is not available");
    return easy;
}

void append(Texts& texts, const std::string& text) {
    auto* longer = curl_slist_append(texts.get(), text.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(texts.release());  // it is part of the longer one
    texts.reset(longer);
}

}  // namespace coredepot::net
