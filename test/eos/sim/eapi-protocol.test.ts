import { describe, expect, test } from 'vitest'
import { Cli } from '../../../src/eos/sim/cli/cli.ts'
import { commandSet } from '../../../src/eos/sim/cli/command/command-words.ts'
import type { ExecCommand } from '../../../src/eos/sim/cli/command/session-verbs.ts'
import { textOf } from '../../../src/eos/sim/eapi/answer-body.ts'
import { AnswerCache } from '../../../src/eos/sim/eapi/answer-cache.ts'
import { answer } from '../../../src/eos/sim/eapi/channel.ts'
import { inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { readRpc, runCommands } from '../../../src/eos/sim/eapi/run-commands.ts'
import { DONE } from '../../../src/eos/sim/platform/facts.ts'
import { sha512Crypt } from '../../../src/model/sha512-crypt.ts'
import { linesOf } from '../../table.ts'
import { CONFIG, type Simulated, simulate } from './simulate.ts'

const body = (params: object, rest: object = { id: 'x' }) =>
  JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', ...rest, params })

describe('JSON-RPC (docs/eos.md 1.2 and 1.4)', () => {
  test.each([
    ['a text', { id: 'EapiExplorer-1' }, 'EapiExplorer-1'],
    ['a number', { id: 7 }, 7],
    ['zero', { id: 0 }, 0],
    ['null, as Ansible sends it', { id: null }, null],
    ['none', {}, null],
  ])('the id is echoed: %s', async (_name, rest, id) => {
    const { body: text } = await simulate().eapi(body({ version: 1, cmds: [] }, rest))
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id, result: [] })
  })

  test.each([
    ['no JSON', '{', -32700, 'Parse error'],
    ['no version of the protocol', '{"method":"runCmds","id":1}', -32600, "Expected field 'jsonrpc' not specified"],
    ['another method', '{"jsonrpc":"2.0","method":"other","id":7,"params":{}}', -32601, 'Method not found'],
    ['no commands', body({ version: 1 }), -32602, 'Invalid params: cmds'],
    ['a command that is a number', body({ cmds: [5] }), -32602, 'Invalid params: cmds'],
    ['an object', '{"jsonrpc":"2.0","method":"runCmds","id":{},"params":{"cmds":[]}}', -32600, 'Invalid Request'],
    ['a batch', '[{"jsonrpc":"2.0","method":"runCmds","id":1,"params":{"cmds":[]}}]', -32600, 'Invalid Request'],
    ['no method', '{"jsonrpc":"2.0","id":1,"params":{}}', -32600, "Expected field 'method' not specified"],
    ['no params', '{"jsonrpc":"2.0","method":"runCmds","id":1}', -32600, "Expected field 'params' not specified"],
    [
      'params by position without commands',
      '{"jsonrpc":"2.0","method":"runCmds","id":1,"params":[1]}',
      -32602,
      'Invalid params: cmds',
    ],
    [
      'too many params',
      '{"jsonrpc":"2.0","method":"runCmds","id":1,"params":[1,[],"json",false,false,false,1]}',
      -32602,
      'Invalid params',
    ],
    ['params in a text', '{"jsonrpc":"2.0","method":"runCmds","id":1,"params":"x"}', -32602, 'Invalid params'],
    ['a version', body({ version: 2, cmds: [] }), -32602, 'Invalid params: version'],
    [
      'completions of no line',
      '{"jsonrpc":"2.0","method":"getCommandCompletions","id":1,"params":{}}',
      -32602,
      'Invalid params',
    ],
    ['a format', body({ cmds: [], format: 'xml' }), -32602, 'Invalid params: format'],
    ['an input', body({ cmds: [{ cmd: 'enable', input: 5 }] }), -32602, 'Invalid params: cmds'],
    [
      'a keyword',
      body({ cmds: [], autocomplete: true }),
      -32602,
      "runCmds() got an unexpected keyword argument 'autocomplete'",
    ],
  ])('refused: %s', async (_name, sent, code, message) => {
    const { status, body: text } = await simulate().eapi(sent)
    expect(status).toBe(200)
    expect(JSON.parse(text).error).toEqual({ code, message })
  })

  test('parameters by position, as jsonrpclib sends them', async () => {
    const sent = '{"jsonrpc":"2.0","method":"runCmds","id":"1","params":[1,["show hostname"],"text"]}'
    expect(JSON.parse((await simulate().eapi(sent)).body).result).toEqual([
      { output: 'Hostname: sw1\nFQDN:     sw1\n' },
    ])
  })

  test.each([
    ['sh', { complete: false, completions: { show: '' }, errors: {} }],
    ['clock ', { complete: false, completions: { set: '' }, errors: {} }],
    ['frobnicate ', { complete: false, completions: {}, errors: {} }],
    ['show clock ', { complete: true, completions: {}, errors: {} }],
  ])('what may stand behind `%s` is told, and nothing is carried out', async (line, result) => {
    const { eapi, device } = simulate()
    const sent = JSON.stringify({ jsonrpc: '2.0', method: 'getCommandCompletions', id: 'x', params: [line] })
    expect(JSON.parse((await eapi(sent)).body)).toEqual({ jsonrpc: '2.0', id: 'x', result })
    expect(device.counters.commands).toEqual({})
  })

  test('what pyeapi and Ansible send besides is taken: streaming beside and in params', async () => {
    const sent =
      '{"jsonrpc":"2.0","method":"runCmds","id":"1","streaming":false,"params":{"version":1,"cmds":["enable"],"format":"json","streaming":false}}'
    expect(JSON.parse((await simulate().eapi(sent)).body).result).toEqual([{}])
  })
})

