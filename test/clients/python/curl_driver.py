"""curl: logins, cookies, HEAD, HTTPS against the authority, and every kind of error that eAPI answers."""

import json

from support import (TARGET, block, check, curl, equal, has_line, holds, in_block, lacks, no_line, not_in_block, rpc,
                     running_over_ssh, section)

HTTP = 'http://%s:%s' % (TARGET.host, TARGET.http)
HTTPS = 'https://%s:%s' % (TARGET.host, TARGET.https)
LOGIN = '%s:%s' % (TARGET.username, TARGET.password)
STATUS = ('--write-out', '\n%{http_code} %{content_type}')
DISCARDED = '/dev/null'


def post(commands, form='json', url=HTTP, login=LOGIN, extra=(), **params):
    """The answer to one runCmds request."""
    body = rpc(commands, form, **params)
    return json.loads(curl(*extra, '--user', login, '--data-binary', '@-', '%s/command-api' % url, stdin=body))


def raw(body, *argv):
    """Body and status of a request with any bytes in it."""
    out = curl('--user', LOGIN, '--data-binary', '@-', *STATUS, *argv, '%s/command-api' % HTTP, stdin=body)
    answered, status = out.rsplit('\n', 1)
    return answered, status


def failed(answer, code, suffix):
    """Whether an answer is this command error."""
    return answer.get('error', {}).get('code') == code and answer['error']['message'].endswith(suffix)


@section('basic authentication')
def basic():
    answer = post(['show version'])
    equal('basic: the answer is JSON-RPC 2.0', answer['jsonrpc'], '2.0')
    equal('basic: the id is echoed', answer['id'], 'curl')
    equal('basic: show version names the release', answer['result'][0]['version'], TARGET.eos)
    text = post(['show version', 'show hostname'], 'text')['result']
    holds('basic: show version as text', text[0]['output'], 'Software image version: %s' % TARGET.eos)
    holds('basic: show hostname as text', text[1]['output'], 'Hostname: %s' % TARGET.name)
    body, status = raw(rpc(['show version']))
    equal('basic: 200 with JSON', status.split()[0], '200')
    holds('basic: the content type is JSON', status, 'application/json')


@section('401')
def unauthorized():
    url = '%s/command-api' % HTTP
    without = curl(*STATUS, '--data-binary', '@-', url, stdin=rpc(['show version']))
    equal('401: no credentials', without.rsplit('\n', 1)[1].split()[0], '401')
    wrong = curl(*STATUS, '--user', '%s:wrong' % TARGET.username, '--data-binary', '@-', url, stdin=rpc(['show version']))
    equal('401: a wrong password', wrong.rsplit('\n', 1)[1].split()[0], '401')
    lacks('401: a wrong password shows nothing', wrong, TARGET.eos)
    nobody = curl(*STATUS, '--user', 'nobody:%s' % TARGET.password, '--data-binary', '@-', url, stdin=rpc(['show version']))
    equal('401: an unknown user', nobody.rsplit('\n', 1)[1].split()[0], '401')
    headers = curl('--head', url)
    holds('401: HEAD without credentials asks for them', headers, '401')


@section('HEAD')
def head():
    headers = curl('--head', '--user', LOGIN, '%s/command-api' % HTTP)
    holds('HEAD /command-api answers 200', headers.splitlines()[0], '200')
    equal('HEAD has no body', headers.rstrip().splitlines()[-1].count('{'), 0)
    holds('404 for another path', curl(*STATUS, '--user', LOGIN, '%s/no-such-path' % HTTP).rsplit('\n', 1)[1], '404')


