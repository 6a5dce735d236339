"""A Vault on loopback that keeps secrets of KV version 2 in memory, as its HTTP API is documented to: for the screen of a rotation."""
import http.server
import json
import threading

TOKEN = 'hvs.of-the-screens'


class Vault(http.server.BaseHTTPRequestHandler):
    kept = {}

    def log_message(self, *_):
        pass

    def answer(self, status, data=None):
        body = b'' if status == 204 else json.dumps({'request_id': 'r', 'lease_id': '', 'renewable': False, 'lease_duration': 0,
                                                     'data': data, 'wrap_info': None, 'warnings': None, 'auth': None}).encode()
        self.send_response(status)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def asked(self):
        """The path behind /v1/, and the body."""
        length = int(self.headers.get('content-length') or 0)
        return self.path[len('/v1/'):].split('?')[0], json.loads(self.rfile.read(length) or b'{}')

    def do_GET(self):
        path, _ = self.asked()
        if path == 'auth/token/lookup-self':
            return self.answer(200, {'id': TOKEN, 'ttl': 0, 'renewable': False, 'policies': ['kv']})
        versions = self.kept.get(path)
        if not versions:
            return self.answer(404)
        data = versions[-1]
        metadata = {'created_time': '2026-11-01T08:00:00Z', 'custom_metadata': None, 'deletion_time': '', 'destroyed': data is None,
                    'version': len(versions)}
        self.answer(404 if data is None else 200, {'data': data, 'metadata': metadata})

    def do_POST(self):
        path, body = self.asked()
        if path.startswith('kv/destroy/'):
            for version in body['versions']:
                self.kept[path.replace('/destroy/', '/data/')][version - 1] = None
            return self.answer(204)
        versions = self.kept.setdefault(path, [])
        if body.get('options', {}).get('cas', len(versions)) != len(versions):
            return self.answer(400)
        versions.append(body['data'])
        self.answer(200, {'version': len(versions), 'created_time': '2026-11-01T08:00:00Z', 'custom_metadata': None, 'deletion_time': '',
                          'destroyed': False})


def start(secrets):
    """Starts it with one version of each of these secrets; gives its address and what ends it."""
    Vault.kept = {path: [data] for path, data in secrets.items()}
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Vault)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f'http://127.0.0.1:{server.server_port}', server.shutdown
