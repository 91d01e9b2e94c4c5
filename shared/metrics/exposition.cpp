#include "metrics/exposition.hpp"

#include <limits>
#include <utility>

#include <prometheus/text_serializer.h>

namespace coredepot::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double in_seconds(microseconds duration) {
    return std::chrono::duration<double>(duration).count();
}

MetricFamily family(const char* name, MetricType type, const char* help) {
    return {name, help, type, {}};
}

void add_counter(MetricFamily& family, Labels labels, std::uint64_t value) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
}

void add_gauge(MetricFamily& family, Labels labels, double value) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    metric.gauge.value = value;
}

void add_histogram(MetricFamily& family, Labels labels, const Counters::Durations& durations) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < durations.buckets.size(); ++i) {
        so_far += durations.buckets.at(i);
        const auto bound = i < kDurationBounds.size() ? in_seconds(kDurationBounds.at(i))
                                                      : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({so_far, bound});
    }
    metric.histogram.sample_count = so_far;
    metric.histogram.sample_sum = in_seconds(durations.sum);
}

void add_operations(std::vector<MetricFamily>& families, const Counters& counters) {
    auto operations = family("coredepot_operations_total", MetricType::Counter,
                             "Operations that ended, by how they ended.");
    auto durations = family("coredepot_operation_duration_seconds", MetricType::Histogram,
                            "How long operations took in the program that carried them out.");
    auto responses = family("coredepot_responses_total", MetricType::Counter,
                            "Responses of the handlers, by HTTP status code.");
    for (std::size_t i = 0; i < kOperations.size(); ++i) {
        const std::string operation(kOperations.at(i));
        for (const auto outcome : {Outcome::Success, Outcome::Error}) {
            const Labels labels{
                {"operation", operation},
                {"status", std::string(kOutcomes.at(static_cast<std::size_t>(outcome)))}};
            // Read both at once, so that a scrape does not contradict itself.
            const auto observed = counters.durations(i, outcome);
            add_counter(operations, labels, observed.count());
            add_histogram(durations, labels, observed);
        }
        if (operation == kCoredumpParse) continue;  // not a request
        for (std::size_t code = 0; code < kStatusCodes.size(); ++code) {
            const auto number = kStatusCodes.at(code);
            add_counter(responses,
                        {{"operation", operation},
                         {"code", number == 0 ? "other" : std::to_string(number)}},
                        counters.responses(i, code));
        }
    }
    families.insert(families.end(), {operations, durations, responses});
}

void add_events(std::vector<MetricFamily>& families, const Counters& counters) {
    auto parses = family("coredepot_parses_total", MetricType::Counter,
                         "Attempts to parse a core dump, by what came of them.");
    for (std::size_t i = 0; i < kParseOutcomes.size(); ++i) {
        add_counter(parses, {{"outcome", std::string(kParseOutcomes.at(i))}},
                    counters.parses(static_cast<ParseOutcome>(i)));
    }
    auto corrupt = family("coredepot_corrupt_bundles_total", MetricType::Counter,
                          "Downloads that found the firmware bundle unreadable.");
    add_counter(corrupt, {}, counters.events(Event::CorruptBundle));
    auto evicted = family("coredepot_coredumps_evicted_total", MetricType::Counter,
                          "Core dumps that retention removed.");
    add_counter(evicted, {}, counters.events(Event::CoredumpEvicted));
    auto expired = family("coredepot_files_expired_total", MetricType::Counter,
                          "Files of core dumps that retention gave up, by what there was no room "
                          "for; their rows stay.");
    add_counter(expired, {{"reason", "bytes"}}, counters.events(Event::FileExpiredForBytes));
    add_counter(expired, {{"reason", "free_space"}},
                counters.events(Event::FileExpiredForFreeSpace));
    add_counter(expired, {{"reason", "age"}}, counters.events(Event::FileExpiredForAge));
    auto repeated = family("coredepot_coredumps_repeated_total", MetricType::Counter,
                           "Uploads of core dumps that had been recorded before.");
    add_counter(repeated, {}, counters.events(Event::CoredumpRepeated));
    auto adopted = family("coredepot_coredumps_adopted_total", MetricType::Counter,
                          "Core dumps whose rows were lost and that fsck made new ones for.");
    add_counter(adopted, {}, counters.events(Event::CoredumpAdopted));
    auto quarantined = family("coredepot_coredumps_quarantined_total", MetricType::Counter,
                              "Accepted core dumps that can have no row and were put aside.");
    add_counter(quarantined, {}, counters.events(Event::CoredumpQuarantined));
    auto removed = family("coredepot_orphans_removed_total", MetricType::Counter,
                          "Files of deleted core dumps that fsck found and removed.");
    add_counter(removed, {}, counters.events(Event::OrphanRemoved));
    families.insert(families.end(),
                    {parses, corrupt, evicted, expired, repeated, adopted, quarantined, removed});
}

