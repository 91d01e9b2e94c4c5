#include "http/router.hpp"

#include "http/admission.hpp"
#include "http/dump_body.hpp"
#include "http/errors.hpp"
#include "log.hpp"

namespace coredepot::http {

Response Router::answer(Request& request) const {
    const log::RequestScope scope(request.request_id);
    const RequestRecord record(counters_);
    Response response;
    try {
        const auto endpoint = admit(request, authenticator_).endpoint;
        if (endpoint != Endpoint::UploadCoredump) require_plain_body(request);
        const auto action = actions_.find(endpoint);
        if (action == actions_.end()) throw std::logic_error("routed to the wrong process");
        response = action->second(request);
    } catch (...) {
        response = to_response(std::current_exception(), request.request_id);
    }
    record.write(request, response);
    return response;
}

}  // namespace coredepot::http
