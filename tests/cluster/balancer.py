"""HAProxy, in front of the hosts and in front of the gateways to the object store."""

import pathlib
import signal
import socket

from child import Child

PORT = 8000
OBJECTS_PORT = 7480

# The first half is what docs/observability.md shows, with the rig's addresses.
CONFIGURATION = """
global
    maxconn 2000
    stats socket {folder}/haproxy.sock
defaults
    mode http
    timeout connect 2s
    timeout check 2s
    timeout client 60s
    timeout server 60s
    option forwardfor
    option redispatch
    retries 2
    # Nothing that may have arrived is sent twice.
    retry-on conn-failure
    default-server check inter 300ms fall 2 rise 1

frontend coredepot
    bind 127.0.0.1:{port}
    http-response set-header X-Host %s
    use_backend uploads if {{ path /api/iot/coredump }} || !{{ nbsrv(everything) gt 0 }}
    default_backend everything
backend uploads
    option httpchk GET /health/uploads
{hosts}
backend everything
    option httpchk GET /health
{hosts}
frontend objects
    bind 127.0.0.1:{objects_port}
    default_backend gateways
backend gateways
    option httpchk GET /
    http-check expect rstatus [1-4]..
{gateways}
"""


def servers(ports):
    return "".join(f"    server {name} 127.0.0.1:{port}\n" for name, port in ports.items())


class Balancer:
    """`hosts` and `gateways`: names and ports, also of those that come later."""

    def __init__(self, folder, hosts, gateways):
        folder.mkdir()
        self.folder = folder
        path = folder / "haproxy.cfg"
        path.write_text(CONFIGURATION.format(folder=folder, port=PORT, objects_port=OBJECTS_PORT,
                                             hosts=servers(hosts), gateways=servers(gateways)), encoding="utf-8")
        self.child = Child("haproxy", ["/usr/sbin/haproxy", "-db", "-f", path], folder / "haproxy.log")
        self.child.wait_until("HAProxy listens", pathlib.Path(folder / "haproxy.sock").exists)

    def states(self, backend):
        """Names of a backend's servers, and whether each is up."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder / "haproxy.sock"))
            connection.sendall(b"show stat\n")
            text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        lines = [line.split(",") for line in text.removeprefix("# ").splitlines() if line]
        status = lines[0].index("status")
        return {line[1]: line[status].startswith("UP") for line in lines[1:]
                if line[0] == backend and line[1] != "BACKEND"}

    def stop(self):
        self.child.stop(signal.SIGTERM)