@section('cookies')
def cookies():
    jar = '%s/cookies' % TARGET.scratch
    login = json.dumps({'username': TARGET.username, 'password': TARGET.password})
    out = curl(*STATUS, '--cookie-jar', jar, '--data-binary', '@-', '%s/login' % HTTP, stdin=login)
    equal('login: 200', out.rsplit('\n', 1)[1].split()[0], '200')
    with open(jar) as file:
        holds('login: curl keeps a cookie named Session', file.read(), 'Session')
    body = curl('--cookie', jar, '--data-binary', '@-', '%s/command-api' % HTTP, stdin=rpc(['show hostname']))
    equal('cookie: it is enough to run commands', json.loads(body)['result'][0]['hostname'], TARGET.name)
    out = curl(*STATUS, '--cookie', jar, '--data-binary', '', '%s/logout' % HTTP)
    equal('logout: 200', out.rsplit('\n', 1)[1].split()[0], '200')
    out = curl(*STATUS, '--cookie', jar, '--data-binary', '@-', '%s/command-api' % HTTP, stdin=rpc(['show hostname']))
    equal('logout: the cookie is worthless', out.rsplit('\n', 1)[1].split()[0], '401')
    wrong = json.dumps({'username': TARGET.username, 'password': 'wrong'})
    out = curl(*STATUS, '--data-binary', '@-', '%s/login' % HTTP, stdin=wrong)
    equal('login: a wrong password is 401', out.rsplit('\n', 1)[1].split()[0], '401')


@section('bad requests')
def malformed():
    body, status = raw('{"jsonrpc": "2.0", ')
    equal('bad JSON: 200 with a JSON-RPC error', status.split()[0], '200')
    equal('bad JSON: parse error', json.loads(body)['error']['code'], -32700)
    equal('bad JSON: the id is null', json.loads(body)['id'], None)
    body, _ = raw('{"method": "runCmds", "id": 1, "params": {}}')
    equal('no jsonrpc: -32600', json.loads(body)['error']['code'], -32600)
    holds('no jsonrpc: the recorded words', json.loads(body)['error']['message'], "Expected field 'jsonrpc' not specified")
    body, _ = raw('{"jsonrpc": "2.0", "method": "walk", "id": 7, "params": {}}')
    equal('another method: -32601', json.loads(body)['error']['code'], -32601)
    equal('another method: the id is echoed', json.loads(body)['id'], 7)
    body, _ = raw('{"jsonrpc": "2.0", "method": "runCmds", "id": 8, "params": {"version": 1, "cmds": "show version"}}')
    equal('commands that are no list: -32602', json.loads(body)['error']['code'], -32602)
    body, _ = raw('{"jsonrpc": "2.0", "method": "runCmds", "id": null, "params": {"version": 1, "cmds": ["show hostname"]}}')
    equal('an id of null is answered', json.loads(body)['result'][0]['hostname'], TARGET.name)


@section('command errors')
def errors():
    answer = post(['enable', 'show hostname', 'show bogus', 'show version'])
    check('invalid command: code 1002', failed(answer, 1002, "'show bogus' failed: invalid command"), answer)
    holds('invalid command: it says which of how many', answer['error']['message'], 'CLI command 3 of 4')
    equal('invalid command: data ends with it', len(answer['error']['data']), 3)
    equal('invalid command: what ran before is in data', answer['error']['data'][1]['hostname'], TARGET.name)
    holds('invalid command: the token', answer['error']['data'][2]['errors'][0], "Invalid input (at token 1: 'bogus')")
    text = post(['show bogus'], 'text')['error']['data'][0]
    holds('invalid command as text: output', text['output'], '% Invalid input')
    check('invalid command as text: errors too', text['errors'][0].startswith('Invalid input'), text)
    answer = post(['show bogus', 'show hostname'], stopOnError=False)
    equal('stopOnError false: one entry for each command', len(answer['error']['data']), 2)
    equal('stopOnError false: the next one ran', answer['error']['data'][1]['hostname'], TARGET.name)
    answer = post(['enable', 'show running-config | section hostname'])
    check('a pipe in JSON: code 1003', failed(answer, 1003, 'unconverted command'), answer)
    answer = post(['enable', 'reload'])
    check('reload: code 1004', failed(answer, 1004, 'incompatible command'), answer)
    answer = post(['show hostna'])
    check('half a word is not enough', failed(answer, 1002, 'invalid command'), answer)
    answer = post(['show hostna'], autoComplete=True)
    equal('half a word with autoComplete', answer.get('result', [{}])[0].get('hostname'), TARGET.name)
    answer = post(['show version'], timestamps=True)
    check('timestamps: _meta', 'execStartTime' in answer['result'][0].get('_meta', {}), answer)
    piped = post(['enable', 'show running-config | section ^hostname'], 'text')['result'][1]['output']
    equal('a pipe in text', piped, 'hostname %s\n' % TARGET.name)


