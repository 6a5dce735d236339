import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Meter, MeterResult, SocketEnd } from '../../../src/eos/device/meter.ts'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { sshTransport } from '../../../src/eos/transport/ssh/ssh-transport.ts'
import { startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { type AskFence, noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { freePort } from '../../free-ports.ts'
import { listen } from '../../lab/loopback.ts'
import { deviceOver, leaf1At, type Over } from './device-over.ts'
import { CREDENTIAL, results, scriptedSwitch, targetAt } from './eapi/scripted-switch.ts'
import { hasOpenssl, makeCertificates } from './eapi/test-certificates.ts'

/** A way to a switch on which every answer is late. */
interface SlowProxy {
  readonly port: number
  /** Everything that has gone to the switch. */
  passed(): string
  close(): Promise<void>
}

/** Passes bytes on as they come, and what comes back so many milliseconds later, in order. */
async function slowProxy(to: { readonly host: string; readonly port: number }, late: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>()
  const passed: Buffer[] = []
  const server = createServer((near) => {
    const far = connect(to)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.once('close', () => sockets.delete(socket))
    }
    near.on('data', (bytes) => {
      passed.push(bytes)
      far.write(bytes)
    })
    far.on('data', (bytes) => setTimeout(() => near.write(bytes), late))
    near.once('close', () => far.destroy())
    far.once('close', () => setTimeout(() => near.destroy(), late))
  })
  const port = await listen(server)
  return {
    port,
    passed: () => Buffer.concat(passed).toString('utf8'),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const LATE = 200

interface Heard {
  readonly end: SocketEnd
  readonly what: string
  /** What follows TCP. */
  next?: 'tls' | 'login' | undefined
  /** Milliseconds, each since the beginning. */
  reached?: number
  first?: number
  last?: number
  over?: number
  result?: MeterResult
}

/** Writes down what a meter hears, with the times of a clock of its own. */
function listening() {
  const heard: Heard[] = []
  const begin = (end: SocketEnd, what: string) => {
    const start = performance.now()
    const one: Heard = { end, what }
    heard.push(one)
    return { one, now: () => performance.now() - start }
  }
  const meter: Meter = {
    line: (end) => ({
      connect: () => {
        const { one, now } = begin(end, 'connect')
        return {
          reached: (next) => {
            one.next = next
            one.reached = now()
          },
          ended: (result) => {
            one.over = now()
            one.result = result
          },
        }
      },
      request: (op) => {
        const { one, now } = begin(end, op)
        return {
          heard: () => {
            one.last = now()
            one.first ??= one.last
          },
          ended: (result) => {
            expect(one.result).toBeUndefined()
            one.over = now()
            one.result = result
          },
        }
      },
    }),
  }
  return { meter, heard }
}

const CONFIG = readFileSync(new URL('../../../fixtures/dc1/leaf1/running-config', import.meta.url), 'utf8')

async function late(
  over: Over,
  { fence = noFence, milliseconds = LATE }: { fence?: AskFence; milliseconds?: number } = {},
) {
  const fabric = await startFabric({ config: CONFIG, eos: '4.32.2F', name: 'leaf1' })
  onTestFinished(() => fabric.close())
  const running = fabric.device('leaf1')
  const proxy = await slowProxy(over === 'eapi' ? running.http : running.ssh, milliseconds)
  onTestFinished(() => proxy.close())
  const { meter, heard } = listening()
  const device = await deviceOver(over, running, { meter, fence, port: proxy.port })
  return { device, heard, port: proxy.port, fabric }
}

describe.each(['eapi', 'ssh'] as const)('the socket to a switch that answers 200 ms late, over %s', (over) => {
  test('says so for the verb of the request, with the connection apart', { tags: ['long', 'turn'] }, async () => {
    const { device, heard, port } = await late(over)
    await device.readConfig()
    expect(heard[0]).toMatchObject({ what: 'connect', result: 'ok' })
    expect(heard[0]?.end).toEqual({ device: 'leaf1', host: '127.0.0.1', port, transport: over })
    // The proxy takes connections at once: only what is answered is late.
    expect(heard[0]?.reached).toBeLessThan(LATE)
    const read = heard.filter(({ what }) => what === 'readConfig')
    expect(read).toHaveLength(over === 'eapi' ? 1 : 2)
    for (const { first = 0, last = 0, over: end = 0, result } of read) {
      expect(result).toBe('ok')
      expect(first).toBeGreaterThanOrEqual(LATE - 5)
      expect(last).toBeGreaterThanOrEqual(first)
      expect(end).toBeGreaterThanOrEqual(last)
    }
    // The rest is what enters the shell: over eAPI nothing does.
    expect(new Set(heard.slice(1).map(({ what }) => what))).toEqual(
      new Set(over === 'eapi' ? ['readConfig'] : ['enter', 'readConfig']),
    )
  })

  test('has nothing of the time that eosflow takes before it writes', { tags: ['long', 'turn'] }, async () => {
    const slow: AskFence = async () => {
      await systemClock.sleep(600)
      return noFence()
    }
    const { device, heard } = await late(over, { fence: slow, milliseconds: 0 })
    await device.readConfig()
    const begun = performance.now()
    await device.restore('eosflow-1a2b3c4d').catch(() => undefined)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(595)
    const own = heard.filter(({ what }) => what === 'restore')
    // Over SSH the reading of running-config right before it is a request of the shell.
    expect(own).toHaveLength(over === 'eapi' ? 1 : 2)
    for (const { result, over: end } of own) {
      expect(result).toBe('ok')
      expect(end).toBeLessThan(400)
    }
  })

  test('knows the verb of each of two that wait for one connection', async () => {
    const { device, heard } = await late(over, { milliseconds: 20 })
    await Promise.all([device.look([]), device.print(['show version'])])
    const asked = heard.map(({ what }) => what).filter((what) => what === 'look' || what === 'print')
    expect(asked).toEqual(over === 'eapi' ? ['look', 'print'] : ['look', 'look', 'print'])
  })

  test('says that an answer was lost', async () => {
    const { device, heard, fabric } = await late(over, { milliseconds: 0 })
    await device.readConfig()
    await fabric.fault({ device: 'leaf1', kind: 'lost-answer', command: 'running-config', applied: true })
    await expect(device.readConfig()).rejects.toMatchObject({ kind: 'lost-answer' })
    const read = heard.filter(({ what }) => what === 'readConfig')
    expect(read.map(({ result }) => result)).toEqual(
      over === 'eapi' ? ['ok', 'lost-answer'] : ['ok', 'ok', 'lost-answer'],
    )
  })
})

test('what reaches a switch over eAPI is the same, byte for byte, whether or not somebody measures', async () => {
  const sent: string[] = []
  for (const measured of [false, true]) {
    const fabric = await startFabric({ config: CONFIG, eos: '4.32.2F', name: 'leaf1' })
    onTestFinished(() => fabric.close())
    const running = fabric.device('leaf1')
    const proxy = await slowProxy(running.http, 0)
    onTestFinished(() => proxy.close())
    const device = await deviceOver('eapi', running, {
      port: proxy.port,
      ...(measured ? { meter: listening().meter } : {}),
    })
    const session = 'eosflow-1a2b3c4d-1'
    await device.look([{ cmd: 'show vlan' }])
    await device.stage({ session, mode: 'merge', commands: [{ cmd: 'vlan 20' }], checkpoint: 'eosflow-1a2b3c4d' })
    await device.arm(session, 600)
    await device.confirm(session)
    await device.save()
    await device.close()
    const authority = `127.0.0.1:${proxy.port}`
    sent.push(
      proxy
        .passed()
        .replaceAll(authority, 'SWITCH')
        .replaceAll(running.password, 'PASSWORD')
        .replaceAll(/Basic \S+/g, 'Basic'),
    )
  }
  expect(sent[0]?.match(/POST \/command-api/g)).toHaveLength(5)
  expect(sent[0]).toContain('commit timer 00:10:00')
  expect(sent[1]).toBe(sent[0])
})

describe.skipIf(!hasOpenssl)('the phase of TLS (needs the openssl command)', () => {
  test.each([
    ['a switch whose key is the pinned one', 'selfSigned', 'ok'],
    ['one that shows another key', 'other', 'tls'],
  ] as const)(
    'of %s is apart from TCP, and has the delay of the handshake',
    { tags: ['long', 'turn'] },
    async (_, pair, result) => {
      const made = makeCertificates()
      const answer = results({ output: '' }, { output: 'hostname leaf1\n' }, { output: '' })
      const server = await scriptedSwitch([answer], { ...made[pair], minVersion: 'TLSv1.2' })
      const proxy = await slowProxy({ host: '127.0.0.1', port: server.port }, LATE)
      const { meter, heard } = listening()
      const tls = { mode: 'pin', sha256: made.selfSignedPin } as const
      const device = await eapiTransport({ meter }).connect(targetAt(proxy.port, tls), CREDENTIAL, noFence)
      onTestFinished(async () => {
        await device.close()
        await proxy.close()
        await server.close()
      })
      const read = await device.readConfig().catch((error: unknown) => error)
      expect(read).toMatchObject(result === 'ok' ? { running: 'hostname leaf1\n' } : { kind: 'tls' })
      const [connect] = heard
      expect(connect).toMatchObject({ what: 'connect', next: 'tls', result })
      expect(connect?.reached).toBeLessThan(LATE)
      // The handshake goes there and back once at least (RFC 8446, section 2).
      expect((connect?.over ?? 0) - (connect?.reached ?? 0)).toBeGreaterThanOrEqual(LATE - 5)
      expect(heard.slice(1).map(({ what }) => what)).toEqual(result === 'ok' ? ['readConfig'] : [])
    },
  )
})

test('a connection that nobody takes ended before TCP was there', async () => {
  const port = await freePort()
  for (const over of ['eapi', 'ssh'] as const) {
    const { meter, heard } = listening()
    const transport = over === 'eapi' ? eapiTransport({ meter }) : sshTransport({ clock: systemClock, meter })
    const device = await transport.connect(leaf1At(over, port), { username: 'ann', password: new Secret('x') }, noFence)
    await expect(device.readConfig()).rejects.toMatchObject({ kind: 'unreachable' })
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({ what: 'connect', result: 'unreachable' })
    expect(heard[0]?.reached).toBeUndefined()
    await device.close()
  }
})
