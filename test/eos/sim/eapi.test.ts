import { describe, expect, test } from 'vitest'
import { textOf } from '../../../src/eos/sim/eapi/answer-body.ts'
import { answer } from '../../../src/eos/sim/eapi/channel.ts'
import type { EapiRequest } from '../../../src/eos/sim/eapi/run-commands.ts'
import { linesOf } from '../../table.ts'
import { CONFIG, type Simulated, simulate } from './simulate.ts'

const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`

/** Sends one HTTP request past every channel, as the server hands it on. */
function send({ fabric }: Simulated, request: Partial<EapiRequest> = {}) {
  const service = fabric.switches[0]?.eapi.service
  if (service === undefined) throw new RangeError('no switch')
  const headers = { authorization: basic('admin:admin') }
  const whole = { method: 'POST', path: '/command-api', headers, body: '', from: '10.0.0.9', ...request }
  const answered = answer(service, whole)
  return { ...answered, body: textOf(answered.body) }
}

const rpc = (params: object, id: unknown = 'x') =>
  JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id, params: { version: 'latest', ...params } })

describe('success (docs/eos.md 1.3)', () => {
  test('one result per command, the id echoed', () => {
    const { status, headers, body } = send(simulate(), {
      body: rpc({ cmds: ['enable', 'configure', 'vlan 20', 'end'] }),
    })
    expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    expect(body).toBe('{"jsonrpc":"2.0","id":"x","result":[{},{},{},{}]}')
  })

  test('text form: output, empty for what says nothing; a null id is echoed', () => {
    const { body } = send(simulate(), { body: rpc({ cmds: ['enable', 'show hostname'], format: 'text' }, null) })
    expect(body).toBe(
      '{"jsonrpc":"2.0","id":null,"result":[{"output":""},{"output":"Hostname: sw1\\nFQDN:     sw1\\n"}]}',
    )
  })

  test('a copy says so in messages', async () => {
    expect((await simulate().json('copy running-config startup-config')).result?.at(-1)).toEqual({
      messages: ['Copy completed successfully.'],
    })
    expect(await simulate().text('write')).toBe('Copy completed successfully.\n')
  })

  test('command objects with input and revision', async () => {
    const { json, text } = simulate()
    const banner = { cmd: 'banner login', input: 'Keep out\n! really\nEOF' }
    expect((await json('configure', banner, { cmd: 'show version', revision: 1 })).error).toBeUndefined()
    expect(await text('show running-config')).toContain('\nbanner login\nKeep out\n! really\nEOF\n')
    await json('configure', { cmd: 'banner login', input: 'Keep out' })
    expect(await text('show running-config')).toContain('\nbanner login\nKeep out\nEOF\n')
  })

  test('a mode comment', async () => {
    const { json, text } = simulate()
    await json('configure', 'interface Ethernet1', { cmd: 'comment', input: 'to the core' })
    expect(await text('show running-config')).toContain(
      'interface Ethernet1\n   !! to the core\n   description to-core\n',
    )
  })

  test('timestamps', async () => {
    const { result } = await simulate().call({ cmds: ['show hostname'], timestamps: true })
    expect(result).toEqual([
      { hostname: 'sw1', fqdn: 'sw1', _meta: { execStartTime: Date.UTC(2026, 0, 5, 8) / 1000, execDuration: 0 } },
    ])
  })

  test('running-config in JSON: header, comments, cmds; a leaf is null', async () => {
    const config = CONFIG.replace('   description to-core\n', '   !! core side\n   description to-core\n')
    const { json } = simulate(config)
    expect((await json('show running-config')).result?.at(-1)).toEqual({
      header: ['! Command: show running-config', '! device: sw1 (DCS-7050SX3-48YC8, EOS-4.31.4M)'],
      comments: [],
      cmds: {
        'management api http-commands': { comments: [], cmds: { 'no shutdown': null } },
        'hostname sw1': null,
        'spanning-tree mode mstp': null,
        'vlan 10': { comments: [], cmds: { 'name USERS': null } },
        'interface Ethernet1': { comments: ['core side'], cmds: { 'description to-core': null } },
        'interface Ethernet2': { comments: [], cmds: {} },
        'interface Management1': { comments: [], cmds: { 'ip address 10.0.0.5/24': null } },
        'ip access-list MGMT': { comments: [], cmds: { '10 permit ip 10.0.0.0/24 any': null } },
        'no ip routing': null,
      },
    })
    const recent = simulate(CONFIG, { eos: '4.34.2F' })
    expect((await recent.json('show running-config')).result?.at(-1)).toMatchObject({
      header: ['! device: sw1 (DCS-7050SX3-48YC8, EOS-4.34.2F)'],
    })
  })
})

describe('errors (docs/eos.md 1.4)', () => {
  test('data holds the results up to and including the refused command', () => {
    const { body } = send(simulate(), { body: rpc({ cmds: ['show hostname', 'bad command', 'show version'] }) })
    expect(JSON.parse(body)).toEqual({
      jsonrpc: '2.0',
      id: 'x',
      error: {
        code: 1002,
        message: "CLI command 2 of 3 'bad command' failed: invalid command",
        data: [{ hostname: 'sw1', fqdn: 'sw1' }, { errors: ["Invalid input (at token 1: 'bad')"] }],
      },
    })
  })

  test('in text the refused command has output and errors', () => {
    const { body } = send(simulate(), { body: rpc({ cmds: ['show hostname', 'show bogus'], format: 'text' }) })
    expect(JSON.parse(body).error).toEqual({
      code: 1002,
      message: "CLI command 2 of 2 'show bogus' failed: invalid command",
      data: [
        { output: 'Hostname: sw1\nFQDN:     sw1\n' },
        { output: "% Invalid input (at token 1: 'bogus')\n", errors: ["Invalid input (at token 1: 'bogus')"] },
      ],
    })
  })

  test('without stopOnError every command has its entry', async () => {
    const { error } = await simulate().call({ cmds: ['bogus', 'show hostname', 'show nothing'], stopOnError: false })
    expect(error?.message).toBe("CLI command 1 of 3 'bogus' failed: invalid command")
    expect(error?.data).toEqual([
      { errors: ["Invalid input (at token 1: 'bogus')"] },
      { hostname: 'sw1', fqdn: 'sw1' },
      { errors: ["Invalid input (at token 1: 'nothing')"] },
    ])
  })

  test.each([
    ['show run', 1002, "Incomplete token (at token 1: 'run')"],
    ['show configuration', 1002, "Incomplete token (at token 1: 'configuration')"],
    ['show session-config', 1002, "Invalid input (at token 1: 'session-config')"],
    ['commit', 1002, "Invalid input (at token 1: 'commit')"],
    ['show logging', 1003, 'This is an unconverted command'],
    ['show running-config | section vlan', 1003, 'This is an unconverted command'],
    [
      'reload',
      1004,
      "Command not permitted via API access. To reload the switch without confirmation, please use 'reload now' instead",
    ],
  ])('%s', async (cmd, code, words) => {
    const { error } = await simulate().json(cmd)
    expect([error?.code, error?.data?.at(-1)]).toEqual([code, { errors: [words] }])
  })

  test('without enable what is privileged is refused', async () => {
    const { call } = simulate()
    for (const cmd of linesOf(`
      show running-config
      configure
      configure session a
      write
      copy running-config startup-config
    `)) {
      const { error } = await call({ cmds: [cmd] })
      expect([error?.code, error?.data]).toEqual([1002, [{ errors: ['Invalid input (privileged mode required)'] }]])
    }
    expect((await call({ cmds: ['show configuration sessions'] })).error).toBeUndefined()
  })

  test('a login of privilege 15 needs no enable', async () => {
    const { call } = simulate(CONFIG, { privilege: 15 })
    expect((await call({ cmds: ['show running-config'] })).error).toBeUndefined()
  })
})

describe('autoComplete and pipes', () => {
  test('beginnings of words count with autoComplete only', async () => {
    const { call } = simulate()
    const run = (autoComplete: boolean) => call({ cmds: ['enable', 'sh run'], format: 'text', autoComplete })
    expect((await run(true)).result?.at(-1)).toEqual({ output: CONFIG })
    expect((await run(false)).error?.data?.at(-1)?.errors).toEqual(["Incomplete token (at token 0: 'sh')"])
    const { error } = await call({ cmds: ['co'], autoComplete: true })
    expect(error?.data?.at(-1)?.errors).toEqual(["Ambiguous command (at token 0: 'co')"])
  })

  test.each([
    ['show running-config | section vlan', 'vlan 10\n   name USERS\n'],
    ['show running-config section vlan', 'vlan 10\n   name USERS\n'],
    ['show running-config | section description', 'interface Ethernet1\n   description to-core\n'],
    ['show running-config interfaces Ethernet1', 'interface Ethernet1\n   description to-core\n'],
    ['show running-config | include hostname', 'hostname sw1\n'],
    ['show running-config | i hostname', 'hostname sw1\n'],
    ['show running-config | begin no ip routing', 'no ip routing\n!\nend\n'],
    ['show running-config | begin no ip routing | exclude !', 'no ip routing\nend\n'],
    ['show running-config | no-more | include vlan', 'vlan 10\n'],
    ['show running-config | grep vlan', 'vlan 10\n'],
    ['show running-config | grep VLAN', ''],
    ["show running-config | grep -i 'VLAN 10'", 'vlan 10\n'],
    ['show running-config | egrep "^vlan|^hostname"', 'hostname sw1\nvlan 10\n'],
    ['show running-config | grep -v -i [a-z] | head -1', '!\n'],
    ['show running-config | include hostname | vlan', 'hostname sw1\nvlan 10\n'],
    ['show running-config | include hostname | vlan | exclude vlan', 'hostname sw1\n'],
    ['show running-config | head -n 1', '! Command: show running-config\n'],
    ['show running-config | tail -2', '!\nend\n'],
    ['show hostname | tail', 'Hostname: sw1\nFQDN:     sw1\n'],
    ['show hostname | json', '{\n    "hostname": "sw1",\n    "fqdn": "sw1"\n}\n'],
  ])('%s', async (cmd, printed) => {
    const output = await simulate().text(cmd)
    expect(cmd.endsWith('json') ? JSON.parse(output) : output).toEqual(
      cmd.endsWith('json') ? JSON.parse(printed) : printed,
    )
  })
})

describe('HTTP (docs/eos.md 1.1)', () => {
  test.each([
    ['no login', {}],
    ['a wrong password', { authorization: basic('admin:nope') }],
    ['a wrong user', { authorization: basic('nobody:admin') }],
    ['no Basic', { authorization: 'Bearer admin' }],
    ['an unknown cookie', { cookie: 'Session=abc' }],
  ])('%s is 401 with text', (_name, headers) => {
    const { status, headers: sent, body } = send(simulate(), { headers, body: rpc({ cmds: ['show hostname'] }) })
    expect([status, sent['content-type'], body]).toEqual([
      401,
      'text/plain',
      'Unable to authenticate user: Bad username/password combination',
    ])
  })

  test('another path is 404; HEAD is a probe', () => {
    expect(send(simulate(), { path: '/' }).status).toBe(404)
    expect(send(simulate(), { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect(send(simulate(), { method: 'GET' }).status).toBe(405)
  })

  test('a session cookie: login, use, expiry, logout', async () => {
    const it = simulate()
    const login = send(it, { path: '/login', headers: {}, body: '{"username":"admin","password":"admin"}' })
    expect([login.status, login.body]).toEqual([200, '{"Login":true}'])
    expect(login.headers['set-cookie']).toMatch(/^Session=[0-9a-f]{32}; Path=\/$/)
    const cookie = `a=b; ${login.headers['set-cookie']?.split(';', 1)[0]}`
    const use = () => send(it, { headers: { cookie }, body: rpc({ cmds: ['show hostname'] }) }).status
    expect(use()).toBe(200)
    await it.clock.advance(1440 * 60_000)
    expect(use()).toBe(401)
    const again = send(it, { path: '/login', headers: {}, body: '{"username":"admin","password":"admin"}' })
    const fresh = { cookie: again.headers['set-cookie']?.split(';', 1)[0] }
    expect(send(it, { path: '/logout', headers: fresh }).body).toBe('{"Logout":true}')
    expect(send(it, { headers: fresh }).status).toBe(401)
    expect(send(it, { path: '/login', headers: {}, body: '{"username":"admin","password":"x"}' }).status).toBe(401)
    expect(send(it, { path: '/login', headers: {}, body: 'x' }).status).toBe(401)
  })

  test('users of the running-config can log in; their enable is the one of the configuration', () => {
    // Made with `openssl passwd -6 -salt abcdefghijklmnop arista`.
    const hash =
      '$6$abcdefghijklmnop$g9THfJHAOsPynaq2Rm58tnbFGuL5uSCdgRklp4RHeoRLBt7MNGHW6./ObN/gduLJhM0OE3hVRAIvdFHxVwogr0'
    const it = simulate(
      CONFIG.replace(
        'spanning-tree',
        `aaa authentication policy local allow-nopassword-remote-login\n!\nusername op privilege 15 role network-admin secret sha512 ${hash}\nusername free nopassword\n!\nenable password sha512 ${hash}\n!\nspanning-tree`,
      ),
    )
    const run = (login: string, ...cmds: unknown[]) =>
      send(it, { headers: { authorization: basic(login) }, body: rpc({ cmds }) })
    expect(run('op:arista', 'show running-config').status).toBe(200)
    expect(JSON.parse(run('op:arista', 'show running-config').body).error).toBeUndefined()
    expect(run('op:wrong', 'show hostname').status).toBe(401)
    expect(JSON.parse(run('free:anything', 'enable').body).error.code).toBe(1005)
    expect(JSON.parse(run('free:', { cmd: 'enable', input: 'arista' }).body).result).toEqual([{}])
    expect(JSON.parse(run('admin:admin', 'enable').body).result).toEqual([{}])
  })
})
