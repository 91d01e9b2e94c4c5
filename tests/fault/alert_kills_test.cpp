// kill -9 of notify_runner at any moment, while issues come and come back and the receiver fails:
// every event arrives, in order for its issue, and none more often than there were kills and
// failures.

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "fault/form.hpp"
#include "integration/alerts_test.hpp"

namespace coredepot::db {
namespace {

using test::JsonValue;
using test::ReceivedAlert;
using test::ReceiverReply;

/// The ids of the events of a message, each with its issue's name.
std::vector<std::pair<std::string, std::string>> events_of(const ReceivedAlert& alert) {
    const auto message = JsonValue::parse(alert.body);
    const auto data = message.at("data");
    std::vector<std::pair<std::string, std::string>> events;
    const auto add = [&](const JsonValue& event) {
        events.emplace_back(event.at("id").text(), event.at("issue").at("name").text());
    };
    if (message.at("type").text() == "batch") {
        const auto all = data.at("events");
        for (std::size_t i = 0; i < all.size(); ++i) add(all.at(i));
    } else {
        add(data);
    }
    return events;
}

std::int64_t number_of(const std::string& event) {
    return std::stoll(event.substr(event.find('_') + 1));
}

class AlertKills : public AlertsTest {
  protected:
    /// One issue in five is fixed and comes back.
    void something_happens(int round) {
        const auto signature = "s" + std::to_string(round % 40);
        const auto known = sql_value("SELECT count(*) FROM signatures WHERE signature = '" +
                                     signature + "'") != "0";
        const auto version = std::to_string(round + 1) + ".0";
        if (known) resolve(issue_of(signature), "'" + version + "'");
        crash_of(device_, {signature, version});
    }

    std::mt19937 random_{std::random_device{}()};
    int any(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }
};

TEST_F(AlertKills, LoseNothingAndKeepTheOrder) {
    const int kills = test::times(20, 200);
    add_target();
    // What was written, whatever becomes of the rows.
    sql("CREATE TABLE written_alerts (id bigint PRIMARY KEY, issue text);"
        "CREATE FUNCTION keep_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ "
        "BEGIN"
        "  INSERT INTO written_alerts SELECT NEW.id, i.name FROM issue_summaries i"
        "   WHERE i.id = NEW.issue_id; RETURN NULL; END $$;"
        "CREATE TRIGGER written AFTER INSERT ON alert_events FOR EACH ROW EXECUTE FUNCTION "
        "keep_written()");
    std::atomic<int> asked = 0;
    receiver_.answer_with([&](const ReceivedAlert&) {
        switch (asked++ % 7) {
            case 3:
                return ReceiverReply{500, "", ""};
            case 5:
                return ReceiverReply::hang_up();
            default:
                return ReceiverReply();
        }
    });
    for (int i = 0; i < kills; ++i) {
        something_happens(i);
        make_due();
        test::RunnerProcess runner(variables(), "notify_runner");
        // At any moment: before it asks, while it asks, when it writes down what came of it.
        const auto before = receiver_.received().size();
        if (any(0, 3) > 0) {
            test::eventually([&] { return receiver_.received().size() > before; },
                             std::chrono::seconds(30));
        }
        std::this_thread::sleep_for(std::chrono::microseconds(any(0, 20'000)));
        runner.signal(SIGKILL);
        runner.wait();
    }
    EXPECT_TRUE(test::eventually(
        [&] {
            make_due();
            test::RunnerProcess runner(variables(), "notify_runner");
            const auto before = receiver_.received().size();
            test::eventually(
                [&] {
                    return receiver_.received().size() > before ||
                           sql_value("SELECT waiting FROM alert_backlog") == "0";
                },
                std::chrono::seconds(30));
            // Maybe before it heeds the signal: with what code it ends is not the point.
            runner.signal(SIGTERM);
            runner.wait();
            return sql_value("SELECT waiting FROM alert_backlog") == "0";
        },
        std::chrono::seconds(300)));

    std::map<std::string, std::string> bodies;
    std::map<std::string, int> answered;
    std::map<std::string, std::int64_t> last_of_issue;
    std::set<std::string> arrived;
    int repeats = 0;
    for (const auto& alert : receiver_.received()) {
        const auto& id = alert.headers.at("webhook-id");
        if (alert.was_answered && ++answered[id] > 1) ++repeats;
        const auto [known, is_new] = bodies.emplace(id, alert.body);
        EXPECT_EQ(known->second, alert.body) << "a repeat says the same";
        if (!is_new) continue;
        for (const auto& [event, issue] : events_of(alert)) {
            EXPECT_TRUE(arrived.insert(event).second) << event << " is in two messages";
            auto& last = last_of_issue[issue];
            EXPECT_GT(number_of(event), last) << issue;
            last = number_of(event);
        }
    }
    std::set<std::string> written;
    for (const auto& row : sql("SELECT 'evt_' || id FROM written_alerts"))
        written.insert(row.at(0));
    EXPECT_EQ(arrived, written);
    EXPECT_EQ(written.size(), static_cast<std::size_t>(kills));
    // A killed runner may have been answered, and could not write that down.
    EXPECT_LE(repeats, kills);
    EXPECT_EQ(answered.size(), bodies.size()) << "each was taken at last";
    std::cout << kills << " kills, " << written.size() << " events, " << bodies.size()
              << " messages, " << receiver_.received().size() << " attempts, " << repeats
              << " repeats after an answer\n";
    sql("DROP TABLE written_alerts; DROP FUNCTION keep_written() CASCADE");
}

}  // namespace
}  // namespace coredepot::db
