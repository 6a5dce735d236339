import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { ConnectionLimits } from '../../../src/eos/device/connection-places.ts'
import type { Device, DeviceTarget } from '../../../src/eos/device/device.ts'
import { openConnections } from '../../../src/eos/device/fleet.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { partOf } from '../../lab/part-of.ts'
import { linesOf } from '../../table.ts'

const target = (name: string): DeviceTarget => ({
  name,
  host: '10.0.0.11',
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'system' },
})

/** So many connections, and what is urgent beyond them. */
const limits = (usual: number, urgent = 1000): ConnectionLimits => ({ usual, urgent })

/** Switches that note who connects, asks and is closed, and how many connections are open; `answered` waits for each answer. */
function site(answered: (what: string) => Promise<void> = () => turn()) {
  const heard: string[] = []
  const open = { now: 0, most: 0 }
  const connect = async (name: string): Promise<Device> => {
    open.now += 1
    open.most = Math.max(open.most, open.now)
    await turn()
    heard.push(`connect ${name}`)
    let isOpen = true
    const verb = (what: string) => async () => {
      if (!isOpen) throw new Error(`${name}: ${what} over a connection that is closed`)
      heard.push(`${what} ${name}`)
      await answered(`${what} ${name}`)
      if (!isOpen) throw new Error(`${name}: closed in the middle of ${what}`)
      return `${what} ${name}`
    }
    const close = async () => {
      if (!isOpen) throw new Error(`${name}: closed twice`)
      isOpen = false
      open.now -= 1
      heard.push(`close ${name}`)
    }
    const names = ['look', 'stage', 'arm', 'confirm', 'abort', 'save', 'restore'] as const
    return partOf<Device>({ ...Object.fromEntries(names.map((one) => [one, verb(one)])), name, close })
  }
  return { heard, open, connect }
}

test('the connection over which nobody has spoken for longest is closed, and opened again when somebody speaks', async () => {
  const { heard, connect } = site()
  const open = openConnections(limits(2))
  const made = (name: string): Device => open(target(name), 'ops', () => connect(name))
  const [one, two, three] = [made('leaf1'), made('leaf2'), made('leaf3')]
  expect(heard).toEqual([])
  await two.look([])
  await one.look([])
  await three.look([])
  await two.look([])
  expect(heard).toEqual(
    linesOf(`
    connect leaf2
    look leaf2
    connect leaf1
    look leaf1
    close leaf2
    connect leaf3
    look leaf3
    close leaf1
    connect leaf2
    look leaf2
  `),
  )
})

test('what is read waits while all are spoken over; what is to happen under a commit timer does not', async () => {
  const silent = new Set(['look leaf1', 'look leaf2'])
  let answer: () => void = () => undefined
  const late = new Promise<void>((resolve) => {
    answer = resolve
  })
  const { heard, open, connect } = site((what) => (silent.has(what) ? late : turn()))
  const all = openConnections(limits(2))
  const made = (name: string): Device => all(target(name), 'ops', () => connect(name))
  const [one, two, three, four] = [made('leaf1'), made('leaf2'), made('leaf3'), made('leaf4')]
  const looks = [one.look([]), two.look([])]
  for (let at = 0; at < 10; at += 1) await turn()
  const third = three.look([])
  const fourth = four.look([])
  expect(await four.confirm('s')).toBe('confirm leaf4')
  expect(heard).not.toContain('look leaf3')
  // What waits for the same switch goes with it.
  expect(await fourth).toBe('look leaf4')
  answer()
  // One that was urgent took one more: those that wait are heard nevertheless.
  expect(await Promise.all([...looks, third])).toEqual(['look leaf1', 'look leaf2', 'look leaf3'])
  expect(open.most).toBe(3)
})

