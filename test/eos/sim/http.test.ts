import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningFabric, startFabric, VirtualClock } from '../../../src/testing.ts'
import { CONFIG } from './simulate.ts'

const running: RunningFabric[] = []

const start = async (...args: Parameters<typeof startFabric>) => {
  const fabric = await startFabric(...args)
  running.push(fabric)
  return fabric
}

afterEach(async () => {
  for (const fabric of running.splice(0)) await fabric.close()
})

const managed = (clock?: VirtualClock) => ({
  fabric: {
    name: 'one',
    credentials: { username: 'op', password: 'pw' },
    devices: [
      { name: 'sw1', eos: '4.32.2F', model: 'cEOSLab', serial: 'S1', mac: '00:1c:73:00:00:01', config: CONFIG },
    ],
    cabling: [],
    faults: [],
  },
  ...(clock === undefined ? {} : { clock }),
})

interface Sent {
  readonly status: number
  readonly result?: Record<string, unknown>[]
}

async function send(fabric: RunningFabric, ...cmds: string[]) {
  const [device] = fabric.devices
  const response = await fetch(`http://127.0.0.1:${device?.http.port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${device?.username}:${device?.password}`)}` },
    body: JSON.stringify({
      jsonrpc: '2.0',
      method: 'runCmds',
      id: 1,
      params: { version: 1, cmds: ['enable', ...cmds] },
    }),
  })
  return response.status === 200 ? { ...((await response.json()) as object), status: 200 } : { status: response.status }
}

const codeOf = async (sent: Promise<Sent>) => {
  try {
    return String((await sent).status)
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error && 'code' in error.cause
      ? String(error.cause.code)
      : String(error)
  }
}

/** Sends a body over a kept connection. */
function post(agent: Agent, port: number | undefined, body: string) {
  return new Promise((resolve, reject) => {
    const options = { agent, port, host: '127.0.0.1', path: '/command-api', method: 'POST', auth: 'op:pw' }
    const sent = request(options, async (response) => {
      let text = ''
      for await (const chunk of response) text += String(chunk)
      resolve(text)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

describe('eAPI over sockets', () => {
  test('answers on loopback, HEAD and 404 too, counts requests, bytes and connections', async () => {
    const fabric = await start(managed())
    const [device] = fabric.devices
    expect(device).toMatchObject({
      name: 'sw1',
      eos: '4.32.2F',
      username: 'op',
      password: 'pw',
      http: { host: '127.0.0.1' },
    })
    const agent = new Agent({ keepAlive: true })
    const show = '{"jsonrpc":"2.0","method":"runCmds","id":1,"params":{"version":1,"cmds":["show hostname"]}}'
    const write =
      '{"jsonrpc":"2.0","method":"runCmds","id":1,"params":{"version":1,"cmds":["enable","configure","vlan 20"]}}'
    expect(await post(agent, device?.http.port, show)).toBe(
      '{"jsonrpc":"2.0","id":1,"result":[{"fqdn":"sw1","hostname":"sw1"}]}',
    )
    expect(await post(agent, device?.http.port, write)).toBe('{"jsonrpc":"2.0","id":1,"result":[{},{},{}]}')
    agent.destroy()
    expect(device?.counters()).toEqual({
      requests: 2,
      bytesIn: show.length + write.length,
      bytesOut: 67 + 44,
      connections: 1,
      commits: { plain: 0, timed: 0, confirms: 0 },
      expiries: 0,
      commands: { show: 1, enable: 1, configure: 1, vlan: 1 },
    })
    expect(device?.requests().map(({ kind }) => kind)).toEqual(['read', 'write'])
    const [url, headers] = [`http://127.0.0.1:${device?.http.port}`, { authorization: `Basic ${btoa('op:pw')}` }]
    const head = await fetch(`${url}/command-api`, { method: 'HEAD', headers })
    const none = await fetch(`${url}/explorer`, { headers })
    expect([head.status, await head.text(), none.status]).toEqual([200, '', 404])
  })

  test('a lost answer resets the connection; the next request is on record behind it', async () => {
    const fabric = await start(managed())
    await fabric.fault({ device: 'sw1', kind: 'lost-answer', write: 1 })
    expect(await codeOf(send(fabric, 'configure', 'vlan 20'))).toBe('ECONNRESET')
    expect(await codeOf(send(fabric, 'show configuration sessions'))).toBe('200')
    expect(fabric.devices[0]?.requests().map(({ kind, answer }) => `${kind} ${answer}`)).toEqual([
      'write lost',
      'read 200',
    ])
  })

  test('unreachable closes the port, also for a connection that is open, and opens it again on the same number', async () => {
    const clock = new VirtualClock()
    const fabric = await start(managed(clock))
    const port = fabric.devices[0]?.http.port
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('200')
    await fabric.fault({ device: 'sw1', kind: 'unreachable', for: 20 })
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('ECONNREFUSED')
    await clock.advance(20_000)
    await fabric.clearFaults()
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('200')
    expect(fabric.devices[0]?.http.port).toBe(port)
  })

  test('a port that another program holds for seconds is opened again once it is free', {
    tags: ['long', 'turn'],
  }, async () => {
    const clock = new VirtualClock()
    const fabric = await start(managed(clock))
    const port = fabric.devices[0]?.http.port
    await fabric.fault({ device: 'sw1', kind: 'unreachable', for: 20 })
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const back = clock.advance(20_000).then(() => fabric.clearFaults())
    // Longer than anybody is patient with a port.
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    other.close()
    await back
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('200')
    expect(fabric.devices[0]?.http.port).toBe(port)
  })

  test('a commit that takes eAPI away: reset, refused, back when the timer has run out', async () => {
    const clock = new VirtualClock()
    const fabric = await start(managed(clock))
    await send(fabric, 'configure session a', 'no management api http-commands')
    expect(await codeOf(send(fabric, 'configure session a commit timer 00:01:00'))).toBe('ECONNRESET')
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('ECONNREFUSED')
    await clock.advance(60_000)
    await fabric.clearFaults()
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('200')
  })

  test('with the real clock the timer brings the port back without anybody asking', {
    tags: ['long', 'turn'],
  }, async () => {
    const fabric = await start(managed())
    await send(fabric, 'configure session a', 'no management api http-commands')
    // The look behind the commit comes before the timer runs out, also on a machine that is busy for some seconds.
    await codeOf(send(fabric, 'configure session a commit timer 00:00:06'))
    const [device] = fabric.devices
    const opened = async () =>
      new Promise((resolve) => {
        const socket = connect(device?.http.port ?? 0, '127.0.0.1')
        socket.once('connect', () => {
          socket.destroy()
          resolve(true)
        })
        socket.once('error', () => resolve(false))
      })
    expect(await opened()).toBe(false)
    for (let waited = 0; waited < 30_000 && !(await opened()); waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(await opened()).toBe(true)
    expect(device?.counters().expiries).toBe(1)
  })
})

