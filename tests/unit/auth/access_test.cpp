#include "auth/access.hpp"

#include <array>

#include <gtest/gtest.h>

namespace coredepot::auth {
namespace {

constexpr auto kYes = Verdict::Allowed;
constexpr auto k401 = Verdict::Unauthenticated;
constexpr auto k403 = Verdict::Forbidden;

struct Row {
    Caller caller;
    Verdict on_public, on_device, on_pipeline, on_admin, on_viewer;
};

constexpr std::array kTable = {
    Row{Caller::Nobody, kYes, k401, k401, k401, k401},
    Row{Caller::Device, kYes, kYes, k403, k403, k403},
    Row{Caller::Pipeline, kYes, k403, kYes, k403, k403},
    Row{Caller::Admin, kYes, k403, kYes, kYes, kYes},
    Row{Caller::Viewer, kYes, k403, k403, k403, kYes},
    Row{Caller::PipelineAndViewer, kYes, k403, kYes, k403, kYes},
    Row{Caller::Stranger, kYes, k403, k403, k403, k403},
};

TEST(Access, EveryCell) {
    for (const auto& row : kTable) {
        const int caller = static_cast<int>(row.caller);
        EXPECT_EQ(decide(Access::Public, row.caller), row.on_public) << caller;
        EXPECT_EQ(decide(Access::Device, row.caller), row.on_device) << caller;
        EXPECT_EQ(decide(Access::Pipeline, row.caller), row.on_pipeline) << caller;
        EXPECT_EQ(decide(Access::Admin, row.caller), row.on_admin) << caller;
        EXPECT_EQ(decide(Access::Viewer, row.caller), row.on_viewer) << caller;
    }
}

TEST(Access, RolesAddUp) {
    EXPECT_EQ(caller_of({}), Caller::Stranger);
    EXPECT_EQ(caller_of({"offline_access"}), Caller::Stranger);
    EXPECT_EQ(caller_of({"viewer", "offline_access"}), Caller::Viewer);
    EXPECT_EQ(caller_of({"pipeline"}), Caller::Pipeline);
    EXPECT_EQ(caller_of({"pipeline", "viewer"}), Caller::PipelineAndViewer);
    EXPECT_EQ(caller_of({"admin", "pipeline", "viewer"}), Caller::Admin);
}

}  // namespace
}  // namespace coredepot::auth
