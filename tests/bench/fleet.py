"""Models and devices, of known ids and keys: written to the database before anything is measured."""

import dataclasses

from load import Request

VERSION = "1.0.0"
UPLOAD = f"/api/iot/coredump?chip=esp32c3&firmware_version={VERSION}"


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
            for device in self.devices:
                cursor.execute("INSERT INTO devices (id, key, device_model_id) "
                               "OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s)",
                               (device.id, device.key, model_id))

    def uploads(self, issuer):
        """One of each device."""
        return [Request("POST", UPLOAD, issuer.device(device.model, device.key))
                for device in self.devices]

    def gets(self, issuer, path):
        """Likewise, of one of the paths that are for devices."""
        return [Request("GET", path, issuer.device(device.model, device.key))
                for device in self.devices]