void add_coredumps(std::vector<MetricFamily>& families, const Gauges& gauges) {
    const auto& coredumps = gauges.coredumps;
    auto up =
        family("coredepot_database_up", MetricType::Gauge, "1 when the database answers, else 0.");
    add_gauge(up, {}, gauges.database_up ? 1 : 0);
    families.push_back(up);
    if (!coredumps) return;
    auto dumps = family("coredepot_coredumps", MetricType::Gauge, "Core dumps, by parse status.");
    add_gauge(dumps, {{"status", "PENDING"}}, static_cast<double>(coredumps->pending));
    add_gauge(dumps, {{"status", "PARSED"}}, static_cast<double>(coredumps->parsed));
    add_gauge(dumps, {{"status", "ERROR"}}, static_cast<double>(coredumps->error));
    auto age = family("coredepot_oldest_pending_age_seconds", MetricType::Gauge,
                      "Since the upload of the core dump that is PENDING longest; 0 without any.");
    add_gauge(age, {}, in_seconds(coredumps->oldest_pending_age));
    auto counted = family("coredepot_coredumps_counted_age_seconds", MetricType::Gauge,
                          "Since the core dumps were last counted, by status and by bytes.");
    add_gauge(counted, {}, in_seconds(coredumps->counted_ago));
    auto ahead = family("coredepot_coredumps_ahead", MetricType::Gauge,
                        "Core dumps that were uploaded in the future, by a clock that was ahead.");
    add_gauge(ahead, {}, static_cast<double>(coredumps->ahead));
    auto pending_ahead =
        family("coredepot_pending_ahead_seconds", MetricType::Gauge,
               "How far ahead the upload of a core dump lies that is PENDING; 0 without any.");
    add_gauge(pending_ahead, {}, in_seconds(coredumps->pending_ahead));
    auto clock = family("coredepot_clock_ahead_of_database_seconds", MetricType::Gauge,
                        "How far this machine's clock is ahead of the database's.");
    add_gauge(clock, {}, in_seconds(coredumps->clock_ahead));
    families.insert(families.end(), {dumps, age, counted, ahead, pending_ahead, clock});
}

void add_folders(std::vector<MetricFamily>& families, const Gauges& gauges) {
    auto bytes =
        family("coredepot_folder_bytes", MetricType::Gauge, "Bytes of the files in a folder.");
    auto free = family("coredepot_folder_free_bytes", MetricType::Gauge,
                       "Bytes that can still be written on a folder's file system.");
    auto total = family("coredepot_folder_file_system_bytes", MetricType::Gauge,
                        "Size of a folder's file system.");
    auto free_inodes = family("coredepot_folder_free_inodes", MetricType::Gauge,
                              "Files that can still be made on a folder's file system.");
    auto inodes = family("coredepot_folder_file_system_inodes", MetricType::Gauge,
                         "Files that a folder's file system can have in all.");
    for (const auto& folder : gauges.folders) {
        const auto add = [&](MetricFamily& family, const std::optional<std::uint64_t>& value) {
            if (value) add_gauge(family, {{"folder", folder.folder}}, static_cast<double>(*value));
        };
        add(bytes, folder.bytes);
        add(free, folder.free_bytes);
        add(total, folder.file_system_bytes);
        add(free_inodes, folder.free_inodes);
        add(inodes, folder.file_system_inodes);
    }
    for (auto* family : {&bytes, &free, &total, &free_inodes, &inodes}) {
        if (!family->metric.empty()) families.push_back(*family);
    }
}

void add_spool(std::vector<MetricFamily>& families, const SpoolGauges& spool) {
    const auto add = [&](const char* name, const char* help, std::uint64_t value) {
        auto gauge = family(name, MetricType::Gauge, help);
        add_gauge(gauge, {}, static_cast<double>(value));
        families.push_back(gauge);
    };
    add("coredepot_spool_files", "Core dumps that wait for the database.", spool.files);
    add("coredepot_spool_bytes", "Bytes of the spool's files.", spool.bytes);
    add("coredepot_spool_max_bytes", "Bytes that the spool may grow to.", spool.max_bytes);
    add("coredepot_quarantine_files", "Spooled core dumps that have no row to become.",
        spool.quarantined);
    add("coredepot_quarantine_bytes", "Their bytes on the disk.", spool.quarantined_bytes);
}

void add_bucket_spool(std::vector<MetricFamily>& families, const BucketSpoolGauges& spool) {
    const auto add = [&](const char* name, const char* help, double value) {
        auto gauge = family(name, MetricType::Gauge, help);
        add_gauge(gauge, {}, value);
        families.push_back(gauge);
    };
    add("coredepot_bucket_spool_objects",
        "Core dumps that wait in the bucket for the database, up to 10,000.",
        static_cast<double>(spool.objects));
    add("coredepot_bucket_spool_bytes", "Their bytes.", static_cast<double>(spool.bytes));
    add("coredepot_bucket_spool_oldest_age_seconds",
        "How long the oldest of them has waited; 0 without any.",
        static_cast<double>(spool.oldest_age.count()));
}

