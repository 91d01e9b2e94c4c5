#include "auth/access.hpp"

namespace coredepot::auth {
namespace {

bool may(Access access, Caller caller) {
    switch (access) {
        case Access::Public:
            return true;
        case Access::Device:
            return caller == Caller::Device;
        case Access::Pipeline:
            return caller == Caller::Pipeline || caller == Caller::Admin;
        case Access::Admin:
            return caller == Caller::Admin;
        case Access::Viewer:
            return caller == Caller::Viewer || caller == Caller::Admin;
    }
    return false;
}

}  // namespace

Caller caller_of(const std::set<std::string>& roles) {
    if (roles.contains("admin")) return Caller::Admin;
    if (roles.contains("pipeline")) return Caller::Pipeline;
    if (roles.contains("viewer")) return Caller::Viewer;
    return Caller::Stranger;
}

Verdict decide(Access access, Caller caller) {
    if (may(access, caller)) return Verdict::Allowed;
    return caller == Caller::Nobody ? Verdict::Unauthenticated : Verdict::Forbidden;
}

}  // namespace coredepot::auth
