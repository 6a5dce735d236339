import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { answer, type EapiService } from '../../../src/eos/sim/eapi/channel.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { extentOfLong } from '../../extent.ts'
import { CONFIG, type Simulated, simulate } from './simulate.ts'

const SEED = 20_261_120
const REQUESTS = extentOfLong(2_000, 10_000)
/** Every so many requests the switch is asked something sensible. */
const EVERY = 100

const AUTHORIZATION = `Basic ${Buffer.from('admin:admin').toString('base64')}`
const GOOD = JSON.stringify({
  jsonrpc: '2.0',
  method: 'runCmds',
  id: 1,
  params: { version: 1, cmds: ['enable', 'show version', { cmd: 'show running-config', revision: 1 }], format: 'text' },
})

type Draw = (below: number) => number

/** Words that no command begins with, bytes that are no text, and the beginnings of what would be one. */
const BAD_WORDS = [
  '',
  ' ',
  '\u0000',
  '\u0003',
  '\u001b[2J',
  '\r\n',
  'show\u0000version',
  'show version\nconfigure',
  'frobnicate',
  'show',
  'show bogus',
  '|',
  'show version | bogus',
  '!!',
  '%s%s%n',
  '../../etc/passwd',
  '🦀',
  '\ud800',
  'configure session a b c',
  'configure\u0000',
  'commit',
  'x'.repeat(20_000),
]

const SCALARS = [null, true, false, 0, -1, 1e308, 1.5, '', 'latest', 'text', [], {}, 'Infinity']

function pick<T>(from: readonly T[], draw: Draw) {
  const found = from[draw(from.length)]
  if (found === undefined) throw new RangeError('nothing to pick')
  return found
}

function nested(depth: number, open: string, close: string) {
  return open.repeat(depth) + close.repeat(depth)
}

/** One value of a wrong type, or a command list that no switch runs. */
function commands(draw: Draw) {
  const kind = draw(5)
  if (kind === 0) return pick(SCALARS, draw)
  if (kind === 1) return Array.from({ length: draw(2000) }, () => 'bogus')
  if (kind === 2) return [{ cmd: pick(SCALARS, draw), input: pick(SCALARS, draw), revision: pick(SCALARS, draw) }]
  if (kind === 3) return [pick(BAD_WORDS, draw), pick(SCALARS, draw)]
  return Array.from({ length: 1 + draw(4) }, () => pick(BAD_WORDS, draw))
}

const GENERATORS: readonly ((draw: Draw) => string)[] = [
  (draw) => GOOD.slice(0, draw(GOOD.length)),
  (draw) => GOOD.slice(0, draw(40)) + String.fromCharCode(draw(32)) + GOOD.slice(draw(GOOD.length)),
  (draw) => nested(1 + draw(50_000), '[', ']'),
  (draw) => `{"jsonrpc":"2.0","method":"runCmds","id":1,"params":${nested(1 + draw(5000), '{"a":', '')}`,
  (draw) => JSON.stringify(Array.from({ length: draw(5000) }, (_, index) => index)),
  (draw) => JSON.stringify(pick(SCALARS, draw)),
  (draw) => `[${GOOD},${GOOD}]`.slice(draw(2)),
  (draw) =>
    JSON.stringify({
      jsonrpc: pick(SCALARS, draw),
      method: pick(['runCmds', ...SCALARS], draw),
      id: pick(SCALARS, draw),
      params: pick(SCALARS, draw),
    }),
  (draw) =>
    JSON.stringify({
      jsonrpc: '2.0',
      method: 'runCmds',
      id: pick(SCALARS, draw),
      params: {
        version: pick([1, 'latest', ...SCALARS], draw),
        cmds: commands(draw),
        format: pick(['json', 'text', ...SCALARS], draw),
        autoComplete: pick(SCALARS, draw),
        expandAliases: pick(SCALARS, draw),
        timestamps: pick(SCALARS, draw),
        stopOnError: pick(SCALARS, draw),
      },
    }),
  (draw) => JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { version: 1, cmds: commands(draw) } }),
  (draw) => Buffer.from(Array.from({ length: draw(200) }, () => draw(256))).toString('utf8'),
  (draw) => GOOD.replace('"show version"', JSON.stringify(pick(BAD_WORDS, draw))),
]

