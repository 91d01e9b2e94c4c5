"""The statements of shared/db/devices.cpp and shared/db/coredumps.cpp, word for word but for the
parameters' form, and that the report comes as JSON."""

DEVICE_BY_KEY = """
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           (extract(epoch FROM d.last_coredump_at) * 1000000)::bigint AS last_coredump_at,
           (extract(epoch FROM greatest(d.upload_budget_full_at - clock_timestamp(),
                                        interval '0')) * 1000000)::bigint
             AS until_upload_budget_full
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.key = %s"""

DEVICE_BY_ID = """
    SELECT d.id, d.key, d.device_model_id, m.code AS model_code, d.device_name,
           (extract(epoch FROM d.last_coredump_at) * 1000000)::bigint AS last_coredump_at
      FROM devices d JOIN device_models m ON m.id = d.device_model_id
     WHERE d.id = %s"""

STORE_COREDUMP = """
    SELECT coredump_id, evicted_filename,
           ceil(extract(epoch FROM wait) * 1000000)::bigint AS wait
      FROM store_coredump(
             %s::bigint * interval '1 microsecond', %s::bigint * interval '1 microsecond',
             %s, %s, %s, %s, %s,
             timestamptz 'epoch' + %s::bigint * interval '1 microsecond', %s)"""

COREDUMPS_OF_DEVICE = """
    SELECT id, device_id, filename, chip, firmware_version, size, parse_status, signature, title,
           (extract(epoch FROM uploaded_at) * 1000000)::bigint AS uploaded_at,
           (extract(epoch FROM parsed_at) * 1000000)::bigint AS parsed_at,
           (extract(epoch FROM created_at) * 1000000)::bigint AS created_at
      FROM coredumps c
     WHERE device_id = %s
     ORDER BY c.uploaded_at DESC, c.id DESC"""

COREDUMP_OF_DEVICE = """
    SELECT id, device_id, filename, chip, firmware_version, size, parse_status, signature, title,
           parsed_output, report,
           (extract(epoch FROM uploaded_at) * 1000000)::bigint AS uploaded_at,
           (extract(epoch FROM parsed_at) * 1000000)::bigint AS parsed_at,
           (extract(epoch FROM created_at) * 1000000)::bigint AS created_at,
           (extract(epoch FROM updated_at) * 1000000)::bigint AS updated_at
      FROM coredumps
     WHERE id = %s AND device_id = %s"""
