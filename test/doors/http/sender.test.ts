import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { httpApp } from '../../../src/doors/http/http-app.ts'
import { AddressAllowance } from '../../../src/doors/http/limits/address-allowance.ts'
import { listenAt } from '../../../src/doors/http/request/listen.ts'
import { publicAddress } from '../../../src/doors/http/request/public-address.ts'
import { RequestRefusal } from '../../../src/doors/http/request/readable.ts'
import { senderOf } from '../../../src/doors/http/request/sender.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { serverSettings } from '../../../src/project/files/settings/server-settings.ts'
import { openLab } from '../../lab/lab.ts'
import { table } from '../../table.ts'

const PROXY = '10.0.0.5'
const OUTER = '2001:db8::5'
/** What is written so in the table below. */
const GIVEN: ReadonlyMap<string, string> = new Map([
  ['PROXY', PROXY],
  ['OUTER', OUTER],
  ["''", ''],
])

test('what a request says of its sender counts from a trusted proxy alone, and from its end', () => {
  const rows = table`
    # what                                     the connection   X-Forwarded-For           X-Forwarded-Proto  the sender   whether it left out TLS
    a stranger who says nothing                192.0.2.1        -                         -                  192.0.2.1    over TLS
    a stranger who says who it is              192.0.2.1        10.9.9.9                  http               192.0.2.1    over TLS
    the proxy, about nobody                    PROXY            -                         -                  10.0.0.5     plain
    the proxy, about a browser                 PROXY            192.0.2.1                 https              192.0.2.1    over TLS
    a browser that made one up before it       PROXY            10.9.9.9, 192.0.2.1       https              192.0.2.1    over TLS
    a browser that said it was the proxy       PROXY            10.0.0.5, 192.0.2.1       https              192.0.2.1    over TLS
    two proxies, both trusted                  PROXY            192.0.2.1, 2001:DB8:0::5  https              192.0.2.1    over TLS
    a proxy that is not trusted before it      PROXY            192.0.2.1, 10.0.0.6       https              10.0.0.6     over TLS
    nothing but proxies                        PROXY            10.0.0.5, 2001:db8::5     https              10.0.0.5     over TLS
    what is no address                         PROXY            192.0.2.1, <script>       https              10.0.0.5     over TLS
    a network                                  PROXY            192.0.2.0/24              https              10.0.0.5     over TLS
    an empty field                             PROXY            ''                        ''                 10.0.0.5     plain
    with a port                                PROXY            192.0.2.1:4711            HTTPS              192.0.2.1    over TLS
    IPv6 with a port                           PROXY            [2001:db8::1]:4711        https              2001:db8::1  over TLS
    IPv6 in its long form                      OUTER            2001:0db8:0:0:0:0:0:1     https              2001:db8::1  over TLS
    IPv4 in a socket of IPv6                   ::ffff:10.0.0.5  ::ffff:192.0.2.1          https              192.0.2.1    over TLS
    a browser without TLS                      PROXY            192.0.2.1                 http               192.0.2.1    plain
    a browser without TLS that says otherwise  PROXY            192.0.2.1                 https, http        192.0.2.1    plain
    a connection that is gone                  -                192.0.2.1                 http               unknown      over TLS
  `
  for (const [what, ...row] of rows) {
    const [peer, forwarded, proto, address, way] = row.map((cell) =>
      cell === '-' ? undefined : (GIVEN.get(cell) ?? cell),
    )
    const headers = new Headers()
    if (forwarded !== undefined) headers.set('x-forwarded-for', forwarded)
    if (proto !== undefined) headers.set('x-forwarded-proto', proto)
    expect([what, senderOf(peer, headers, [PROXY, OUTER])]).toEqual([what, { address, isPlain: way === 'plain' }])
  }
  // Nobody is trusted where no proxy is named, not even what has no address.
  for (const peer of ['192.0.2.1', undefined])
    expect(senderOf(peer, new Headers({ 'x-forwarded-for': '10.9.9.9' })).address).toBe(peer ?? 'unknown')
})

test('an address has 60 steps of logins a minute, and all addresses of one IPv6 network count as one', async () => {
  const clock = new VirtualClock()
  const allowance = new AddressAllowance(clock)
  const taken = (address: (count: number) => string, most = 500) => {
    for (let count = 0; count < most; count += 1)
      try {
        allowance.require(address(count))
      } catch (error) {
        if (!(error instanceof RequestRefusal)) throw error
        return [count, error.fault.kind, error.headers['retry-after']]
      }
    return most
  }
  expect(taken(() => '192.0.2.1')).toEqual([60, 'too-many', '60'])
  expect(taken(() => '192.0.2.2', 10)).toBe(10)
  expect(taken((count) => `2001:db8::${count.toString(16)}`)).toEqual([60, 'too-many', '60'])
  expect(taken((count) => `2001:db8:0:1::${count.toString(16)}`, 50)).toBe(50)
  await clock.advance(45_500)
  expect(taken(() => '192.0.2.1')).toEqual([0, 'too-many', '15'])
  await clock.advance(14_500)
  expect(taken(() => '192.0.2.1')).toEqual([60, 'too-many', '60'])
  // Whoever has many addresses fills no memory: the oldest is forgotten.
  expect(taken((count) => `198.18.${count >> 8}.${count & 255}`, 10_000)).toBe(10_000)
  expect(taken(() => '192.0.2.1', 5)).toBe(5)
})

