#include "upload_script.hpp"

#include <gtest/gtest.h>

#include "support/stack_environment.hpp"

namespace coredepot::test {
namespace {

std::string current_version(const FleetModel& model) {
    return stack()
        .client()
        .get(model.firmware_path() + "-version")
        .json()
        .at("firmware_version")
        .text();
}

}  // namespace

TokenIssuer& issuer() {
    static TokenIssuer only;
    return only;
}

HttpResponse get_script(const HttpClient::Headers& headers, const std::string& shell) {
    return HttpClient(stack().url()).get("/api/pipeline/upload." + shell, headers);
}

void expect_uploaded(const InvocationResult& result, const FleetModel& model,
                     const std::string& version) {
    EXPECT_EQ(result.status, 0) << result;
    EXPECT_EQ(result.output, "uploaded " + model.code + ' ' + version + '\n');
    EXPECT_EQ(result.errors, "");
    EXPECT_EQ(current_version(model), version);
}

}  // namespace coredepot::test
