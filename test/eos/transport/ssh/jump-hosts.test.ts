import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Credential, type Hop, HopError } from '../../../../src/eos/device/device.ts'
import { abandon } from '../../../../src/eos/transport/connection/abandon.ts'
import { type JumpHostOptions, jumpHosts } from '../../../../src/eos/transport/ssh/ssh-transport.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { failedPoints, reachedPoints } from '../../../../src/report/doctor/examination.ts'
import { listenInTest } from '../../../lab/loopback.ts'
import { type HopBehaviour, startHop, USER } from './hop-server.ts'

const WITH_KEY: Credential = { username: 'jumper', privateKey: new Secret(USER.private) }

async function hop(behaviour: HopBehaviour = {}) {
  const server = await startHop(behaviour)
  onTestFinished(() => server.kill().catch(() => undefined))
  return server
}

/** A host behind them, which says back what it hears. */
async function echo() {
  return {
    host: '127.0.0.1',
    port: await listenInTest(createServer((socket) => void socket.on('data', (bytes) => socket.write(bytes)))),
  }
}

function jumps(given: Partial<JumpHostOptions> = {}) {
  const made = jumpHosts({
    clock: systemClock,
    readKnownHosts: async () => '',
    credentialOf: async () => WITH_KEY,
    connectMilliseconds: 5000,
    ...given,
  })
  onTestFinished(() => made.close())
  return made
}

async function failureOf(
  hops: readonly Hop[],
  given: Partial<JumpHostOptions> = {},
  to = { host: '127.0.0.1', port: 1 },
) {
  const thrown = await jumps(given)
    .wayTo('leaf1', hops)
    ?.open(to)
    .catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(HopError)
  return thrown as HopError
}

describe('jump hosts', () => {
  test('carry bytes over two of them, and several connections over one login at each', async () => {
    const [bastion, core, beyond] = [await hop(), await hop({ name: 'core' }), await echo()]
    const way = jumps().wayTo('leaf1', [bastion.hop, core.hop])
    const sockets = await Promise.all([way?.open(beyond), way?.open(beyond), way?.open(beyond)])
    for (const socket of sockets) {
      socket?.write('hello')
      expect(String((await once(socket as never, 'data'))[0])).toBe('hello')
    }
    expect(bastion.seen).toEqual([
      'login jumper publickey',
      'login jumper publickey',
      `forward 127.0.0.1 ${core.hop.port}`,
    ])
    expect(core.seen.filter((one) => one.startsWith('forward'))).toHaveLength(3)
    expect(bastion.seen.concat(core.seen).filter((one) => /session|agent/.test(one))).toEqual([])
    expect(jumps().wayTo('leaf1', [])).toBeUndefined()
  })

  test('take a bounded number of connections over one login, and end one that nobody uses', {
    tags: ['long', 'turn'],
  }, async () => {
    const [bastion, beyond] = [await hop(), await echo()]
    const way = jumps({ mostThrough: 2, idleMilliseconds: 50 }).wayTo('leaf1', [bastion.hop])
    const sockets = await Promise.all([1, 2, 3, 4, 5].map(() => way?.open(beyond)))
    expect(bastion.connections()).toBe(3)
    for (const socket of sockets) socket?.destroy()
    await expect.poll(() => bastion.open()).toBe(0)
    await way?.open(beyond)
    expect(bastion.connections()).toBe(4)
  })

  test('[G133] prove who they are before anybody logs in', async () => {
    const [bastion, core] = [await hop(), await hop({ name: 'core' })]
    const other: Hop = { ...core.hop, hostKey: { mode: 'pin', fingerprint: `SHA256:${'A'.repeat(43)}` } }
    const { kind, message, hint, end, device } = await failureOf([bastion.hop, other])
    expect([kind, device, end]).toEqual(['tls', 'leaf1', { hop: 'core', isPassed: false }])
    expect(message).toMatch(/^leaf1: jump host core: the host key SHA256:\S+ is not the one that the inventory names$/)
    expect(hint).toContain('ssh-keygen -lf')
    expect(core.seen).toEqual([])
  })

  test('are known by a file of OpenSSH at an address of IPv6, and asked about at first sight', {
    tags: ['long', 'turn'],
  }, async ({ skip }) => {
    const bastion = await hop({ host: '::1' }).catch(() => skip('this machine has no ::1'))
    const beyond = await echo()
    const known: Hop = { ...bastion.hop, hostKey: { mode: 'known-hosts', file: 'known' } }
    const line = `[::1]:${bastion.hop.port} ${bastion.publicKey}`
    const way = jumps({ readKnownHosts: async () => `${line}\n` }).wayTo('leaf1', [known])
    expect(await way?.open(beyond)).toBeDefined()
    let file = ''
    const sights: unknown[] = []
    const trust: JumpHostOptions['trust'] = async (sight) => {
      sights.push([sight.device, sight.who, sight.host, sight.line])
      file = `${sight.line}\n`
      return true
    }
    expect(
      await jumps({ readKnownHosts: async () => file, trust })
        .wayTo('leaf1', [known])
        ?.open(beyond),
    ).toBeDefined()
    expect(sights).toEqual([['jump host bastion', 'the jump host', '::1', line.trim()]])
    const strict: Hop = { ...known, hostKey: { mode: 'known-hosts', file: 'known', strict: true } }
    expect((await failureOf([strict], { trust: async () => true })).message).toContain('known holds no host key of ::1')
  })

  test('ask the keeper of a password once more where it is refused, and no third time', async () => {
    const [bastion, beyond] = [await hop({ password: 'new' }), await echo()]
    const asked: unknown[] = []
    const credentialOf: JumpHostOptions['credentialOf'] = async (_hop, when) => {
      asked.push(when)
      return { username: 'jumper', password: new Secret(when === 'again' ? 'new' : 'old') }
    }
    expect(await jumps({ credentialOf }).wayTo('leaf1', [bastion.hop])?.open(beyond)).toBeDefined()
    expect(asked).toEqual([undefined, 'again', 'again'])
    const wrong = await failureOf([bastion.hop], {
      credentialOf: async () => ({ username: 'jumper', password: new Secret('canary-Xo3') }),
    })
    expect([wrong.kind, wrong.message]).toEqual([
      'unauthenticated',
      'leaf1: jump host bastion: the jump host refused the user jumper',
    ])
    expect(JSON.stringify(wrong)).not.toContain('canary-Xo3')
  })

  test('[T10] that die end what goes through them, and are logged in to anew when they are back', {
    tags: 'long',
  }, async () => {
    const [bastion, core, beyond] = [await hop(), await hop({ name: 'core' }), await echo()]
    const made = jumps()
    const way = made.wayTo('leaf1', [bastion.hop, core.hop])
    const socket = await way?.open(beyond)
    const closed = once(socket as never, 'close')
    socket?.resume()
    await core.kill()
    await closed
    const thrown = await way?.open(beyond).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: 'unreachable', retryable: true, end: { hop: 'bastion', isPassed: true } })
    expect(String(thrown)).toMatch(
      /leaf1: jump host core: the jump host bastion does not reach 127\.0\.0\.1 port \d+: /,
    )
    await core.revive()
    expect(await way?.open(beyond)).toBeDefined()
  })

  test('say why they lead no further', { tags: ['long', 'turn'] }, async () => {
    const [closed, silent] = [await hop({ forwardsNothing: true }), await hop({ name: 'silent', staysSilent: true })]
    const refused = await failureOf([closed.hop])
    expect(refused.message).toMatch(/^leaf1: the jump host bastion does not reach 127\.0\.0\.1 port 1: /)
    expect(refused.end).toEqual({ hop: 'bastion', isPassed: true })
    const late = await failureOf([silent.hop], { connectMilliseconds: 1500 })
    expect(late.message).toContain('the jump host silent does not reach 127.0.0.1 port 1: no connection within 1.5 s')
  })

  test('hear everything of what is given up, or their connection is reset', { tags: ['long', 'turn'] }, async () => {
    const [bastion, beyond] = [await hop(), await echo()]
    const way = jumps().wayTo('leaf1', [bastion.hop])
    const [given, kept] = [await way?.open(beyond), await way?.open(beyond)]
    if (given !== undefined) abandon(given)
    await pause(100)
    kept?.write('still')
    expect(String((await once(kept as never, 'data'))[0])).toBe('still')
    expect(bastion.connections()).toBe(1)
  })
})

