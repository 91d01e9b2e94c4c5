#include "http/gate.hpp"

#include "domain/names.hpp"
#include "http/admission.hpp"
#include "http/errors.hpp"
#include "log.hpp"

namespace coredepot::http {
namespace {

Response opened(const Request& request) {
    auto response = no_content();
    response.headers.emplace_back("X-Gate", "open");
    // When tokens are not checked, a device may call itself anything.
    if (const auto key = DeviceKey::parse(request.identity.device.key)) {
        response.headers.emplace_back("X-Device", key->str());
    }
    return response;
}

Response closed(const Response& refusal) {
    const bool is_known = refusal.status == 401 || refusal.status == 403;
    Response response{is_known ? refusal.status : 204, {}, ""};
    if (!is_known) response.headers.emplace_back("X-Gate", std::to_string(refusal.status));
    for (const auto& [name, value] : refusal.headers) {
        if (name == "WWW-Authenticate" || name == "Retry-After") {
            response.headers.emplace_back(name, value);
        }
    }
    return response;
}

}  // namespace

Response Gate::answer(Request& request) const {
    const log::RequestScope scope(request.request_id);
    const RequestRecord record(&counters_);
    try {
        admit(request, authenticator_);
        return opened(request);
    } catch (...) {
        const auto refusal = to_response(std::current_exception(), request.request_id);
        record.write(request, refusal);
        return closed(refusal);
    }
}

}  // namespace coredepot::http
