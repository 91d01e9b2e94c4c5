#!/usr/bin/python3
"""A small object store that speaks S3 and does as it is told: signatures are checked, objects are in memory or in a
folder, and faults are asked for by requests to /-/ on the same port.

    s3_server.py [--port N] [--folder F] [--bucket B]... [--access-key ID] [--secret S] [--region R]
                 [--certificate FILE --key FILE]

Prints `http://127.0.0.1:PORT` when it listens; with a certificate `https://localhost:PORT` in the line before, where
the same store is behind TLS.

    POST /-/faults    a JSON array in place of those of before; each is
                      {"operation": "put"|"get"|"head"|"list"|"remove"|"any", "key": beginning of the key,
                       "skip": so many requests first, "times": then so many (0: all), "do": one of KINDS,
                       "status": of "status", "code": of its error}
    GET /-/requests   {"put": {"asked": 3, "done": 2}, …}, and under "waiting" how many hang
    GET /-/objects    {"bucket/key": {"size": …, "sha256": …}}
    POST /-/release   ends the hanging of those that hang: their connections are closed
    DELETE /-/objects forgets all of them
"""
import argparse
import collections
import datetime
import email.utils
import hashlib
import hmac
import http.server
import json
import pathlib
import ssl
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

KINDS = (
    'status',       # answers so, without doing anything
    'hang',         # says nothing
    'store-hang',   # does it, and says nothing
    'drop',         # closes the connection without a word, when all of the request has come
    'store-drop',   # does it, and then that
    'store-status', # does it, and answers with that status
    'half',         # closes it within the body of an answer
    'wrong',        # answers with another body of that length
    'slow',         # waits two seconds, and then is as ever
)
SKEW = datetime.timedelta(minutes=15)


