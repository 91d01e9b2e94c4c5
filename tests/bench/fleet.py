"""Models and devices with known IDs and keys. They are written to the database before anything is measured."""

import dataclasses
import os

from load import Request

VERSION = "1.0.0"
UPLOAD = f"/api/iot/coredump?chip=esp32c3&firmware_version={VERSION}"


FILL = f"""
    INSERT INTO coredumps (device_id, filename, chip, firmware_version, size, sha256, uploaded_at)
    SELECT device, 'coredump_' || to_char(at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS_US"Z"') || '.dmp', 'esp32c3',
           '{VERSION}', %(size)s, sha256(uuid_send(gen_random_uuid())), at
      FROM generate_series(1, %(dumps)s::integer) n
     CROSS JOIN generate_series(%(first)s::bigint, %(last)s::bigint) device
     CROSS JOIN LATERAL (SELECT now() - interval '1 day' + n * interval '1 hour' + device * interval '1 us' AS at) AS t"""


@dataclasses.dataclass(frozen=True)
class Device:
    id: int
    key: str
    model: str

    def coredumps_path(self):
        return f"/api/devices/{self.id}/coredumps"


class Fleet:
    """Devices of one model, for one kind of work, so that no work disturbs another's retention."""

    _next_id = 1

    def __init__(self, model, count):
        self.model, first = model, Fleet._next_id
        Fleet._next_id += count
        self.devices = [Device(id, f"d{id:07}", model) for id in range(first, first + count)]

    def folders(self):
        return [device.key for device in self.devices]

    def register(self, database):
        with database.cursor() as cursor:
            cursor.execute("INSERT INTO device_models (code, name) VALUES (%s, %s) RETURNING id",
                           (self.model, self.model.capitalize()))
            model_id = cursor.fetchone()[0]
            cursor.execute("INSERT INTO devices (id, key, device_model_id) OVERRIDING SYSTEM VALUE "
                           "SELECT id, key, %s FROM unnest(%s::bigint[], %s::text[]) AS device (id, key)",
                           (model_id, [device.id for device in self.devices], self.folders()))

    def fill(self, database, folder, body, dumps):
        """Makes `dumps` core dumps of each device, as many as it keeps. So from the first upload on, retention removes
        one for each that comes. The files lack the label that an upload gives. Without a `folder` there are only
        rows."""
        first, last = self.devices[0].id, self.devices[-1].id
        with database.cursor() as cursor:
            cursor.execute(FILL, {"first": first, "last": last, "dumps": dumps, "size": len(body)})
            cursor.execute("SELECT d.key, c.filename FROM coredumps c JOIN devices d ON d.id = c.device_id "
                           "WHERE d.id BETWEEN %s AND %s", (first, last))
            for key, filename in cursor.fetchall() if folder else []:
                (folder / key / filename).write_bytes(body)
        os.sync()  # otherwise the next sync would wait for all of this

    def uploads(self, issuer):
        """One upload of each device."""
        return [Request("POST", UPLOAD, issuer.device(device.model, device.key))
                for device in self.devices]

    def gets(self, issuer, path):
        """One request of each device for `path`, which must be a path for devices."""
        return [Request("GET", path, issuer.device(device.model, device.key))
                for device in self.devices]