test('one that waits is heard as soon as a connection rests, however many were urgent before', async () => {
  const answers = new Map<string, () => void>()
  const { heard, connect } = site((what) =>
    what.startsWith('look leaf1') || what === 'look leaf2'
      ? new Promise<void>((resolve) => answers.set(what, resolve))
      : turn(),
  )
  const all = openConnections(limits(2))
  const names = ['leaf1', 'leaf2', 'leaf3', 'leaf4', 'leaf5']
  const [one, two, three, four, five] = names.map((name) => all(target(name), 'ops', () => connect(name)))
  void one?.look([])
  void two?.look([])
  while (answers.size < 2) await turn()
  await Promise.all([three?.confirm('s'), five?.confirm('s')])
  const waits = four?.look([])
  for (let at = 0; at < 10; at += 1) await turn()
  expect(heard).not.toContain('look leaf4')
  // leaf2 never answers.
  answers.get('look leaf1')?.()
  expect(await waits).toBe('look leaf4')
})

test('one that cannot be opened takes no place, and is tried again', async () => {
  const { heard, connect } = site()
  const open = openConnections(limits(1))
  let fails = 1
  const refusing = async (): Promise<Device> => {
    fails -= 1
    if (fails >= 0) throw new EosflowError('unreachable', 'leaf1: refused')
    return connect('leaf1')
  }
  const [one, two] = [open(target('leaf1'), 'ops', refusing), open(target('leaf2'), 'ops', () => connect('leaf2'))]
  await expect(one.look([])).rejects.toThrow('leaf1: refused')
  expect(await two.look([])).toBe('look leaf2')
  expect(await one.look([])).toBe('look leaf1')
  expect(heard).toEqual(
    linesOf(`
    connect leaf2
    look leaf2
    close leaf2
    connect leaf1
    look leaf1
  `),
  )
})

test('what has no place when its device is closed is never sent, and closing waits for nobody', async () => {
  const { heard, open, connect } = site((what) => (what === 'look leaf1' ? new Promise(() => undefined) : turn()))
  const all = openConnections(limits(1))
  const made = (name: string): Device => all(target(name), 'ops', () => connect(name))
  const [one, two] = [made('leaf1'), made('leaf2')]
  void one.look([]).catch(() => undefined)
  while (!heard.includes('look leaf1')) await turn()
  const waits = two.stage({ session: 's', mode: 'merge', commands: [] }).catch((error: unknown) => error)
  await two.close()
  expect(await waits).toMatchObject({ kind: 'cancelled', message: 'leaf2: its connection was closed' })
  await expect(two.look([])).rejects.toThrow('leaf2: its connection was closed')
  await one.close()
  await one.close()
  expect([heard, open.now]).toEqual([['connect leaf1', 'look leaf1', 'close leaf1'], 0])
})

test('what is urgent has a limit too, and is heard before all else that waits', async () => {
  const held = new Set<() => void>()
  const { heard, open, connect } = site((what) =>
    what.startsWith('look') ? new Promise<void>((resolve) => held.add(resolve)) : turn(),
  )
  const all = openConnections(limits(2, 4))
  const made = (name: string): Device => all(target(name), 'ops', () => connect(name))
  const looks = ['leaf1', 'leaf2'].map((name) => made(name).look([]))
  while (held.size < 2) await turn()
  const waits = made('leaf3').look([])
  const confirms = Array.from({ length: 50 }, (_, index) => made(`spine${index}`).confirm('s'))
  expect((await Promise.all(confirms)).length).toBe(50)
  expect(open.most).toBe(4)
  expect(heard).not.toContain('look leaf3')
  while (held.size < 3) for (const answer of [...held, await turn()]) answer?.()
  for (const answer of held) answer()
  await Promise.all([...looks, waits])
  expect(heard.at(-1)).toBe('look leaf3')
})

