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
            return caller == Caller::Pipeline || caller == Caller::PipelineAndViewer ||
                   caller == Caller::Admin;
        case Access::Admin:
            return caller == Caller::Admin;
        case Access::Viewer:
            return caller == Caller::Viewer || caller == Caller::PipelineAndViewer ||
                   caller == Caller::Admin;
    }
    return false;
}

}  // namespace

Caller caller_of(const std::set<std::string>& roles) {
    if (roles.contains("admin")) return Caller::Admin;
    const bool is_viewer = roles.contains("viewer");
    if (roles.contains("pipeline")) {
        return is_viewer ? Caller::PipelineAndViewer : Caller::Pipeline;
    }
    if (is_viewer) return Caller::Viewer;
    return Caller::Stranger;
}

Verdict decide(Access access, Caller caller) {
    if (may(access, caller)) return Verdict::Allowed;
    return caller == Caller::Nobody ? Verdict::Unauthenticated : Verdict::Forbidden;
}

}  // namespace coredepot::auth
