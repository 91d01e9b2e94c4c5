-- pgbench: what an upload does in the database, and nothing else: one call of the server-side function,
-- committed. Devices are :first to :first + :devices - 1, and no two clients have the same one.
\set device :first + :client_id + :clients * random(0, :devices / :clients - 1)
SELECT stored.*
  FROM (SELECT clock_timestamp() AS at) AS now,
       LATERAL store_coredump(
         interval '5 minutes', interval '0', :device,
         'coredump_' || to_char(now.at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS_US"Z"') || '.dmp',
         'esp32c3', '1.0.0', 65536, now.at, 20) AS stored;
