import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { Device } from '../../../../src/eos/device/device.ts'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { EosflowError, errorRecord } from '../../../../src/model/error.ts'
import { noFence } from '../../../../src/model/fence.ts'
import { listen } from '../../../lab/loopback.ts'
import {
  CREDENTIAL,
  fails,
  results,
  type Script,
  type ScriptedSwitch,
  scriptedSwitch,
  targetAt,
} from './scripted-switch.ts'

const CONFIG = results({ output: '' }, { output: 'hostname leaf1\n' }, { output: '' })

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

/** A device on a scripted switch; short timeouts so that what never comes is missed soon. */
async function connected(...scripts: Script[]): Promise<{ readonly leaf1: Device; readonly server: ScriptedSwitch }> {
  const server = await scriptedSwitch(scripts)
  const leaf1 = await deviceAt(server.port)
  opened.push(server)
  return { leaf1, server }
}

async function deviceAt(port: number, host?: string, answerMilliseconds = 300): Promise<Device> {
  const transport = eapiTransport({ timeouts: { connectMilliseconds: 1000, answerMilliseconds } })
  const device = await transport.connect(targetAt(port, undefined, host), CREDENTIAL, noFence)
  opened.unshift(device)
  return device
}

async function caught(act: Promise<unknown>): Promise<EosflowError> {
  const thrown = await act.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(EosflowError)
  const error = thrown as EosflowError
  expect(error.device).toBe('leaf1')
  const everything = `${inspect(error, { depth: 12, showHidden: true })} ${JSON.stringify(errorRecord(error))}`
  for (const secret of ['correct-horse-battery', btoa('eosflow-rw:correct-horse-battery')]) {
    expect(everything).not.toContain(secret)
  }
  return error
}

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Script =>
  (_body, _request, response) => {
    response.writeHead(code, headers)
    response.end(body)
  }

describe('over HTTP', () => {
  test('several requests share one connection and authenticate each', async () => {
    const { leaf1, server } = await connected(CONFIG, CONFIG, CONFIG)
    await leaf1.readConfig()
    expect(await leaf1.abort('s')).toBe('hostname leaf1\n')
    expect((await leaf1.readConfig()).running).toBe('hostname leaf1\n')
    expect(server.seen.map(({ connection, path, format }) => [connection, path, format])).toEqual([
      [1, '/command-api', 'text'],
      [1, '/command-api', 'text'],
      [1, '/command-api', 'text'],
    ])
    const basic = `Basic ${btoa('eosflow-rw:correct-horse-battery')}`
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([basic, basic, basic])
  })

  test('a new device is a new connection', async () => {
    const { leaf1, server } = await connected(CONFIG, CONFIG)
    await leaf1.readConfig()
    await leaf1.close()
    await (await deviceAt(server.port)).readConfig()
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2])
  })

  test('a long answer arrives whole, whatever its letters', async () => {
    const running = `${'description Zürich → 東京\n'.repeat(40_000)}end\n`
    const server = await scriptedSwitch([results({ output: '' }, { output: running }, { output: '' })])
    opened.push(server)
    const leaf1 = await deviceAt(server.port, undefined, 60_000)
    expect((await leaf1.readConfig()).running).toBe(running)
  })

  test('a refused command is the switch answering', async () => {
    const { leaf1 } = await connected(
      fails({
        code: 1000,
        message: "CLI command 2 of 2 'configure session s abort' failed: could not run command",
        data: [{}, { errors: ['Cannot abort session'] }],
      }),
    )
    expect(await caught(leaf1.abort('s'))).toMatchObject({ kind: 'refused', retryable: false })
  })

  test('the proxy settings of the environment are not asked', async () => {
    const before = { ...process.env }
    const { leaf1, server } = await connected(CONFIG)
    try {
      Object.assign(process.env, { http_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9', no_proxy: '' })
      await leaf1.readConfig()
    } finally {
      process.env = before
    }
    expect(server.seen).toHaveLength(1)
  })
})

describe('what goes wrong before a request has left is `unreachable`, and may be tried again', () => {
  test('a refused connection', async () => {
    const server = await scriptedSwitch([])
    await server.close()
    const leaf1 = await deviceAt(server.port)
    expect(await caught(leaf1.readConfig())).toMatchObject({ kind: 'unreachable', retryable: true })
  })

  test('a name that nobody knows', async () => {
    const transport = eapiTransport()
    const leaf1 = await transport.connect(targetAt(9, { mode: 'system' }, 'leaf1.invalid'), CREDENTIAL, noFence)
    opened.unshift(leaf1)
    expect(await caught(leaf1.readConfig())).toMatchObject({ kind: 'unreachable', retryable: true })
  })

  test('a device that is closed while it connects', async () => {
    const silent = createServer()
    const port = await listen(silent)
    opened.push({ close: () => new Promise((resolve) => silent.close(resolve)) })
    const transport = eapiTransport()
    const leaf1 = await transport.connect(targetAt(port, { mode: 'system' }), CREDENTIAL, noFence)
    const reading = caught(leaf1.readConfig())
    await new Promise<void>((resolve) => silent.once('connection', (socket) => socket.resume() && resolve()))
    await leaf1.close()
    expect(await reading).toMatchObject({ kind: 'unreachable' })
  })

  test('a TLS handshake that never ends', async () => {
    const silent = createServer((socket) => socket.resume())
    const port = await listen(silent)
    opened.push({ close: () => new Promise((resolve) => silent.close(resolve)) })
    const transport = eapiTransport({ timeouts: { connectMilliseconds: 50 } })
    const leaf1 = await transport.connect(targetAt(port, { mode: 'system' }), CREDENTIAL, noFence)
    const error = await caught(leaf1.readConfig())
    expect(error).toMatchObject({ kind: 'unreachable', retryable: true })
    expect(error.message).toContain('no connection within 0.05 s')
  })
})

