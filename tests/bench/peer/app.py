"""What one would write in an afternoon: the same requests, tokens, SQL and syncs as Coredepot, in Flask.
The statements are Coredepot's own (../statements.py).

It is what the bench compares with, so it is lean rather than complete: no limits, no metrics, no log, and
errors as Flask has them. But what it answers with 2xx has happened, as durably as with Coredepot.
"""

import datetime
import gzip
import hashlib
import json
import os
import pathlib
import re
import time
import urllib.request
import uuid

import jwt
import psycopg2
import psycopg2.extras
from flask import Flask, abort, jsonify, request

from statements import for_psycopg

ROOT = pathlib.Path(os.environ["PEER_COREDUMPS_DIR"])
ISSUER = os.environ["OIDC_ISSUER_URL"]
AUDIENCE = os.environ["OIDC_CLIENT_ID"]
KEEP = int(os.environ["MAX_COREDUMPS"])
EPOCH = datetime.datetime(1970, 1, 1)
CLIENT_ID = re.compile(r"^iotdevice-([a-z0-9_]+)-([a-z0-9]{8})$")

app = Flask(__name__)
database = None  # opened by each worker, see gunicorn.conf.py
keys = {}


def start():
    global database
    database = psycopg2.connect(os.environ["DATABASE_URL"],
                                cursor_factory=psycopg2.extras.RealDictCursor)
    database.autocommit = True
    with urllib.request.urlopen(f"{ISSUER}/jwks") as answer:
        for key in json.load(answer)["keys"]:
            keys[key["kid"]] = jwt.PyJWK(key).key


def query(name, *values):
    with database.cursor() as cursor:
        cursor.execute(for_psycopg(name), {str(i): value for i, value in enumerate(values, 1)})
        return cursor.fetchall()


def claims():
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)
    except (KeyError, jwt.PyJWTError):
        abort(401)


def require_admin():
    if "admin" not in claims().get("realm_access", {}).get("roles", []):
        abort(403)


def require_device():
    named = CLIENT_ID.match(claims().get("azp", "")) or abort(403)
    rows = query("device_by_key", named[2]) or abort(404)
    if rows[0]["model_code"] != named[1]:
        abort(403)
    return rows[0]


def sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store(folder, body, microseconds):
    """Returns the file's name."""
    if not folder.is_dir():
        folder.mkdir()
        sync_folder(folder.parent)
    temporary = folder / f".upload-{uuid.uuid4().hex}"
    seconds, fraction = divmod(microseconds, 1_000_000)
    name = time.strftime("coredump_%Y%m%dT%H%M%S", time.gmtime(seconds)) + f"_{fraction:06}Z.dmp"
    with open(temporary, "xb", buffering=0) as file:
        file.write(body)
        os.rename(temporary, folder / name)
        os.fsync(file.fileno())
    sync_folder(folder)
    return name


@app.post("/api/iot/coredump")
def upload():
    chip, version = request.args["chip"], request.args["firmware_version"]
    device = require_device()
    body = request.get_data(cache=False)
    if not 0 < len(body) <= 1_048_576:
        abort(400)
    microseconds = time.time_ns() // 1000
    folder = ROOT / device["key"]
    name = store(folder, body, microseconds)
    sha256 = hashlib.sha256(body).hexdigest()
    rows = query("record_upload", 300_000_000, 0, device["id"], None, None, name, chip, version, len(body), sha256,
                 microseconds, KEEP, None)
    for row in rows[1:]:
        (folder / row["evicted_filename"]).unlink(missing_ok=True)
    return jsonify(status="ok", filename=name, coredump_id=rows[0]["coredump_id"]), 201


def shown(row):
    for name, value in row.items():
        if name.endswith("_at") and value is not None:
            # As a statement has them: a time, or the microseconds since 1970.
            time = (value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if isinstance(value, datetime.datetime)
                    else EPOCH + datetime.timedelta(microseconds=value))
            row[name] = time.isoformat(timespec="microseconds") + "Z"
    return row


@app.get("/api/devices/<int:device>/coredumps")
def list_coredumps(device):
    require_admin()
    rows = query("coredumps_of_device", device, None, None, 1000)
    return jsonify(coredumps=[shown(row) for row in rows], count=len(rows))


@app.get("/api/devices/<int:device>/coredumps/<int:coredump>")
def detail(device, coredump):
    require_admin()
    row = shown((query("coredump_of_device", device, coredump) or abort(404))[0])
    if packed := row.pop("packed"):
        row |= json.loads("{" + gzip.decompress(packed).decode()[1:])  # shared/parse_result_json.hpp
    return jsonify(row)
