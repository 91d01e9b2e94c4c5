"""A fleet's worth of crashes, through the path that devices, pipelines and admins use."""

import time

from crash import Build, KINDS

# Other firmware than the thermostat's, made of it: bytes are exchanged, so lengths are the same.
IRRIGATION = {b"relay_set_duty": b"valve_set_flow", b"heater_drive": b"sprinkler_on",
              b"regulate_zone": b"irrigate_zone", b"relay_find": b"valve_find", b"heater.c": b"valves.c",
              b"thermostat.c": b"irrigation.c"}
# What somebody sends who wants to do harm with the names of a function and of a task: markup, an escape sequence
# of a terminal, and an override that turns what follows from right to left (U+202E).
HOSTILE = {b"relay_set_duty": b"<img src=x:y>\x1b", b"heater_drive": "</p>\u202erevo>".encode(),
           b"main\0\0\0\0\0\0\0\0\0\0": "<b>\u202ex\x1b[2J".encode().ljust(14, b"\0")}
PARSED_WITHIN = 240  # seconds, on a machine with a lot to do


class Fleet:
    """Models, devices and what has happened to them."""

    def __init__(self, stack):
        self._stack = stack
        self._models = {}
        self._sent = []

    def model(self, code, name):
        self._models[code] = self._stack.call("POST", "/api/device-models", {"code": code, "name": name})["id"]

    def devices(self, code, names):
        """Registers devices; as the API answers them."""
        return [self._stack.call("POST", "/api/devices", {"device_model_id": self._models[code], "device_name": name})
                for name in names]

    def release(self, build):
        """The pipeline uploads a version."""
        self._stack.call("POST", f"/api/pipeline/models/{build.model}/firmware", build.bundle())

    def runs(self, device, build):
        """The device asks for its firmware, and says what it runs."""
        self._stack.call("GET", f"/api/iot/firmware-version?device_key={device['key']}&running={build.version}")

    def crash(self, device, build, kind="store"):
        """The device crashes, and sends the core dump; its id."""
        path = f"/api/iot/coredump?chip=esp32c3&firmware_version={build.version}&device_key={device['key']}"
        id_ = self._stack.call("POST", path, build.coredump(kind))["coredump_id"]
        self._sent.append(id_)
        return id_

    def await_parsed(self, *more):
        """Returns once every core dump so far is PARSED, and these."""
        end = time.monotonic() + PARSED_WITHIN
        for id_ in [*self._sent, *more]:
            while (coredump := self._stack.call("GET", f"/api/coredumps/{id_}"))["parse_status"] == "PENDING":
                if time.monotonic() > end:
                    raise TimeoutError(f"core dump {id_} is still PENDING")
                time.sleep(0.1)  # between two questions
            if coredump["parse_status"] != "PARSED":
                raise RuntimeError(f"core dump {id_}: {coredump['parsed_output']}")
        self._sent.clear()

    def issue_of(self, coredump):
        """The name of the issue that it is counted for."""
        return self._stack.call("GET", f"/api/coredumps/{coredump}")["issue"]["name"]


def play(stack):
    """Two models, three versions, most kinds of crashes, one bug that was fixed and came back.

    Returns what tests ask for, by name.
    """
    fleet = Fleet(stack)
    fleet.model("thermostat", "Thermostat, second generation")
    fleet.model("irrigation", "Garden irrigation")
    homes = fleet.devices("thermostat", [f"{room} {number}" for number in (4, 17, 23, 31)
                                         for room in ("Kitchen", "Bath", "Hall")])
    gardens = fleet.devices("irrigation", ["Rose bed", "Lawn", None])

    old, new = Build("thermostat", "1.8.0", "size"), Build("thermostat", "1.8.1")
    newest = Build("thermostat", "1.9.0", "rebuilt")
    garden = Build("irrigation", "0.9.2", names=IRRIGATION)
    for build in (old, garden):
        fleet.release(build)
    for device in homes:
        fleet.runs(device, old)
    # Before all others, so that they are THERMOSTAT-1 and IRRIGATION-1.
    fleet.crash(homes[0], old, "store")
    fleet.crash(gardens[0], garden)
    fleet.await_parsed()
    for device, kind in ((1, "store"), (1, "abort"), (2, "watchdog"), (2, "watchdog")):
        fleet.crash(homes[device], old, kind)
    fleet.crash(gardens[1], garden, "watchdog")
    fleet.await_parsed()
    worst = stack.call("GET", "/api/issues?model=thermostat&sort=devices&limit=1")["issues"][0]["name"]
    stack.call("PATCH", f"/api/issues/{worst}", {"state": "resolved", "fixed_in_next": True})

    fleet.release(new)
    for device in homes[:9]:
        fleet.runs(device, new)
    for device, kind in ((3, "assert"), (4, "illegal"), (4, "illegal"), (5, "overflow"), (6, "interrupt")):
        fleet.crash(homes[device], new, kind)
    fleet.crash(homes[7], old)  # an old version: still seen, and no regression
    fleet.await_parsed()

    fleet.release(newest)
    for device in homes[:6]:
        fleet.runs(device, newest)
    for device in (0, 1, 2, 3, 3, 4, 5):
        fleet.crash(homes[device], newest)
    for device, kind in ((1, "abort"), (2, "watchdog"), (4, "watchdog")):
        fleet.crash(homes[device], newest, kind)
    fleet.await_parsed()
    return {"fleet": fleet, "garden_names": IRRIGATION, "regressed": worst, "homes": homes, "gardens": gardens, "newest": newest}


__all__ = ["Build", "Fleet", "HOSTILE", "KINDS", "play"]
