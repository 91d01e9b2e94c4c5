#include "http/multipart.hpp"

#include <string>

#include <gtest/gtest.h>

namespace coredepot::http {
namespace {

using namespace std::string_literals;

const std::string kType = "multipart/form-data; boundary=b0und";

/// One part with the boundary of kType: from its delimiter to the end of its content.
std::string part(const std::string& name, const std::string& content) {
    return "--b0und\r\nContent-Disposition: form-data; name=\"" + name +
           "\"; filename=\"a.zip\"\r\nContent-Type: application/zip\r\n\r\n" + content + "\r\n";
}

const std::string kEnd = "--b0und--\r\n";

std::optional<std::string> file_of(const std::string& body, const std::string& type = kType) {
    const auto field = multipart_field(type, body, "file");
    if (!field) return std::nullopt;
    return std::string(*field);
}

TEST(IsMultipart, LooksAtTheMediaTypeOnly) {
    EXPECT_TRUE(is_multipart("multipart/form-data; boundary=x"));
    EXPECT_TRUE(is_multipart("Multipart/Form-Data"));
    EXPECT_TRUE(is_multipart(" multipart/form-data ;boundary=x"));
    for (const auto* type : {"", "application/octet-stream", "multipart/mixed; boundary=x",
                             "multipart/form-datax", "text/plain; multipart/form-data"}) {
        EXPECT_FALSE(is_multipart(type)) << type;
    }
}

TEST(Multipart, OneField) {
    EXPECT_EQ(file_of(part("file", "content") + kEnd), "content");
}

TEST(Multipart, TheFieldIsFoundWhereverItIs) {
    EXPECT_EQ(file_of(part("a", "1") + part("file", "2") + part("z", "3") + kEnd), "2");
    EXPECT_EQ(file_of(part("file", "2") + part("a", "1") + kEnd), "2");
    EXPECT_EQ(file_of(part("a", "1") + part("z", "3") + kEnd), std::nullopt);
    EXPECT_EQ(file_of(part("file", "first") + part("file", "second") + kEnd), "first");
    EXPECT_EQ(file_of(part("File", "1") + kEnd), std::nullopt);
}

TEST(Multipart, TheFileIsFoundWhateverItIsCalled) {
    const auto field = "--b0und\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n"s;
    const auto file_in = [](const std::string& parts) -> std::optional<std::string> {
        const auto body = parts + kEnd;
        const auto file = multipart_file(kType, body);
        return file ? std::optional(std::string(*file)) : std::nullopt;
    };
    EXPECT_EQ(file_in(field + part("dump", "1") + part("file", "2")), "1");
    EXPECT_EQ(file_in(field), "hello") << "nothing there has a file name";
    EXPECT_EQ(file_in(""), std::nullopt);
    EXPECT_EQ(multipart_file(kType, "no form"), std::nullopt);
}

TEST(Multipart, ContentMayBeAnything) {
    const std::string every = [] {
        std::string bytes;
        for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
        return bytes;
    }();
    for (const auto& content : {""s, "\r\n"s, "\r\n\r\n"s, "--"s, every, "PK\x03\x04\0\0"s}) {
        EXPECT_EQ(file_of(part("file", content) + kEnd), content);
    }
}

TEST(Multipart, WhatLooksLikeTheBoundaryIsContent) {
    for (const auto& content : {"--b0und"s, "x--b0und--"s, "\n--b0und\n"s, "\r\n--b0un"s,
                                "\r\n-b0und"s, "\r\nb0und"s, "\r--b0und"s, "\r\n --b0und"s}) {
        EXPECT_EQ(file_of(part("file", content) + kEnd), content);
    }
}

TEST(Multipart, BoundaryQuotedOrNot) {
    const auto body = part("file", "x") + kEnd;
    for (const auto* type :
         {"multipart/form-data; boundary=b0und", "multipart/form-data; boundary=\"b0und\"",
          "multipart/form-data;boundary=b0und", "multipart/form-data; charset=x; BOUNDARY=b0und",
          "multipart/form-data; boundary = b0und ; x=y",
          "multipart/form-data; x=\"a;boundary=no\"; boundary=b0und"}) {
        EXPECT_EQ(file_of(body, type), "x") << type;
    }
}

TEST(Multipart, WithoutABoundaryThereIsNothing) {
    const auto body = part("file", "x") + kEnd;
    for (const auto* type :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary",
          "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=other",
          "multipart/form-data; xboundary=b0und", ""}) {
        EXPECT_EQ(file_of(body, type), std::nullopt) << type;
    }
}

TEST(Multipart, BoundariesHaveUpToSeventyCharacters) {
    const auto with = [](const std::string& boundary) {
        return file_of("--" + boundary +
                           "\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--" +
                           boundary + "--\r\n",
                       "multipart/form-data; boundary=" + boundary);
    };
    EXPECT_EQ(with(std::string(70, 'b')), "x");
    EXPECT_EQ(with(std::string(71, 'b')), std::nullopt);
}

TEST(Multipart, PreambleAndEpilogueDoNotCount) {
    EXPECT_EQ(file_of("This is a preamble.\r\n" + part("file", "x") + kEnd), "x");
    EXPECT_EQ(file_of("\r\n" + part("file", "x") + kEnd), "x");
    EXPECT_EQ(file_of(part("a", "x") + kEnd + part("file", "late")), std::nullopt);
    EXPECT_EQ(file_of("no line end before it" + part("file", "x") + kEnd), std::nullopt);
}

TEST(Multipart, WithoutAnEndThereIsNothing) {
    EXPECT_EQ(file_of(part("file", "x")), std::nullopt);
    EXPECT_EQ(file_of("--b0und\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx"),
              std::nullopt);
    EXPECT_EQ(file_of("--b0und\r\nContent-Disposition: form-data; name=\"file\"\r\n"),
              std::nullopt);
    EXPECT_EQ(file_of("--b0und"), std::nullopt);
    EXPECT_EQ(file_of("--b0und--"), std::nullopt);
    EXPECT_EQ(file_of(""), std::nullopt);
}

TEST(Multipart, HeaderNamesHaveNoCase) {
    EXPECT_EQ(
        file_of("--b0und\r\ncONTENT-dISPOSITION:form-data; NAME=\"file\"\r\n\r\nx\r\n" + kEnd),
        "x");
    EXPECT_EQ(
        file_of("--b0und\r\nX: y\r\nContent-Disposition : form-data ; name=file\r\n\r\nx\r\n" +
                kEnd),
        "x");
}

TEST(Multipart, ANameInsideAnotherParameterIsNotTheName) {
    EXPECT_EQ(file_of("--b0und\r\nContent-Disposition: form-data; filename=\"x; name=file\"; "
                      "name=\"other\"\r\n\r\nx\r\n" +
                      kEnd),
              std::nullopt);
    EXPECT_EQ(
        file_of("--b0und\r\nContent-Disposition: form-data; filename=file\r\n\r\nx\r\n" + kEnd),
        std::nullopt);
}

TEST(Multipart, AQuotationMarkInAFilenameMayBeEscaped) {
    EXPECT_EQ(file_of("--b0und\r\nContent-Disposition: form-data; filename=\"x\\\"; name=q.zip\"; "
                      "name=\"file\"\r\n\r\nx\r\n" +
                      kEnd),
              "x");
    EXPECT_EQ(file_of("--b0und\r\nContent-Disposition: form-data; filename=\"x\\\\\"; "
                      "name=\"file\"\r\n\r\nx\r\n" +
                      kEnd),
              "x");
}

TEST(Multipart, BlanksMayFollowTheBoundary) {
    EXPECT_EQ(
        file_of("--b0und \t\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n" + kEnd),
        "x");
    EXPECT_EQ(
        file_of("--b0undary\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n" + kEnd),
        std::nullopt);
}

TEST(Multipart, PartsWithoutADispositionArePassedOver) {
    EXPECT_EQ(
        file_of("--b0und\r\nContent-Type: text/plain\r\n\r\ny\r\n" + part("file", "x") + kEnd),
        "x");
    EXPECT_EQ(file_of("--b0und\r\nno colon\r\n\r\ny\r\n" + part("file", "x") + kEnd), "x");
}

TEST(Multipart, EveryCutOfABodyIsSurvived) {
    const auto body = "preamble\r\n" + part("a", "1") + part("file", "content") + kEnd;
    for (std::size_t length = 0; length < body.size(); ++length) {
        const auto content = file_of(body.substr(0, length));
        if (content) {
            EXPECT_EQ(*content, "content");
        }
    }
}

TEST(Multipart, AMegabyteOfNearlyBoundariesIsDoneQuickly) {
    std::string body = "--b0und\r\nContent-Disposition: form-data; name=file\r\n\r\n";
    for (int i = 0; i < 100'000; ++i) body += "\r\n--b0un";
    EXPECT_EQ(file_of(body), std::nullopt);
}

}  // namespace
}  // namespace coredepot::http
