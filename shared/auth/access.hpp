#pragma once

#include <set>
#include <string>

#include "auth/identity.hpp"

namespace coredepot::auth {

/// The kind of caller that a token stands for.
enum class Caller {
    Nobody,  ///< no token
    Device,  ///< whatever roles its token has
    Admin,   ///< has the role, and perhaps others
    Pipeline,
    Viewer,  ///< may see what admins see, and change nothing
    PipelineAndViewer,
    Stranger,  ///< has a token of the issuer, but none of our roles
};

enum class Verdict { Allowed, Unauthenticated, Forbidden };

/// Decides by the roles of a token or session. Roles that are not ours do not matter.
Caller caller_of(const std::set<std::string>& roles);

/// Decides who may do what.
Verdict decide(Access access, Caller caller);

}  // namespace coredepot::auth