describe('expandAliases', () => {
  const config = CONFIG.replace(
    'hostname sw1\n',
    `hostname sw1
!
alias shv show hostname
alias part show running-config section %1
alias both
   10 show hostname
   20 show running-config section %1
!
`,
  )

  test('an alias runs only where the client asks for it', async () => {
    const { call } = simulate(config)
    expect((await call({ cmds: ['shv'], expandAliases: true })).result).toEqual([{ hostname: 'sw1', fqdn: 'sw1' }])
    const { error } = await call({ cmds: ['shv'] })
    expect([error?.code, error?.message]).toEqual([1002, "CLI command 1 of 1 'shv' failed: invalid command"])
  })

  test('words take their places; a block of commands prints one after the other', async () => {
    const { call } = simulate(config)
    const text = async (cmd: string) =>
      (await call({ cmds: ['enable', cmd], expandAliases: true, format: 'text' })).result?.at(-1)
    expect(await text('part vlan')).toEqual({ output: 'vlan 10\n   name USERS\n' })
    expect(await text('both vlan')).toEqual({ output: 'Hostname: sw1\nFQDN:     sw1\nvlan 10\n   name USERS\n' })
    const { error } = await call({ cmds: ['enable', 'shv bogus'], expandAliases: true })
    expect(error?.message).toBe("CLI command 2 of 2 'shv bogus' failed: invalid command")
  })
})

describe('autoComplete', () => {
  test('beginnings of configuration words count with it, and only with it', async () => {
    const { call, text } = simulate()
    const cmds = ['enable', 'conf', 'int et2', 'desc to-spine', 'sh']
    const { error } = await call({ cmds, autoComplete: false })
    expect(error?.message).toBe("CLI command 2 of 5 'conf' failed: invalid command")
    expect((await call({ cmds: cmds.slice(0, 4), autoComplete: true })).error).toBeUndefined()
    expect(await text('show running-config interfaces Ethernet2')).toBe(
      'interface Ethernet2\n   description to-spine\n',
    )
  })
})

describe('session cookies', () => {
  test('live for the session timeout of the configuration', async () => {
    const it = simulate(CONFIG.replace('   no shutdown\n', '   session timeout 20\n   no shutdown\n'))
    const send = (path: string, headers: Record<string, string>, text: string) => {
      const service = it.fabric.switches[0]?.eapi.service
      if (service === undefined) throw new RangeError('no switch')
      return answer(service, { method: 'POST', path, headers, body: text, from: '10.0.0.9' })
    }
    const login = send('/login', {}, '{"username":"admin","password":"admin"}')
    const cookie = login.headers['set-cookie']?.split(';', 1)[0] ?? ''
    const use = () => send('/command-api', { cookie }, body({ cmds: ['show hostname'] })).status
    await it.clock.advance(19 * 60_000)
    expect(use()).toBe(200)
    await it.clock.advance(60_000)
    expect(use()).toBe(401)
  })
})

