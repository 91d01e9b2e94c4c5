#include "domain/network.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

IpAddress address(const char* text) {
    const auto parsed = IpAddress::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(IpAddress({}));
}

TEST(Network, AddressesOfTheInternetAreGlobal) {
    for (const auto* text :
         {"1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.0", "100.63.255.255",
          "100.128.0.0", "169.253.0.1", "192.167.1.1", "198.17.0.1", "198.20.0.1",
          "223.255.255.255", "11.0.0.1", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
          "64:ff9b::8.8.8.8", "2002:808:808::1"}) {
        EXPECT_TRUE(is_global(address(text))) << text;
    }
}

TEST(Network, AllOthersAreNot) {
    for (const auto* text : {"0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.1",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.255",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.1",
                             "192.0.2.1",
                             "192.88.99.1",
                             "192.168.0.1",
                             "198.18.0.1",
                             "198.51.100.1",
                             "203.0.113.1",
                             "224.0.0.1",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::127.0.0.1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.1.2.3",
                             "::ffff:a9fe:a9fe",
                             "64:ff9b::7f00:1",
                             "64:ff9b::10.0.0.1",
                             "64:ff9b:1::1",
                             "2002:7f00:1::1",
                             "2002:a9fe:a9fe::",
                             "2001::1",
                             "2001:db8::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "fe80::1",
                             "fec0::1",
                             "ff02::1",
                             "100::1",
                             "3fff::1",
                             "4000::1"}) {
        EXPECT_FALSE(is_global(address(text))) << text;
    }
}

TEST(Network, ContainsWhatItsPrefixSays) {
    const auto contains = [](const char* network, const char* text) {
        return Network::parse(network).value().contains(address(text));
    };
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.0.0.1"));
    EXPECT_TRUE(contains("192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(contains("192.0.2.7", "192.0.2.6"));
    EXPECT_TRUE(contains("fd00::/9", "fd7f::1"));
    EXPECT_FALSE(contains("fd00::/9", "fd80::1"));
    EXPECT_TRUE(contains("0.0.0.0/0", "1.2.3.4"));
    EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
    EXPECT_TRUE(contains("::/0", "1.2.3.4"));
}

TEST(Network, WhatIsNone) {
    for (const auto* text :
         {"", "x", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "::/129", "::1/127",
          "10.0.0.0/-1", "10.0.0.0/8/8", "1.2.3.4.5", "010.0.0.0/8x"}) {
        EXPECT_FALSE(Network::parse(text)) << text;
    }
}

}  // namespace
}  // namespace coredepot
