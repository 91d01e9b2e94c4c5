// Lists come in pages: all of a list, once, in its order, whatever comes and goes meanwhile.

#include <algorithm>

#include <gtest/gtest.h>

#include "registry.hpp"
#include "support/stack_environment.hpp"

using namespace coredepot::test;

namespace {

const bool kStack = use_stack([] {
    return Settings{{"PARSE_SIDECAR_URL", ""}, {"MAX_COREDUMPS", "5000"}};
});

using Ids = std::vector<std::int64_t>;

/// Rows of core dumps without files, all of one moment: `ids` decide their order.
void add_rows(const FleetDevice& device, int count) {
    stack().sql(
        "INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, uploaded_at) "
        "SELECT " +
        std::to_string(device.id) +
        ", 'coredump_20260211T143000_' || lpad(i::text, 6, '0') || 'Z.dmp', 'esp32', '1', 1, "
        "'2026-02-11 14:30:00+00' FROM generate_series(1, " +
        std::to_string(count) + ") i");
}

struct Part {
    Ids ids;
    std::string next;  ///< "" on the last page
};

Part read_part(const std::string& target, const std::string& name) {
    const auto response = get(target);
    EXPECT_EQ(response.status, 200) << target << ' ' << response;
    const auto page = response.json();
    Part part;
    for (std::size_t i = 0; i < page.at(name).size(); ++i) {
        part.ids.push_back(page.at(name).at(i).at("id").integer());
    }
    EXPECT_EQ(page.at("count").integer(), static_cast<std::int64_t>(part.ids.size()));
    if (!page.at("next").is_null()) part.next = page.at("next").text();
    return part;
}

std::string with(const std::string& path, const std::string& parameter, const std::string& value) {
    return path + (path.find('?') == std::string::npos ? '?' : '&') + parameter + '=' + value;
}

/// By pages of `limit`.
Ids read_all(const std::string& path, const std::string& name, int limit) {
    const auto limited = with(path, "limit", std::to_string(limit));
    auto part = read_part(limited, name);
    auto all = part.ids;
    while (!part.next.empty()) {
        EXPECT_EQ(part.ids.size(), static_cast<std::size_t>(limit));
        part = read_part(with(limited, "cursor", part.next), name);
        EXPECT_FALSE(part.ids.empty()) << "a page that was announced";
        all.insert(all.end(), part.ids.begin(), part.ids.end());
    }
    return all;
}

TEST(CoredumpPages, MakeTheWholeList) {
    const auto device = make_device();
    add_rows(device, 4);  // all at once
    for (int i = 0; i < 3; ++i) upload(device);
    const auto whole = rows_of(device);
    ASSERT_EQ(whole.size(), 7U);
    for (const int limit : {1, 2, 3, 6, 7, 8, 1000}) {
        for (const auto* slash : {"", "/"}) {
            EXPECT_EQ(read_all(device.coredumps_path() + slash, "coredumps", limit), whole)
                << limit;
        }
    }
    EXPECT_EQ(read_part(device.coredumps_path(), "coredumps").ids, whole);
    EXPECT_EQ(read_part(device.coredumps_path(), "coredumps").next, "");
}

TEST(CoredumpPages, OutliveWhatComesAndGoes) {
    const auto device = make_device();
    for (int i = 0; i < 5; ++i) upload(device);
    const auto before = rows_of(device);
    const auto path = with(device.coredumps_path(), "limit", "2");
    const auto first = read_part(path, "coredumps");
    ASSERT_EQ(first.ids, (Ids{before[0], before[1]}));
    upload(device);
    EXPECT_EQ(del(device.coredump_path(before[1])).status, 204);  // the one that it points behind
    EXPECT_EQ(del(device.coredump_path(before[3])).status, 204);
    const auto second = read_part(with(path, "cursor", first.next), "coredumps");
    EXPECT_EQ(second.ids, (Ids{before[2], before[4]}));
    EXPECT_EQ(second.next, "");
    EXPECT_EQ(del(device.coredumps_path()).status, 204);
    EXPECT_EQ(read_part(with(path, "cursor", first.next), "coredumps").ids, Ids());
}

TEST(CoredumpPages, HaveAThousandWhereNobodySaysHowMany) {
    const auto device = make_device();
    add_rows(device, 1000);
    EXPECT_EQ(read_part(device.coredumps_path(), "coredumps").next, "") << "complete";
    const auto newest = upload(device, "one more").id;
    const auto first = read_part(device.coredumps_path(), "coredumps");
    EXPECT_EQ(first.ids.size(), 1000U);
    EXPECT_EQ(first.ids.front(), newest);
    const auto rest = read_part(with(device.coredumps_path(), "cursor", first.next), "coredumps");
    EXPECT_EQ(rest.ids.size(), 1U);
    EXPECT_EQ(rest.next, "");
}

TEST(DevicePages, MakeTheWholeList) {
    const auto model = make_model();
    const auto other = make_model();
    Ids whole;
    for (int i = 0; i < 5; ++i) {
        whole.push_back(make_device(model).id);
        make_device(other);
    }
    const auto path = with(kDevices, "device_model_id", std::to_string(model.id));
    for (const int limit : {1, 2, 5, 6})
        EXPECT_EQ(read_all(path, "devices", limit), whole) << limit;
    const auto all = read_all(kDevices, "devices", 3);
    EXPECT_EQ(std::to_string(all.size()), stack().sql_value("SELECT count(*) FROM devices"));
    EXPECT_TRUE(std::ranges::is_sorted(all));
    // Both are lower bounds.
    const auto first = read_part(with(path, "limit", "2"), "devices");
    const auto behind = with(with(path, "cursor", first.next), "after", std::to_string(whole[2]));
    EXPECT_EQ(read_part(behind, "devices").ids, (Ids{whole[3], whole[4]}));
}

TEST(DevicePages, HaveAThousandWhereNobodySaysHowMany) {
    const auto model = make_model();
    stack().sql("INSERT INTO devices (key, device_model_id) SELECT 'k' || lpad(i::text, 7, '0'), " +
                std::to_string(model.id) + " FROM generate_series(1, 1001) i");
    const auto path = with(kDevices, "device_model_id", std::to_string(model.id));
    const auto first = read_part(path, "devices");
    EXPECT_EQ(first.ids.size(), 1000U);
    EXPECT_EQ(read_part(with(path, "cursor", first.next), "devices").ids.size(), 1U);
}

TEST(ModelPages, MakeTheWholeList) {
    for (int i = 0; i < 5; ++i) make_model();
    Ids whole;
    for (const auto& row : stack().sql("SELECT id FROM device_models ORDER BY code")) {
        whole.push_back(std::stoll(row[0]));
    }
    for (const int limit : {1, 2, 4}) {
        EXPECT_EQ(read_all(kModels, "device_models", limit), whole) << limit;
    }
}

/// Each list that there is, with a cursor that is good for it.
struct List {
    std::string path;
    std::string next;
};

std::vector<List> all_lists() {
    const auto device = make_device();
    const auto other = make_device(device.model);
    make_model();
    for (int i = 0; i < 2; ++i) {
        upload(device);
        upload(other);
    }
    const auto of_model = with(kDevices, "device_model_id", std::to_string(device.model.id));
    std::vector<List> lists;
    for (const auto& [path, name] :
         std::vector<std::pair<std::string, std::string>>{{device.coredumps_path(), "coredumps"},
                                                          {other.coredumps_path(), "coredumps"},
                                                          {kDevices, "devices"},
                                                          {of_model, "devices"},
                                                          {kModels, "device_models"}}) {
        lists.push_back({path, read_part(with(path, "limit", "1"), name).next});
        EXPECT_NE(lists.back().next, "") << path;
    }
    return lists;
}

TEST(Cursors, AreGoodForTheirListOnly) {
    const auto lists = all_lists();
    for (const auto& list : lists) {
        for (const auto& other : lists) {
            const auto response = get(with(list.path, "cursor", other.next));
            if (list.path == other.path) {
                EXPECT_EQ(response.status, 200) << list.path;
            } else {
                EXPECT_TRUE(is_error(response, 400, "VALIDATION_FAILED",
                                     "cursor must be the next of a page of this list"))
                    << list.path << " with that of " << other.path;
            }
        }
    }
}

TEST(Cursors, ThatAreDamagedAreRefused) {
    for (const auto& [path, next] : all_lists()) {
        auto changed = next;
        changed.back() = changed.back() == '0' ? '1' : '0';
        for (const auto& bad :
             {std::string(), std::string("x"), std::string("0"), next.substr(0, 8), changed,
              next.substr(1), next.substr(0, next.size() - 2), next + "00", next + "%00",
              next + "%0a", '+' + next, std::string(4000, '0'), std::string("%ff%fe"),
              std::string("null")}) {
            EXPECT_TRUE(is_error(get(with(path, "cursor", bad)), 400, "VALIDATION_FAILED"))
                << path << ' ' << bad;
        }
    }
}

TEST(Limits, AreOneToAThousand) {
    for (const auto& [path, next] : all_lists()) {
        for (const auto* bad : {"0", "-1", "1001", "x", "", "1.0", "1x", "+1", "%00", "null",
                                "99999999999999999999", "9223372036854775807"}) {
            EXPECT_TRUE(is_error(get(with(path, "limit", bad)), 400, "VALIDATION_FAILED"))
                << path << ' ' << bad;
        }
        EXPECT_EQ(get(with(path, "limit", "1000")).status, 200);
    }
}

TEST(DeleteAll, OfMoreThanAreDeletedAtOnce) {
    const auto device = make_device();
    const auto other = make_device(device.model);
    upload(other);
    add_rows(device, 2500);
    upload(device);
    EXPECT_EQ(del(device.coredumps_path()).status, 204);
    EXPECT_TRUE(rows_of(device).empty());
    EXPECT_TRUE(names_in(device.folder()).empty());
    EXPECT_EQ(rows_of(other).size(), 1U);
}

}  // namespace