test('what turns out to be from a sender who is known is taken back, in the minute that it was counted in alone', async () => {
  const clock = new VirtualClock()
  const allowance = new AddressAllowance(clock)
  const taken = (what: string): readonly (() => void)[] => {
    const back: (() => void)[] = []
    try {
      for (;;) back.push(allowance.require('192.0.2.1', what))
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error
    }
    return back
  }
  const first = taken('one')
  expect([first.length, taken('one').length, taken('two').length]).toEqual([60, 0, 60])
  for (const back of first.slice(0, 7)) back()
  expect([taken('one').length, taken('two').length]).toEqual([7, 0])
  await clock.advance(60_000)
  expect(taken('one')).toHaveLength(60)
  for (const back of first.slice(7)) back()
  expect(taken('one')).toHaveLength(0)
})

/** A server behind a proxy, on a real socket. Asks it as the proxy does. */
async function behindProxy(trustedProxy: readonly string[]) {
  const bench = await openLab().serve()
  const settings = serverSettings.parse({
    listen: '127.0.0.1:0',
    publicUrl: 'https://control.example',
    trustedProxy,
  })
  const http = httpApp({ ...bench.front, address: publicAddress(settings, 443) })
  const listener = await listenAt({
    listen: settings.listen,
    trustedProxy: settings.trustedProxy,
    clock: bench.lab.clock,
    fetch: (asked, sender) => http.fetch(asked, { sender }),
  })
  onTestFinished(() => listener.close())
  const ask = (
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<{ status: number | string; headers: Readonly<Record<string, unknown>> }> =>
    new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: listener.port, method, path, agent: false as const }
      request({ ...options, headers: { host: 'control.example', ...headers } }, (answer) => {
        answer.resume()
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers })
      })
        .on('error', (error: NodeJS.ErrnoException) => resolve({ status: error.code ?? '', headers: {} }))
        .end()
    })
  return { bench, listener, ask }
}

test('behind a proxy each browser has its own allowance, and none gets another by what it says', {
  tags: ['long', 'turn'],
}, async () => {
  const { ask } = await behindProxy(['127.0.0.1', '::1'])
  const login = async (forwarded: string) =>
    (await ask('/login/callback', { 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https' })).status
  const statuses: unknown[] = []
  for (let count = 0; count < 61; count += 1) statuses.push(await login('192.0.2.1'))
  expect([statuses.slice(0, 60).every((status) => status === 401), statuses.length, statuses.at(-1)]).toEqual([
    true,
    61,
    429,
  ])
  expect([await login('192.0.2.1'), await login('10.9.9.9, 192.0.2.1'), await login('192.0.2.2')]).toEqual([
    429, 429, 401,
  ])
  // What needs no login of a stranger is answered all the same.
  expect((await ask('/login', { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' })).status).toBe(200)
})

test('a browser that has reached the proxy without TLS is sent to where TLS is, and changes nothing', async () => {
  const { ask } = await behindProxy(['127.0.0.1', '::1'])
  const plain = { 'x-forwarded-proto': 'http', 'x-forwarded-for': '192.0.2.1' }
  const sent = await ask('/login?x=1', plain)
  expect([sent.status, sent.headers.location, sent.headers['strict-transport-security']]).toEqual([
    307,
    'https://control.example/login?x=1',
    'max-age=31536000',
  ])
  expect((await ask('/login', plain, 'POST')).status).toBe(421)
  expect((await ask('/login', { 'x-forwarded-proto': 'https' })).status).toBe(200)
  expect((await ask('/login', { host: 'evil.example', ...plain })).status).toBe(421)
  expect((await ask('/login', { host: 'evil.example' })).status).toBe(421)
  // What the proxy asks by itself knows neither name nor TLS.
  expect((await ask('/readyz', { host: '127.0.0.1', ...plain })).status).toBe(200)
})

test('a connection from anywhere but the proxy is ended before anything is read', async () => {
  const { ask, bench } = await behindProxy(['192.0.2.7', '2001:db8::7'])
  for (const headers of [{}, { 'x-forwarded-for': '192.0.2.7' }, { 'x-forwarded-for': '192.0.2.1, 192.0.2.7' }])
    expect((await ask('/healthz', headers)).status).toBe('ECONNRESET')
  expect(bench.failures).toEqual([])
})

test('without a proxy what a browser says of its address is not looked at', async () => {
  const bench = await openLab().serve()
  const http = httpApp(bench.front)
  const told: unknown[] = []
  const listener = await listenAt({
    listen: '127.0.0.1:0',
    clock: bench.lab.clock,
    fetch: (asked, sender) => {
      told.push(sender)
      return http.fetch(asked, { sender })
    },
  })
  onTestFinished(() => listener.close())
  const headers = { host: 'localhost:7474', 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'http' }
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: listener.port, path: '/login', headers, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect([status, told]).toEqual([200, [{ address: '127.0.0.1', isPlain: false }]])
})