describe('while a change is in force on a switch', () => {
  const armed = async (usual: number, names: readonly string[]) => {
    const { heard, connect } = site()
    const all = openConnections(limits(usual))
    const made = (name: string, user = 'ops'): Device => all(target(name), user, () => connect(name))
    const devices = names.map((name) => made(name))
    for (const device of devices) await device.arm('s', 60)
    return { heard, made, devices, closed: (name: string) => heard.includes(`close ${name}`) }
  }
  const others = async (made: (name: string) => Device, much: number) => {
    for (let at = 0; at < much; at += 1) await made(`spine${at}`).look([])
  }

  test('the connection over which it was last reached is not closed for others, until the change is saved or put back', async () => {
    for (const last of ['save', 'restore', 'abort'] as const) {
      const { made, devices, closed } = await armed(4, ['leaf1', 'leaf2'])
      await others(made, 20)
      expect([closed('leaf1'), closed('leaf2'), closed('spine0')]).toEqual([false, false, true])
      await devices[0]?.[last]('s')
      await others(made, 20)
      expect([closed('leaf1'), closed('leaf2')]).toEqual([true, false])
    }
  })

  test('not a newer login of the same user, until the owner of the older closes that', async () => {
    const { heard, made, devices } = await armed(4, ['leaf1'])
    const closes = () => heard.filter((what) => what === 'close leaf1').length
    for (const user of ['ops', 'reader']) {
      const before = closes()
      await made('leaf1', user).look([])
      await others(made, 20)
      expect([user, closes() - before]).toEqual([user, 1])
    }
    const givenUp = made('leaf1')
    await givenUp.look([])
    await givenUp.close()
    const adopted = made('leaf1')
    await adopted.look([])
    await devices[0]?.close()
    const before = closes()
    await others(made, 20)
    expect(closes() - before).toBe(0)
    await adopted.restore('checkpoint')
    await others(made, 20)
    expect(closes() - before).toBe(1)
  })

  test('also where the answer to the timed commit was lost', async () => {
    const lost = new EosflowError('lost-answer', 'leaf1: no answer')
    const { heard, connect } = site(async (what) => {
      if (what === 'arm leaf1') throw lost
    })
    const all = openConnections(limits(4))
    const made = (name: string): Device => all(target(name), 'ops', () => connect(name))
    await expect(made('leaf1').arm('s', 60)).rejects.toBe(lost)
    await others(made, 20)
    expect(heard.filter((what) => /^close leaf/.test(what))).toEqual([])
  })

  test.each([
    [
      ['leaf1', 'leaf2', 'leaf3'],
      [true, false, false],
    ],
    [
      ['leaf1', 'leaf2', 'leaf1', 'leaf3'],
      [false, true, false],
    ],
  ])('half of the places are for these: of %j the one that began first is let go', async (order, expected) => {
    const { made, devices, closed } = await armed(4, [])
    const own = new Map([...new Set(order)].map((name) => [name, made(name)]))
    for (const name of order) await own.get(name)?.arm('s', 60)
    expect(devices).toEqual([])
    await others(made, 20)
    expect(['leaf1', 'leaf2', 'leaf3'].map(closed)).toEqual(expected)
  })
})

test('400 random sites: everybody is heard, no more are open than may be, and none is left', async () => {
  let [asked, failed, closed] = [0, 0, 0]
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = new SeededRandom(seed)
    const draw = (most: number) => Math.floor(random.fraction() * most)
    const { heard, open, connect } = site(async () => {
      for (let left = draw(4); left > 0; left -= 1) await turn()
    })
    const usual = 1 + draw(5)
    const urgent = usual + draw(4)
    const all = openConnections(limits(usual, urgent))
    const names = Array.from({ length: 2 + draw(12) }, (_, index) => `leaf${index}`)
    const opened = async (name: string): Promise<Device> => {
      if (draw(10) > 0) return connect(name)
      await turn()
      throw new EosflowError('unreachable', name)
    }
    const ask = async (device: Device) => {
      asked += 1
      const asks = [() => device.look([]), () => device.arm('s', 60), () => device.confirm('s'), () => device.save()]
      const answer: Promise<unknown> = asks[draw(4)]?.() ?? Promise.resolve()
      await answer.catch((error: unknown) => {
        if (!(error instanceof EosflowError)) throw error
        failed += 1
      })
      if (draw(3) === 0) await turn()
    }
    const speak = async (name: string) => {
      const device = all(target(name), 'ops', () => opened(name))
      for (let left = draw(5); left > 0; left -= 1) await ask(device)
      await device.close()
    }
    await Promise.all(names.map(speak))
    closed += heard.filter((what) => what.startsWith('close')).length
    expect([seed, open.now, open.most <= urgent]).toEqual([seed, 0, true])
  }
  expect([asked > 4_000, failed > 100, closed > 2_000]).toEqual([true, true, true])
})