void add_retention(std::vector<MetricFamily>& families, const RetentionGauges& retention) {
    const auto add = [&](const char* name, const char* help, double value) {
        auto gauge = family(name, MetricType::Gauge, help);
        add_gauge(gauge, {}, value);
        families.push_back(gauge);
    };
    add("coredepot_coredump_files", "Core dumps whose files are there.",
        static_cast<double>(retention.files));
    add("coredepot_retention_unmet",
        "1 when there are more bytes than a limit allows and no file may go, else 0.",
        retention.unmet ? 1 : 0);
    if (retention.max_bytes) {
        add("coredepot_coredumps_max_bytes", "Bytes that core dumps' files may have together.",
            static_cast<double>(*retention.max_bytes));
    }
    constexpr double kHundred = 100;
    add("coredepot_coredumps_min_free_ratio",
        "Share of the volume of core dumps that is to be free; 0: any.",
        retention.min_free_percent / kHundred);
}

void add_last_backup(std::vector<MetricFamily>& families, Timestamp time) {
    auto gauge = family("coredepot_last_backup_timestamp_seconds", MetricType::Gauge,
                        "When the last good backup was ready; 0: there is none yet.");
    add_gauge(gauge, {}, in_seconds(time.time_since_epoch()));
    families.push_back(gauge);
}

void add_issuer_keys(std::vector<MetricFamily>& families, const IssuerKeysGauges& issuer) {
    auto keys = family("coredepot_issuer_keys", MetricType::Gauge,
                       "Keys that tokens are checked with; with 0 none is good.");
    add_gauge(keys, {}, static_cast<double>(issuer.keys));
    families.push_back(keys);
    if (!issuer.age) return;
    auto age = family("coredepot_issuer_keys_age_seconds", MetricType::Gauge,
                      "Since the identity provider last said which keys it has.");
    add_gauge(age, {}, in_seconds(*issuer.age));
    families.push_back(age);
}

void add_alerts(std::vector<MetricFamily>& families, const AlertState& alerts) {
    auto targets = family("coredepot_alert_targets", MetricType::Gauge,
                          "Alert targets, by how they fare; failing: for a day or longer.");
    add_gauge(targets, {{"state", "ok"}}, static_cast<double>(alerts.well));
    add_gauge(targets, {{"state", "failing"}}, static_cast<double>(alerts.failing));
    add_gauge(targets, {{"state", "gone"}}, static_cast<double>(alerts.switched_off));
    auto waiting = family("coredepot_alerts_waiting", MetricType::Gauge,
                          "Events and messages that somebody is still to be told of.");
    add_gauge(waiting, {}, static_cast<double>(alerts.waiting));
    auto oldest = family("coredepot_oldest_alert_age_seconds", MetricType::Gauge,
                         "How long the oldest of them has waited; 0 without any.");
    add_gauge(oldest, {}, static_cast<double>(alerts.oldest));
    families.insert(families.end(), {targets, waiting, oldest});
}

void add_store(std::vector<MetricFamily>& families, const Counters& counters, bool is_up) {
    auto up = family("coredepot_object_store_up", MetricType::Gauge,
                     "1 when the object store answered not long ago, else 0.");
    add_gauge(up, {}, is_up ? 1 : 0);
    auto requests = family("coredepot_object_store_requests_total", MetricType::Counter,
                           "Requests to the object store, by what came of them; in_doubt: put, and "
                           "nobody knows whether it is there.");
    auto durations = family("coredepot_object_store_request_duration_seconds",
                            MetricType::Histogram, "How long requests to the object store took.");
    for (std::size_t operation = 0; operation < kStoreOperations.size(); ++operation) {
        for (std::size_t outcome = 0; outcome < kStoreOutcomes.size(); ++outcome) {
            const Labels labels{{"operation", std::string(kStoreOperations.at(operation))},
                                {"outcome", std::string(kStoreOutcomes.at(outcome))}};
            const auto observed = counters.store_durations(operation, outcome);
            add_counter(requests, labels, observed.count());
            add_histogram(durations, labels, observed);
        }
    }
    families.insert(families.end(), {up, requests, durations});
}

}  // namespace

std::string exposition(const Counters& counters, const Gauges& gauges) {
    std::vector<MetricFamily> families;
    auto build = family("coredepot_build_info", MetricType::Gauge, "1; the label is what counts.");
    add_gauge(build, {{"version", COREDEPOT_VERSION}}, 1);
    auto sidecar = family("coredepot_sidecar_configured", MetricType::Gauge,
                          "1 when core dumps are parsed, 0 when they stay PENDING.");
    add_gauge(sidecar, {}, gauges.sidecar_configured ? 1 : 0);
    families.insert(families.end(), {build, sidecar});
    add_operations(families, counters);
    add_events(families, counters);
    add_coredumps(families, gauges);
    add_folders(families, gauges);
    if (gauges.spool) add_spool(families, *gauges.spool);
    if (gauges.bucket_spool) add_bucket_spool(families, *gauges.bucket_spool);
    if (gauges.retention) add_retention(families, *gauges.retention);
    if (gauges.last_backup) add_last_backup(families, *gauges.last_backup);
    if (gauges.issuer_keys) add_issuer_keys(families, *gauges.issuer_keys);
    if (gauges.alerts) add_alerts(families, *gauges.alerts);
    if (gauges.store_up) add_store(families, counters, *gauges.store_up);
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace coredepot::metrics