describe('the control port', () => {
  const control = (fabric: RunningFabric, path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${fabric.control.port}${path}`, init)

  test('status: sessions, timer, counters, faults of every switch', async () => {
    const fabric = await start(managed())
    await send(fabric, 'configure session a', 'vlan 20')
    await send(fabric, 'configure session a commit timer 00:05:00')
    const response = await control(fabric, '/status')
    expect([response.status, await response.json()]).toMatchObject([
      200,
      {
        name: 'one',
        devices: [
          {
            name: 'sw1',
            eos: '4.32.2F',
            reachable: true,
            sessions: { a: 'armed' },
            timer: { session: 'a' },
            saved: false,
            counters: { requests: 2, commits: { plain: 0, timed: 1, confirms: 0 } },
            lastRequest: {
              commands: ['enable', 'configure session a commit timer 00:05:00'],
              kind: 'write',
              answer: 200,
            },
            faults: [],
          },
        ],
        network: [],
      },
    ])
  })

  test('a fault is set, shown, and taken off', async () => {
    const fabric = await start(managed())
    const fault = { device: 'sw1', kind: 'unreachable', for: 600 }
    const set = await control(fabric, '/faults', { method: 'POST', body: JSON.stringify(fault) })
    expect(await set.json()).toMatchObject({
      devices: [{ reachable: false, faults: [{ kind: 'unreachable', for: 600 }] }],
    })
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('ECONNREFUSED')
    const off = await control(fabric, '/faults', { method: 'DELETE' })
    expect(await off.json()).toMatchObject({ devices: [{ reachable: true, faults: [] }] })
    expect(await codeOf(send(fabric, 'show hostname'))).toBe('200')
  })

  test.each([
    [{ device: 'sw1', kind: 'meteor' }, 400],
    [{ device: 'sw1', kind: 'slow', befor: 2 }, 400],
    [{ device: 'sw1', kind: 'lost-answer', command: '(' }, 400],
    [{ device: 'sw9', kind: 'reset-after-commit' }, 404],
  ])('%j is refused', async (fault, status) => {
    const fabric = await start(managed())
    const response = await control(fabric, '/faults', { method: 'POST', body: JSON.stringify(fault) })
    expect(response.status).toBe(status)
    expect(JSON.stringify(await response.json())).toMatch(/problems|no switch `sw9` here: sw1/)
    expect((await control(fabric, '/nothing')).status).toBe(404)
  })
})