test('doctor names the jump hosts of a way, and the one that fails', { tags: ['long', 'turn'] }, async () => {
  const [bastion, core] = [await hop(), await hop({ name: 'core', forwardsNothing: true })]
  const via = [bastion.hop, core.hop]
  const target = {
    name: 'leaf1',
    host: '10.0.0.1',
    port: 443,
    transport: 'eapi',
    protocol: 'https',
    tls: { mode: 'system' },
    via,
  } as const
  const levels = (points: readonly { readonly health: string; readonly says: string }[]) =>
    points.map(({ health, says }) => `${health} ${says.replaceAll(/\d{4,5}/g, 'N')}`)
  expect(levels(reachedPoints(target)).slice(0, 3)).toEqual([
    'good jump host bastion at 127.0.0.1 port N: its host key is the known one, and it takes the login',
    'good jump host core at 127.0.0.1 port N: its host key is the known one, and it takes the login',
    'good answers at 10.0.0.1 port 443',
  ])
  const further = failedPoints(target, await failureOf(via))
  expect(levels(further).map((one) => one.slice(0, 60))).toEqual([
    'good jump host bastion at 127.0.0.1 port N: its host key is ',
    'good jump host core at 127.0.0.1 port N: its host key is the',
    'failed leaf1: the jump host core does not reach 127.0.0.1 po',
    'skipped nothing else could be looked at',
  ])
  const secret = failedPoints(target, new EosflowError('secret', 'not set'))
  expect(levels(secret)).toEqual(['failed not set', 'skipped nothing else could be looked at'])
  await core.kill()
  expect(levels(failedPoints(target, await failureOf(via))).map((one) => one.slice(0, 40))).toEqual([
    'good jump host bastion at 127.0.0.1 port',
    'failed leaf1: jump host core: the jump h',
    'skipped nothing else could be looked at',
  ])
})