@section('live configuration')
def live():
    answer = post(['enable', 'configure', 'vlan 3501', 'name CURL', 'exit', 'interface Ethernet10', 'description by curl'])
    equal('configure: one empty result for each line', answer.get('result'), [{}] * 7)
    mine = post(['enable', 'show running-config'], 'text')['result'][1]['output']
    other = running_over_ssh()
    in_block('configure: curl reads the vlan', mine, 'vlan 3501', 'name CURL')
    in_block('configure: ssh reads the vlan', other, 'vlan 3501', 'name CURL')
    in_block('configure: ssh reads the description', other, 'interface Ethernet10', 'description by curl')
    tree = post(['enable', 'show running-config'])['result'][1]['cmds']
    equal('configure: the tree has it', tree['vlan 3501']['cmds'], {'name CURL': None})
    answer = post(['enable', 'configure', 'vlan 3502', 'name BEFORE', 'bogus line here', 'vlan 3503', 'name AFTER'])
    check('configure: a bad line stops the request', failed(answer, 1002, 'invalid command'), answer)
    other = running_over_ssh()
    in_block('configure: what came before the bad line is live', other, 'vlan 3502', 'name BEFORE')
    lacks('configure: what came after is not', other, 'AFTER')
    answer = post(['enable', 'configure', 'no vlan 3501', 'no vlan 3502', 'default interface Ethernet10'])
    equal('configure: removed', answer.get('result'), [{}] * 5)
    other = running_over_ssh()
    lacks('configure: ssh reads no vlan', other, 'vlan 3501', 'vlan 3502')
    equal('configure: ssh reads an empty interface', block(other, 'interface Ethernet10'), [])


@section('sessions')
def sessions():
    before = running_over_ssh()
    answer = post(['enable', 'configure session curl1', 'interface Ethernet11', 'description in a session'])
    equal('session: opened with lines', answer.get('result'), [{}] * 4)
    equal('session: running-config is untouched', running_over_ssh(), before)
    listed = post(['enable', 'show configuration sessions detail'])['result'][1]['sessions']
    equal('session: it is pending', listed.get('curl1', {}).get('state'), 'pending')
    diff = post(['enable', 'show session-config named curl1 diffs'], 'text')['result'][1]['output']
    holds('session: its diff has a header', diff, '--- system:/running-config', '+++ session:/curl1-session-config')
    holds('session: its diff has the line', diff, '+   description in a session')
    plus = [line for line in diff.splitlines() if line[:1] in '+-'][2:]
    equal('session: its diff has nothing else', plus, ['+   description in a session'])
    answer = post(['enable', 'configure session curl1', 'description at the root'])
    check('session: a request starts at its root', failed(answer, 1002, 'invalid command'), answer)
    equal('session: commit', post(['enable', 'configure session curl1 commit']).get('result'), [{}, {}])
    in_block('session: ssh reads the committed line', running_over_ssh(), 'interface Ethernet11', 'description in a session')
    post(['enable', 'configure session curl2', 'interface Ethernet11', 'no description'])
    equal('session: abort', post(['enable', 'configure session curl2 abort']).get('result'), [{}, {}])
    in_block('session: an abort changes nothing', running_over_ssh(), 'interface Ethernet11', 'description in a session')
    post(['enable', 'configure session curl3', 'interface Ethernet11', 'no description'])
    post(['enable', 'configure session curl3 commit'])
    not_in_block('session: ssh reads the line gone', running_over_ssh(), 'interface Ethernet11', 'description in a session')
    equal('session: all is as before', running_over_ssh(), before)