const PATHS = ['/command-api', '/command-api', '/command-api', '/login', '/logout', '/', '/command-api/../x']

async function fingerprint({ text, device }: Simulated) {
  const state = [
    await text('show running-config'),
    await text('show startup-config'),
    await text('show session-config named kept'),
    JSON.stringify(device.sessions.all().map(({ name, state }) => [name, state])),
    JSON.stringify(device.config.checkpoints.all().map(({ name }) => name)),
    String(device.sessions.timer?.deadline),
  ]
  return createHash('sha256').update(state.join('\n')).digest('hex')
}

/** Sends one generated request as an HTTP server hands it on; gives the status and the code of the error. */
function sendBad(service: EapiService, draw: Draw) {
  const body = pick(GENERATORS, draw)(draw)
  const path = pick(PATHS, draw)
  const headers = draw(10) === 0 ? { authorization: pick(BAD_WORDS, draw) } : { authorization: AUTHORIZATION }
  const { status, body: bytes } = answer(service, { method: 'POST', path, headers, body, from: 'fuzz' })
  return `${status} ${path === '/command-api' && status === 200 ? codeOf(Buffer.concat(bytes)) : ''}`
}

const OUTCOMES = ['200 -32700', '200 -32600', '200 -32601', '200 -32602', '200 1002', '200 ok', '401 ', '404 ']

describe('bad bytes', () => {
  test(`${REQUESTS} generated requests leave the switch answering and unchanged (seed ${SEED})`, {
    tags: ['long', 'turn'],
    timeout: 120_000,
  }, async () => {
    const it = simulate(CONFIG)
    await it.json('configure checkpoint save before', 'configure session kept', 'vlan 77')
    const before = await fingerprint(it)
    const random = new SeededRandom(SEED)
    const draw: Draw = (below) => Math.floor(random.fraction() * below)
    const service = it.fabric.switches[0]?.eapi.service
    if (service === undefined) throw new RangeError('no switch')
    const seen = new Map<string, number>()
    for (let sent = 0; sent < REQUESTS; sent += 1) {
      const outcome = sendBad(service, draw)
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
      if (sent % EVERY !== 0) continue
      const shown = await it.json('show hostname')
      expect(shown.result?.at(-1), `after request ${sent}`).toEqual({ hostname: 'sw1', fqdn: 'sw1' })
    }
    expect(await fingerprint(it)).toBe(before)
    expect([...seen.values()].reduce((sum, count) => sum + count)).toBe(REQUESTS)
    for (const outcome of OUTCOMES) expect(seen.get(outcome), outcome).toBeGreaterThan(extentOfLong(10, 20))
    expect([...seen.keys()].filter((outcome) => outcome.includes('1001'))).toEqual([])
  })

  test.each(['description a\nb', 'description a\u0000b', 'vlan 10\r\nvlan 20', '\u001b[A'])(
    'a configuration line with %j is refused and stored nowhere',
    async (cmd) => {
      const it = simulate(CONFIG)
      const before = await it.text('show running-config')
      expect((await it.json('configure', 'interface Ethernet1', cmd)).error?.code).toBe(1002)
      expect(await it.text('show running-config')).toBe(before)
    },
  )
})

/** The code of the JSON-RPC error that an answer holds, `ok` without one. Throws where the answer is no JSON. */
function codeOf(bytes: Buffer) {
  const { error }: { error?: { code: number } } = JSON.parse(bytes.toString('utf8'))
  return error === undefined ? 'ok' : String(error.code)
}