describe('an internal error (code 1001)', () => {
  test('is an answer, and the next request is answered too', () => {
    const { device } = simulate()
    const commands = commandSet<ExecCommand>([
      {
        words: 'boom',
        run: () => {
          throw new TypeError('inside')
        },
      },
      {
        words: 'fizz',
        run: () => ({
          ok: true,
          json: () => {
            throw new RangeError('late')
          },
        }),
      },
      { words: 'fine', run: () => DONE },
    ])
    const read = readRpc(body({ cmds: ['fine', 'boom', 'fizz', 'fine'], stopOnError: false }))
    if (!('commands' in read)) throw new Error('no request')
    const cli = new Cli(device, { user: 'a', from: 'b', privilege: 15 }, commands)
    const ports = { now: () => 0, remembered: (_: string, _stable: true | string, make: () => Buffer) => make() }
    expect(JSON.parse(textOf(runCommands(cli, read, ports)))).toEqual({
      jsonrpc: '2.0',
      id: 'x',
      error: {
        code: 1001,
        message: "CLI command 2 of 4 'boom' failed: internal error",
        data: [{}, { errors: ['Internal error TypeError'] }, { errors: ['Internal error RangeError'] }, {}],
      },
    })
  })
})

describe('what is kept of answers', () => {
  const uptimeOf = async ({ json }: Simulated) => (await json('show version')).result?.at(-1)?.uptime

  test('a change shows at once, a clock tick moves what counts', async () => {
    const it = simulate()
    expect((await it.json('show hostname')).result?.at(-1)).toEqual({ hostname: 'sw1', fqdn: 'sw1' })
    await it.json('configure', 'hostname other')
    expect((await it.json('show hostname')).result?.at(-1)).toEqual({ hostname: 'other', fqdn: 'other' })
    const first = await uptimeOf(it)
    expect(await uptimeOf(it)).toBe(first)
    await it.clock.advance(1000)
    expect(await uptimeOf(it)).toBe(Number(first) + 1)
    expect(it.fabric.answers.bytes).toBeGreaterThan(0)
  })

  test('never more than the limit; the switch asked the longest ago gives way', () => {
    const cache = new AnswerCache(100)
    let made = 0
    const ask = (device: string, stamp: string, question: string, size: number) =>
      cache.result(device, stamp, question, () => {
        made += 1
        return Buffer.alloc(size)
      })
    ask('a', '1', 'x', 40)
    ask('a', '1', 'x', 40)
    expect([made, cache.bytes]).toEqual([1, 40])
    ask('b', '1', 'x', 40)
    ask('c', '1', 'x', 40)
    expect(cache.bytes).toBe(80)
    ask('c', '1', 'x', 40)
    ask('b', '1', 'x', 40)
    expect(made).toBe(3)
    ask('a', '1', 'x', 40)
    expect([made, cache.bytes]).toEqual([4, 80])
    ask('b', '2', 'x', 10)
    expect(cache.bytes).toBeLessThanOrEqual(100)
    ask('z', '1', 'x', 101)
    expect(cache.bytes).toBeLessThanOrEqual(100)
  })
})

describe('the configure lock', () => {
  test('keeps another CLI out while its own CLI lives, and a transaction until it is given back', async () => {
    const { json, call, device } = simulate()
    const { error } = await json('configure lock', 'configure session a', 'vlan 20', 'exit')
    expect(error).toBeUndefined()
    expect((await json('configure session b')).error).toBeUndefined()
    const holder = { user: 'carol', from: 'vty2' }
    device.lock.take(holder, holder, undefined)
    for (const cmd of ['configure', 'configure session c', 'configure lock', 'configure unlock']) {
      const refused = await json(cmd)
      expect([refused.error?.code, refused.error?.data?.at(-1)?.errors]).toEqual([
        1000,
        ['Unable to enter configuration mode: the configuration is locked by carol'],
      ])
    }
    device.lock.leave(holder)
    await json('configure lock transaction t1 nightly change')
    expect((await call({ cmds: ['enable', 'configure session d'] })).error).toBeUndefined()
    expect((await json('configure unlock transaction t2')).error?.code).toBe(1000)
    expect((await json('configure unlock transaction t1')).error).toBeUndefined()
    expect((await json('configure unlock')).error?.code).toBe(1000)
  })
})

