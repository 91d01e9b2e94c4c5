#include "connection_uri.hpp"

#include <gtest/gtest.h>

namespace coredepot {
namespace {

TEST(ConnectionUri, WhatLibpqTakes) {
    for (const auto* good :
         {"postgresql://", "postgres://", "postgresql:///coredepot", "postgresql://localhost",
          "postgresql://localhost:5432", "postgresql://localhost:", "postgresql://db/coredepot",
          "postgresql://user@db", "postgresql://user:secret@db/coredepot",
          "postgresql://user:s%40cr%2Fet%25@db/coredepot", "postgresql://user:se?cret@db/x",
          "postgresql://u@/coredepot?host=/tmp/postgres&port=5432", "postgresql://[::1]:5432/x",
          "postgresql://[fe80::1]/x", "postgresql://a:1,b:2,[::1]:3,c/x?target_session_attrs=any",
          "postgresql://u@db/x?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem",
          "postgresql://%2Frun%2Fpostgresql/x", "postgresql://x?user=other",
          "postgresql://u:p%40ss@db/x?application_name=a@b"}) {
        EXPECT_TRUE(is_connection_uri(good)) << good;
    }
}

// libpq's errors quote what they are about.
TEST(ConnectionUri, WhereAPasswordWouldEndUpInAnError) {
    for (const auto* bad : {"",
                            "garbage",
                            "mysql://x/y",
                            "postgresql:/x",
                            "host=db password=sec ret2",
                            "postgresql://u:se%cret@db/x",
                            "postgresql://u:secret%@db/x",
                            "postgresql://u:se%00@db/x",
                            "postgresql://u:pa/ss@db/x",
                            "postgresql://u:12/ss@db/x",
                            "postgresql://u:p@ss@db/x",
                            "postgresql://u:sec ret@db/x",
                            "postgresql://db:port/x",
                            "postgresql://db:123456/x",
                            "postgresql://[::1/x",
                            "postgresql://[::1]x/x",
                            "postgresql://a:1,b:x/y",
                            "postgresql://db/x?password",
                            "postgresql://db/x?password=a=b",
                            "postgresql://db/x?user=a&=b",
                            "postgresql://db/x?sslmod=require",
                            "postgresql://db/x?port=x",
                            "postgresql://db/x\n"}) {
        EXPECT_FALSE(is_connection_uri(bad)) << bad;
    }
}

TEST(ConnectionUri, IsTakenApart) {
    const std::string uri = "postgresql://u:se?c%40r%27e%5Ct@/x?host=/run/postgresql&port=5433";
    EXPECT_EQ(connection_part(uri, "user"), "u");
    EXPECT_EQ(connection_part(uri, "password"), "se?c@r'e\\t");
    EXPECT_EQ(connection_part(uri, "host"), "/run/postgresql");
    EXPECT_FALSE(connection_part(uri, "sslmode"));
    EXPECT_FALSE(connection_part("postgresql:///coredepot", "host"));
    EXPECT_EQ(connection_part("postgresql:///x?password=secret", "password"), "secret");
    EXPECT_EQ(connection_part("host=db password='a b'", "password"), "a b");
}

TEST(ConnectionUri, IsTheSameConnectionWithoutAPart) {
    const std::string uri = "postgresql://u:secret@db:1/it's%5C%20x?sslmode=require";
    const auto rest = connection_without(uri, "password");
    EXPECT_EQ(rest.find("secret"), std::string::npos);
    EXPECT_FALSE(connection_part(rest, "password"));
    for (const auto* keyword : {"user", "host", "port", "dbname", "sslmode"}) {
        EXPECT_EQ(connection_part(rest, keyword), connection_part(uri, keyword)) << keyword;
    }
    EXPECT_EQ(connection_without("postgresql://", "password"), "");
}

TEST(ConnectionUri, ItsErrorQuotesNothing) {
    try {
        connection_part("postgresql://u:se%cret@db/x", "host");
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_EQ(std::string(error.what()).find("se%cret"), std::string::npos);
    }
}

}  // namespace
}  // namespace coredepot
