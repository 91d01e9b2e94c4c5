#include "core/lookup.hpp"

#include <gtest/gtest.h>

#include "core/errors.hpp"

namespace coredepot {
namespace {

Device thermostat() {
    return {1, DeviceKey::trusted("abcd1234"), 1, ModelCode::trusted("thermostat"), {}, {}};
}

TEST(RequireSameModel, OnlyWhatATokenNamesIsCompared) {
    EXPECT_NO_THROW(core::require_same_model(thermostat().model_code, {"abcd1234", std::nullopt}));
    EXPECT_NO_THROW(core::require_same_model(thermostat().model_code,
                                             {"abcd1234", ModelCode::trusted("thermostat")}));
    for (const auto* other : {"thermostat2", "thermosta", "t"}) {
        EXPECT_THROW(core::require_same_model(thermostat().model_code,
                                              {"abcd1234", ModelCode::trusted(other)}),
                     core::NotAllowed);
    }
}

TEST(ClientId, ThereAndBack) {
    EXPECT_EQ(client_id(thermostat()), "iotdevice-thermostat-abcd1234");
    const auto device = parse_client_id("iotdevice-therm_0stat-abcd1234");
    ASSERT_TRUE(device);
    EXPECT_EQ(device->key, "abcd1234");
    EXPECT_EQ(device->model_code, ModelCode::trusted("therm_0stat"));
}

TEST(ClientId, OthersAreNone) {
    for (const auto* text :
         {"", "iotdevice-", "iotdevice--abcd1234", "iotdevice-thermostat", "iotdevice-abcd1234",
          "iotdevice-thermostat-", "iotdevice-thermostat-abcd123", "iotdevice-thermostat-abcd12345",
          "iotdevice-thermostat-ABCD1234", "iotdevice-Thermostat-abcd1234",
          "iotdevice-thermo-stat-abcd1234", "Iotdevice-thermostat-abcd1234",
          " iotdevice-thermostat-abcd1234", "iotdevice-thermostat-abcd1234\n",
          "xiotdevice-thermostat-abcd1234", "coredepot-web"}) {
        EXPECT_FALSE(parse_client_id(text)) << text;
    }
    EXPECT_FALSE(parse_client_id("iotdevice-" + std::string(51, 'a') + "-abcd1234"));
}

}  // namespace
}  // namespace coredepot
