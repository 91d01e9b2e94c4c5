#pragma once

#include "parse_bench.hpp"

namespace coredepot::test {

/// Core dumps that do not say which ELF they were made by, and a good bundle of the version 1.0.
class ParseRunnerTest : public ParseBench {
  protected:
    ParseRunnerTest() { add_bundle("1.0"); }
    void TearDown() override {
        EXPECT_EQ(staged_names(), std::vector<std::string>{}) << "not cleaned";
    }
};

}  // namespace coredepot::test
