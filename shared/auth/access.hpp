#pragma once

#include <set>
#include <string>

#include "auth/identity.hpp"

namespace coredepot::auth {

/// Who a good token speaks for, or that there is none.
enum class Caller {
    Nobody,  ///< no token
    Device,  ///< whatever roles it may carry
    Admin,   ///< has the role, and perhaps others
    Pipeline,
    Viewer,    ///< may look at what admins see, and change nothing
    Stranger,  ///< a token of the issuer's without a role of ours
};

enum class Verdict { Allowed, Unauthenticated, Forbidden };

/// By the roles that a token or a session gives; others than ours count for nothing.
Caller caller_of(const std::set<std::string>& roles);

/// Who may do what.
Verdict decide(Access access, Caller caller);

}  // namespace coredepot::auth