describe('what goes wrong afterwards is `lost-answer`, and is not tried again', () => {
  const lost = { kind: 'lost-answer', retryable: false }

  test.each([
    ['a reset instead of an answer', (_body, request) => request.socket.resetAndDestroy()],
    ['an end instead of an answer', (_body, request) => request.socket.end()],
    [
      'an answer that is cut off',
      (_body, request, response) => {
        response.writeHead(200, { 'content-length': 500 })
        response.write('{"jsonrpc"')
        setTimeout(() => request.socket.destroy(), 20)
      },
    ],
    [
      'an answer that stops and never ends',
      (_body, _request, response) => {
        response.write('{"jsonrpc"')
      },
    ],
    ['silence', () => undefined],
    ['the web server in place of eAPI', status(502)],
    ['an answer that is not HTTP', (_body, request) => request.socket.end('garbage\r\n\r\n')],
  ])('%s', async (_, script) => {
    const { leaf1, server } = await connected(script)
    expect(await caught(leaf1.arm('s', 60))).toMatchObject(lost)
    expect(server.seen).toHaveLength(1)
  })

  test('a kept connection that the switch closes under the next request', async () => {
    const { leaf1, server } = await connected(CONFIG, (_body, request) => request.socket.destroy())
    await leaf1.readConfig()
    expect(await caught(leaf1.arm('s', 60))).toMatchObject(lost)
    expect(server.seen).toHaveLength(2)
  })

  test('a kept connection that the switch has closed is not used again', async () => {
    const { leaf1, server } = await connected((...all) => {
      all[2].setHeader('connection', 'close')
      CONFIG(...all)
    }, CONFIG)
    await leaf1.readConfig()
    await leaf1.readConfig()
    expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2])
  })

  test('a device that is closed under a request', async () => {
    const { leaf1 } = await connected(() => void leaf1.close())
    expect(await caught(leaf1.arm('s', 60))).toMatchObject(lost)
  })
})

describe('what answers is not eAPI, or not for us', () => {
  test.each([
    [
      'wrong credentials',
      status(401, { 'content-type': 'text/plain' }, 'Unable to authenticate user: Bad username/password combination'),
      'unauthenticated',
      'leaf1: the switch refused the user eosflow-rw (HTTP 401)',
    ],
    ['a forbidden user', status(403), 'unauthenticated', 'leaf1: the switch refused the user eosflow-rw (HTTP 403)'],
    ['no such path', status(404), 'protocol', 'leaf1: HTTP 404: not an answer of eAPI'],
    [
      'a page',
      status(200, {}, '<html>login</html>'),
      'protocol',
      'leaf1: the answer is not what eAPI says: the body is not JSON',
    ],
  ])('%s', async (_, script, kind, message) => {
    const { leaf1 } = await connected(script)
    expect(await caught(leaf1.readConfig())).toMatchObject({ kind, message, retryable: false })
  })

  test('[G94] a redirect is not followed: it would carry the password elsewhere', async () => {
    const elsewhere = await scriptedSwitch([CONFIG])
    opened.push(elsewhere)
    const { leaf1 } = await connected(status(302, { location: `http://127.0.0.1:${elsewhere.port}/command-api` }))
    expect(await caught(leaf1.readConfig())).toMatchObject({
      kind: 'protocol',
      message: 'leaf1: HTTP 302: a redirect, which is not followed',
    })
    expect(elsewhere.seen).toEqual([])
  })

  test('[G94] an answer without end is cut at 64 MiB', { tags: 'long' }, async () => {
    const server = await scriptedSwitch([
      (_body, _request, response) => {
        const more = Buffer.alloc(2 ** 22, 32)
        const pour = () => {
          while (!response.destroyed && response.write(more));
        }
        response.on('drain', pour)
        pour()
      },
    ])
    opened.push(server)
    const leaf1 = await eapiTransport().connect(targetAt(server.port), CREDENTIAL, noFence)
    opened.unshift(leaf1)
    expect(await caught(leaf1.readConfig())).toMatchObject({
      kind: 'protocol',
      message: 'leaf1: the answer is longer than 64 MiB',
    })
  })
})

describe('ways that would show the password', () => {
  test.each(['192.0.2.1', 'leaf1.example', '127.evil.example'])(
    'HTTP to %s is refused before it connects',
    async (host) => {
      const thrown = await eapiTransport()
        .connect(targetAt(80, undefined, host), CREDENTIAL, noFence)
        .catch((error) => error)
      expect(thrown).toMatchObject({ kind: 'tls', device: 'leaf1' })
      expect(thrown.message).toBe('leaf1: without TLS the password would cross the network in clear')
    },
  )
})