describe('files into a session', () => {
  test('what is typed in by copy is merged; bad rows are named, and the copy still succeeds', async () => {
    const { json, text } = simulate()
    const copied = await json('configure session a', {
      cmd: 'copy terminal: session-config',
      input: 'vlan 20\n   name A\nfrobnicate\nhostname -x\n',
    })
    expect(copied.result?.at(-1)).toEqual({
      messages: linesOf(`
        > frobnicate
        % Invalid input at line 3
        > hostname -x
        % Invalid input at line 4
        Copy completed successfully.
      `),
    })
    expect(await text('show session-config named a')).toContain('vlan 20\n   name A\n')
    expect(await text('show session-config named a')).toContain('interface Ethernet1\n   description to-core\n')
  })

  test('a file on flash is merged, running-config takes the place of all', async () => {
    const { json, text } = simulate()
    await json('copy running-config flash:old', 'configure', 'hostname sw2', 'vlan 20')
    await json('configure session a', 'copy flash:old session-config')
    expect(await text('show session-config named a')).toMatch(/^hostname sw1$(?:.|\n)*^vlan 20$/m)
    await json('configure session a', 'copy running-config session-config')
    expect(await text('show session-config named a diffs')).toBe('')
  })
})

describe('VLANs and secrets as they are printed', () => {
  test('VLANs without a line of their own share one command', async () => {
    const { json, text } = simulate()
    await json('configure', 'vlan 30', 'vlan 20', 'vlan 21', 'vlan 40', 'name X')
    expect(await text('show running-config section vlan')).toBe(
      'vlan 10\n   name USERS\nvlan 20-21,30\nvlan 40\n   name X\n',
    )
    await json('configure', 'vlan 40', 'no name')
    expect(await text('show running-config section vlan')).toBe('vlan 10\n   name USERS\nvlan 20-21,30,40\n')
  })

  test('sanitized', async () => {
    const { json, text } = simulate()
    await json('configure', 'username bob secret sha512 $6$saltsalt$hashhash', 'snmp-server community hush ro')
    const printed = await text('show running-config sanitized')
    expect(printed).toMatch(/^! Command: show running-config sanitized\n/)
    expect(printed).toContain('username bob secret sha512 <removed>\n')
    expect(printed).toContain('snmp-server community <removed> ro\n')
  })
})

describe('one switch, many clients', () => {
  test('requests at the same time are answered one after the other, in the order of their arrival', async () => {
    const { fault, clock, eapi, device } = simulate()
    fault({ kind: 'slow', before: 5, command: 'vlan 20' })
    const order: string[] = []
    const send = async (name: string, ...cmds: string[]) => {
      await eapi(body({ version: 1, cmds: ['enable', ...cmds] }))
      order.push(name)
    }
    const all = [send('slow', 'configure', 'vlan 20'), send('read', 'show vlan'), send('write', 'configure', 'vlan 30')]
    await clock.advance(4000)
    expect(order).toEqual([])
    await clock.advance(1000)
    await Promise.all(all)
    expect(order).toEqual(['slow', 'read', 'write'])
    expect(device.requests.map(({ commands }) => commands.at(-1))).toEqual(['vlan 20', 'show vlan', 'vlan 30'])
  })

  test('a verified password costs its five thousand rounds once', async () => {
    const hash = sha512Crypt('pw', 'saltsalt')
    const { fabric } = simulate(CONFIG.replace('hostname sw1', `username bob secret sha512 ${hash}\n!\nhostname sw1`))
    const channel = fabric.switches[0]?.eapi
    if (channel === undefined) throw new RangeError('no switch')
    const bob = inMemoryEapi(channel, { username: 'bob', password: 'pw' })
    const ask = async () => (await bob(body({ version: 1, cmds: ['show hostname'] }))).status
    const took = async () => {
      const before = performance.now()
      expect(await ask()).toBe(200)
      return performance.now() - before
    }
    const first = await took()
    const later: number[] = []
    for (let sent = 0; sent < 21; sent += 1) later.push(await took())
    expect(later.toSorted((a, b) => a - b)[10]).toBeLessThan(first / 2)
  })
})
