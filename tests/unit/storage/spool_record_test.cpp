#include "storage/spool_record.hpp"

#include <gtest/gtest.h>

#include "sha256.hpp"

namespace coredepot::storage {
namespace {

using namespace std::chrono;
using namespace std::string_literals;

UploadedDump dump(const std::string& bytes = "bytes\n\0 and more"s) {
    return {DeviceKey::trusted("abcd1234"),
            ModelCode::trusted("thermostat"),
            Chip::trusted("esp32c3"),
            FirmwareVersion::trusted("1.4 \"beta\""),
            sys_days(2026y / February / 11) + 14h + 30min + 123'456us,
            IdempotencyKey::trusted(std::string(255, '"')),
            sha256_hex(bytes),
            bytes};
}

/// The record with some of its text replaced; the text has to be there.
std::string with(std::string record, const std::string& text, const std::string& other) {
    const auto at = record.find(text);
    if (at == std::string::npos) throw std::runtime_error("no " + text + " in " + record);
    return record.replace(at, text.size(), other);
}

TEST(SpoolRecord, IsALineOfJsonAndThenTheBytes) {
    auto plain = dump("bytes");
    plain.model_code.reset();
    plain.idempotency_key.reset();
    plain.firmware_version = FirmwareVersion::trusted("1.4.2");
    EXPECT_EQ(to_record(plain), R"({"spool":1,"device_key":"abcd1234","model_code":null,)"
                                R"("chip":"esp32c3","firmware_version":"1.4.2",)"
                                R"("uploaded_at":1770820200123456,"idempotency_key":null,)"
                                R"("size":5,"sha256":")" +
                                    sha256_hex("bytes") + "\"}\nbytes");
}

TEST(SpoolRecord, IsReadAsItWasWritten) {
    for (const auto& bytes :
         {"bytes\n\0 and more"s, "{}\n"s, "\n"s, std::string(kMaxCoredumpBytes, '\xff')}) {
        const auto written = dump(bytes);
        const auto record = to_record(written);
        EXPECT_LE(record.size(), kMaxRecordBytes);
        const auto read = parse_record(record);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->device, written.device);
        EXPECT_EQ(read->model_code, written.model_code);
        EXPECT_EQ(read->chip, written.chip);
        EXPECT_EQ(read->firmware_version, written.firmware_version);
        EXPECT_EQ(read->uploaded_at, written.uploaded_at);
        EXPECT_EQ(read->idempotency_key, written.idempotency_key);
        EXPECT_EQ(read->sha256, written.sha256);
        EXPECT_EQ(read->bytes, written.bytes);
    }
}

TEST(SpoolRecord, APieceOfOneIsNone) {
    const auto record = to_record(dump());
    for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(parse_record(std::string_view(record).substr(0, size))) << size;
    }
    EXPECT_FALSE(parse_record(record + "x"));
}

TEST(SpoolRecord, OneWithAFlippedBitInItsBytesIsNone) {
    auto record = to_record(dump());
    record.back() ^= 1;
    EXPECT_FALSE(parse_record(record));
}

TEST(SpoolRecord, WhatNeverComesFromUsIsNone) {
    const auto good = to_record(dump());
    for (const auto& [text, other] : {
             std::pair{R"("spool":1)", R"("spool":2)"},
             {R"("spool":1,)", ""},
             {R"("abcd1234")", R"("../../..")"},
             {R"("abcd1234")", "null"},
             {R"("thermostat")", R"("a/b")"},
             {R"("thermostat")", "7"},
             {R"("model_code":"thermostat",)", ""},
             {R"("esp32c3")", R"("ESP32")"},
             {R"(1.4 \"beta\")", "../1"},
             {"1770820200123456", "-1"},
             {"1770820200123456", "9223372036854775807"},
             {"1770820200123456", "253402300800000000"},  // the year 10000
             {"1770820200123456", "1.5"},
             {R"("size":16)", R"("size":17)"},
             {R"("sha256":")", R"("sha256":"0)"},
             {"{", "["},
         }) {
        EXPECT_FALSE(parse_record(with(good, text, other))) << other;
    }
    EXPECT_FALSE(parse_record(std::string(kMaxRecordHead, ' ') + good));
    EXPECT_FALSE(parse_record(to_record(dump(""))));
    EXPECT_FALSE(parse_record(to_record(dump(std::string(kMaxCoredumpBytes + 1, 'x')))));
}

TEST(SpoolRecord, MembersThatAreNotKnownYetAreIgnored) {
    EXPECT_TRUE(parse_record(with(to_record(dump()), R"("size")", R"("new":[1],"size")")));
}

}  // namespace
}  // namespace coredepot::storage