@section('users')
def users():
    shown = post(['show user-account'])['result'][0]['users']
    equal('users: the names', sorted(shown), ['admin', 'eosflow-ro', 'eosflow-rw', 'netops'])
    equal('users: one of them', (shown['netops']['privLevel'], shown['netops']['role']), (15, 'network-admin'))
    lacks('users: no hash', json.dumps(shown), '$6$')


@section('parameters by position')
def positional():
    body, _ = raw('{"jsonrpc": "2.0", "method": "runCmds", "id": "list", "params": [1, ["show hostname"], "text"]}')
    holds('position: as jsonrpclib sends them', json.loads(body)['result'][0]['output'], 'Hostname: %s' % TARGET.name)


@section('privilege')
def privilege():
    post(['enable', 'configure', 'username curl-op privilege 1 role network-operator secret 0 curl-op-1'])
    own = 'curl-op:curl-op-1'
    has = [line for line in running_over_ssh().splitlines() if line.startswith('username curl-op ')]
    equal('privilege: ssh reads one new user', len(has), 1)
    holds('privilege: its secret is hashed', has[0] if has else '', 'secret sha512 $6$')
    equal('privilege: it may show', post(['show hostname'], login=own)['result'][0]['hostname'], TARGET.name)
    answer = post(['show running-config'], login=own)
    check('privilege: running-config needs enable', failed(answer, 1002, 'invalid command'), answer)
    holds('privilege: it says so', json.dumps(answer), 'privileged mode required')
    answer = post(['configure', 'vlan 3504'], login=own)
    check('privilege: configure needs enable', 'error' in answer, answer)
    no_line('privilege: nothing was configured', running_over_ssh(), 'vlan 3504')
    post(['enable', 'configure', 'no username curl-op'])
    lacks('privilege: ssh reads the user gone', running_over_ssh(), 'username curl-op')
    out = curl(*STATUS, '--user', own, '--data-binary', '@-', '%s/command-api' % HTTP, stdin=rpc(['show hostname']))
    equal('privilege: and it cannot log in', out.rsplit('\n', 1)[1].split()[0], '401')


@section('HTTPS')
def https():
    answer = post(['show hostname'], url=HTTPS, extra=('--cacert', TARGET.ca))
    equal('https: curl trusts the authority', answer['result'][0]['hostname'], TARGET.name)
    try:
        post(['show hostname'], url=HTTPS)
        check('https: without the authority curl refuses', False, 'it answered')
    except RuntimeError as error:
        holds('https: without the authority curl refuses', str(error), 'certificate')
    answer = post(['show hostname'], url=HTTPS, extra=('--insecure',))
    equal('https: --insecure', answer['result'][0]['hostname'], TARGET.name)
    post(['enable', 'configure', 'ip name-server vrf MGMT 198.51.100.55'], url=HTTPS, extra=('--cacert', TARGET.ca))
    has_line('https: ssh reads what it configured', running_over_ssh(), 'ip name-server vrf MGMT 198.51.100.55')
    post(['enable', 'configure', 'no ip name-server vrf MGMT 198.51.100.55'], url=HTTPS, extra=('--cacert', TARGET.ca))
    no_line('https: ssh reads it gone', running_over_ssh(), 'ip name-server vrf MGMT 198.51.100.55')


@section('keep-alive')
def keep_alive():
    url = '%s/command-api' % HTTP
    body = rpc(['show hostname'])
    out = curl('--user', LOGIN, '--write-out', '\n%{num_connects}\n', '--data-binary', '@-', url, '--next', '--silent',
               '--user', LOGIN, '--write-out', '\n%{num_connects}\n', '--data-binary', body, url, stdin=body)
    counts = [line for line in out.splitlines() if line.isdigit()]
    equal('keep-alive: two requests, one connection', counts, ['1', '0'])
