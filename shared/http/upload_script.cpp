#include "http/upload_script.hpp"

#include <stdexcept>

#include "text/url.hpp"
#include "upload_script_templates.hpp"

namespace coredepot::http {
namespace {

void fill_in(std::string& script, std::string_view placeholder, const std::string& url) {
    // The caller should have checked this, but here a quote would become a command.
    if (!url.empty() && !is_quotable_url(url)) throw std::logic_error("no URL for a script");
    script.replace(script.find(placeholder), placeholder.size(), url);
}

}  // namespace

Response upload_script(Shell shell, const std::string& backend_url, const std::string& token_url) {
    std::string script(shell == Shell::Sh ? kUploadSh : kUploadPs1);
    fill_in(script, "@BACKEND_URL@", backend_url);
    fill_in(script, "@TOKEN_URL@", token_url);
    // Not an executable's type: browsers should show it, because whoever runs it should read it
    // first.
    return {200,
            {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
            std::move(script)};
}

}  // namespace coredepot::http