class Refused(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status = status
        self.code = code


class Store:
    """Objects by bucket and key: (bytes, metadata, time)."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.objects = {}
        self.faults = []
        self.counts = collections.defaultdict(lambda: {'asked': 0, 'done': 0})
        self.waiting = 0
        self.released = 0
        self.folder = pathlib.Path(options.folder) if options.folder else None
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            for file in self.folder.iterdir():
                head, body = file.read_bytes().split(b'\n', 1)
                head = json.loads(head)
                self.objects[head['name']] = (body, head['headers'], head['time'])

    def file(self, name):
        return self.folder / hashlib.sha256(name.encode()).hexdigest()

    def put(self, name, body, headers):
        when = time.time()
        self.objects[name] = (body, headers, when)
        if self.folder:
            temporary = self.folder.with_name(self.folder.name + f'.{threading.get_ident()}')
            head = json.dumps({'name': name, 'headers': headers, 'time': when})
            temporary.write_bytes(head.encode() + b'\n' + body)
            temporary.rename(self.file(name))

    def remove(self, name):
        if self.objects.pop(name, None) and self.folder:
            self.file(name).unlink(missing_ok=True)

    def take_fault(self, operation, key):
        for fault in self.faults:
            if fault.get('operation', 'any') not in ('any', operation):
                continue
            if not key.startswith(fault.get('key', '')):
                continue
            if fault.get('skip', 0) > 0:
                fault['skip'] -= 1
                continue
            if fault.get('times', 0) > 0:
                fault['times'] -= 1
                if fault['times'] == 0:
                    self.faults.remove(fault)
            return fault
        return None


def encode(text, plain=''):
    return urllib.parse.quote(text, safe='-._~' + plain)


def signing_key(secret, day, region):
    key = ('AWS4' + secret).encode()
    for part in (day, region, 's3', 'aws4_request'):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    store = None
    # An answer is written in two pieces, which must not wait for one another.
    disable_nagle_algorithm = True

    def log_message(self, format, *arguments):
        pass

    # -- signatures: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html

    def check_signature(self, path, query):
        if 'Authorization' in self.headers:
            return self.check_header(path, query)
        if dict(query).get('X-Amz-Algorithm') == 'AWS4-HMAC-SHA256':
            return self.check_query(path, query)
        raise Refused(403, 'AccessDenied')

    def check_header(self, path, query):
        words = self.headers['Authorization'].replace(',', ' ').split()
        if words[0] != 'AWS4-HMAC-SHA256':
            raise Refused(400, 'InvalidRequest')
        fields = dict(word.split('=', 1) for word in words[1:])
        signed = fields['SignedHeaders'].split(';')
        for name in self.headers:
            if name.lower().startswith('x-amz-') and name.lower() not in signed:
                raise Refused(403, 'AccessDenied')
        payload = self.headers.get('x-amz-content-sha256')
        if not payload:
            raise Refused(400, 'InvalidRequest')
        self.compare(path, query, fields['Credential'], signed, self.headers['x-amz-date'], payload,
                     fields['Signature'], SKEW)
        return payload

    def check_query(self, path, query):
        fields = dict(query)
        lifetime = int(fields['X-Amz-Expires'])
        if not 1 <= lifetime <= 604800:
            raise Refused(400, 'AuthorizationQueryParametersError')
        rest = [(name, value) for name, value in query if name != 'X-Amz-Signature']
        self.compare(path, rest, fields['X-Amz-Credential'], fields['X-Amz-SignedHeaders'].split(';'),
                     fields['X-Amz-Date'], 'UNSIGNED-PAYLOAD', fields['X-Amz-Signature'],
                     datetime.timedelta(seconds=lifetime))
        return 'UNSIGNED-PAYLOAD'

    def compare(self, path, query, credential, signed, stamp, payload, signature, lifetime):
        options = self.store.options
        key_id, day, region, service, end = credential.split('/')
        if key_id != options.access_key:
            raise Refused(403, 'InvalidAccessKeyId')
        if (region, service, end) != (options.region, 's3', 'aws4_request') or not stamp.startswith(day):
            raise Refused(400, 'AuthorizationHeaderMalformed')
        if 'host' not in signed or signed != sorted(signed):
            raise Refused(403, 'AccessDenied')
        age = datetime.datetime.utcnow() - datetime.datetime.strptime(stamp, '%Y%m%dT%H%M%SZ')
        if age > lifetime or age < -SKEW:
            raise Refused(403, 'RequestTimeTooSkewed' if lifetime == SKEW else 'AccessDenied')
        headers = ''.join(f'{name}:{" ".join((self.headers.get(name) or "").split())}\n' for name in signed)
        encoded = sorted((encode(name), encode(value)) for name, value in query)
        canonical = '\n'.join([self.command, encode(path, '/'), '&'.join(f'{n}={v}' for n, v in encoded), headers,
                               ';'.join(signed), payload])
        to_sign = '\n'.join(['AWS4-HMAC-SHA256', stamp, f'{day}/{region}/s3/aws4_request',
                             hashlib.sha256(canonical.encode()).hexdigest()])
        good = hmac.new(signing_key(options.secret, day, region), to_sign.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(good, signature):
            raise Refused(403, 'SignatureDoesNotMatch')

    # -- requests

    def answer(self, status, body=b'', headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        length = dict(headers).get('Content-Length')
        if length is None and status != 204:
            self.send_header('Content-Length', str(len(body)))
        self.send_header('x-amz-request-id', 'tx0000')
        self.end_headers()
        if self.command != 'HEAD' and body:
            self.wfile.write(body)

    def answer_error(self, status, code):
        body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><RequestId>tx0000</RequestId></Error>'
        headers = [('Content-Type', 'application/xml')]
        if self.command == 'HEAD':
            self.answer(status, b'', headers)
        else:
            self.answer(status, body.encode(), headers)

    def read_body(self):
        length = int(self.headers.get('Content-Length') or 0)
        body = self.rfile.read(length)
        if len(body) != length:
            raise ConnectionError
        return body

    def hang(self):
        self.close_connection = True
        with self.store.changed:
            generation = self.store.released
            self.store.waiting += 1
            self.store.changed.notify_all()
            while self.store.released == generation:
                self.store.changed.wait()
            self.store.waiting -= 1
            self.store.changed.notify_all()

    def handle_request(self):
        try:
            target = urllib.parse.urlsplit(self.path)
            path = urllib.parse.unquote(target.path)
            body = self.read_body()
            if path.startswith('/-/'):
                return self.control(path, body)
            query = urllib.parse.parse_qsl(target.query, keep_blank_values=True)
            bucket, _, key = path[1:].partition('/')
            operation = {'PUT': 'put', 'GET': 'get' if key else 'list', 'HEAD': 'head',
                         'DELETE': 'remove'}.get(self.command, 'any')
            with self.store.lock:
                self.store.counts[operation]['asked'] += 1
                fault = self.store.take_fault(operation, key) or {}
            kind = fault.get('do')
            if kind == 'hang':
                return self.hang()
            if kind == 'drop':
                self.close_connection = True
                return None
            if kind == 'status':
                return self.answer_error(fault.get('status', 500), fault.get('code', 'InternalError'))
            if kind == 'slow':
                time.sleep(2)
            payload = self.check_signature(path, query)
            if payload not in ('UNSIGNED-PAYLOAD', hashlib.sha256(body).hexdigest()):
                raise Refused(400, 'XAmzContentSHA256Mismatch')
            if bucket not in self.store.options.bucket:
                raise Refused(404, 'NoSuchBucket')
            status, content, headers = self.act(operation, bucket, key, dict(query), body)
            with self.store.lock:
                self.store.counts[operation]['done'] += 1
            if kind == 'store-hang':
                return self.hang()
            if kind == 'store-drop':
                self.close_connection = True
                return None
            if kind == 'store-status':
                return self.answer_error(fault.get('status', 500), fault.get('code', 'InternalError'))
            if kind == 'half':
                self.close_connection = True
                headers.append(('Content-Length', str(len(content))))
                content = content[:len(content) // 2]
            if kind == 'wrong':
                content = bytes(byte ^ 1 for byte in content)
            return self.answer(status, content, headers)
        except Refused as refused:
            return self.answer_error(refused.status, refused.code)
        except (KeyError, ValueError, IndexError):
            return self.answer_error(400, 'InvalidRequest')
        except ConnectionError:
            self.close_connection = True
            return None

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_request

    def act(self, operation, bucket, key, query, body):
        name = f'{bucket}/{key}'
        with self.store.lock:
            if operation == 'list':
                return 200, self.list_objects(bucket, query), [('Content-Type', 'application/xml')]
            if operation == 'put':
                headers = {n.lower(): v for n, v in self.headers.items()
                           if n.lower().startswith('x-amz-meta-') or n.lower() == 'content-type'}
                self.store.put(name, body, headers)
                return 200, b'', [('ETag', f'"{hashlib.md5(body).hexdigest()}"')]
            if operation == 'remove':
                self.store.remove(name)
                return 204, b'', []
            if name not in self.store.objects:
                raise Refused(404, 'NoSuchKey')
            content, metadata, when = self.store.objects[name]
        headers = list(metadata.items()) + [('Last-Modified', email.utils.formatdate(when, usegmt=True)),
                                            ('ETag', f'"{hashlib.md5(content).hexdigest()}"'),
                                            ('Accept-Ranges', 'bytes')]
        if operation == 'head':
            return 200, b'', headers + [('Content-Length', str(len(content)))]
        asked = self.headers.get('Range', '')
        if asked.startswith('bytes=') and ',' not in asked:
            first, _, last = asked[6:].partition('-')
            size = len(content)
            begin = int(first) if first else max(0, size - int(last))
            end = min(size - 1, int(last)) if first and last else size - 1
            if begin >= size or begin > end:
                raise Refused(416, 'InvalidRange')
            headers.append(('Content-Range', f'bytes {begin}-{end}/{size}'))
            return 206, content[begin:end + 1], headers
        return 200, content, headers

    def list_objects(self, bucket, query):
        if query.get('list-type') != '2':
            raise Refused(501, 'NotImplemented')
        begin = f'{bucket}/'
        prefix = query.get('prefix', '')
        after = query.get('start-after', '')
        most = min(1000, int(query.get('max-keys', '1000')))
        keys = sorted((name[len(begin):] for name in self.store.objects if name.startswith(begin + prefix)),
                      key=lambda key: key.encode())
        keys = [key for key in keys if key.encode() > after.encode()]
        encoded = query.get('encoding-type') == 'url'
        entries = []
        for key in keys[:most]:
            content, _, when = self.store.objects[begin + key]
            moment = datetime.datetime.utcfromtimestamp(when).strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3] + 'Z'
            shown = urllib.parse.quote_plus(key, safe='-._*/') if encoded else escape(key)
            entries.append(f'<Contents><Key>{shown}</Key><LastModified>{moment}</LastModified>'
                           f'<ETag>&quot;{hashlib.md5(content).hexdigest()}&quot;</ETag><Size>{len(content)}</Size>'
                           '<StorageClass>STANDARD</StorageClass></Contents>')
        truncated = 'true' if len(keys) > most else 'false'
        return ('<?xml version="1.0" encoding="UTF-8"?>'
                '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f'<Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix><MaxKeys>{most}</MaxKeys>'
                + ('<EncodingType>url</EncodingType>' if encoded else '')
                + f'<KeyCount>{len(entries)}</KeyCount><IsTruncated>{truncated}</IsTruncated>'
                + ''.join(entries) + '</ListBucketResult>').encode()

    def control(self, path, body):
        store = self.store
        with store.changed:
            if path == '/-/faults':
                faults = json.loads(body)
                if any(fault['do'] not in KINDS for fault in faults):
                    raise ValueError
                store.faults = faults
                result = {}
            elif path == '/-/release':
                store.released += 1
                store.changed.notify_all()
                while store.waiting:  # so that who asks next who hangs is not told of these
                    store.changed.wait()
                result = {}
            elif path == '/-/requests':
                result = dict(store.counts, waiting=store.waiting)
            elif path == '/-/objects' and self.command == 'DELETE':
                for name in list(store.objects):
                    store.remove(name)
                result = {}
            elif path == '/-/objects':
                result = {name: {'size': len(content), 'sha256': hashlib.sha256(content).hexdigest()}
                          for name, (content, _, _) in store.objects.items()}
            else:
                raise ValueError
        return self.answer(200, json.dumps(result).encode(), [('Content-Type', 'application/json')])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--folder')
    parser.add_argument('--bucket', action='append')
    parser.add_argument('--access-key', default='test')
    parser.add_argument('--secret', default='test-secret')
    parser.add_argument('--region', default='us-east-1')
    parser.add_argument('--certificate')
    parser.add_argument('--key')
    options = parser.parse_args()
    options.bucket = options.bucket or ['coredepot']
    Handler.store = Store(options)
    if options.certificate:
        behind_tls = Server(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        # The handshake is the affair of the connection's thread: a client that gives up must not end accept().
        behind_tls.socket = context.wrap_socket(behind_tls.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=behind_tls.serve_forever, daemon=True).start()
        print(f'https://localhost:{behind_tls.server_port}')
    server = Server(('127.0.0.1', options.port), Handler)
    print(f'http://127.0.0.1:{server.server_port}', flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
