import { describe, expect, test } from 'vitest'
import { pairMeetings } from '../../../src/change/engine/before-push.ts'
import type { KeptPlan } from '../../../src/change/engine/change.ts'
import type { Ledger } from '../../../src/change/engine/ledger.ts'
import type { PairPoint } from '../../../src/change/task/act/context.ts'
import { type DeviceHistory, UNTOUCHED } from '../../../src/eos/device/history.ts'

type Switches = Readonly<Record<string, Partial<DeviceHistory>>>

/** An execution in which leaf1 and leaf2 go together, and leaf3 and leaf4 apart. */
function meetingOf(switches: Switches = {}, gone: readonly string[] = []) {
  const devices = new Map(Object.entries(switches).map(([name, given]) => [name, { ...UNTOUCHED, ...given }]))
  const state = { devices, ends: new Map(), failed: new Set(gone), kept: new Set(), leftOut: new Map() }
  const pairs = [
    { switches: ['leaf1', 'leaf2'], as: 'together', because: '' },
    { switches: ['leaf3', 'leaf4'], as: 'apart', because: '' },
  ]
  const kept = { get: async () => ({ content: { pairs } }) }
  return pairMeetings({ state } as unknown as Ledger, kept as unknown as KeptPlan)
}

/** Enough turns for everything that waits for nothing. */
const turns = async () => new Promise((resolve) => setImmediate(resolve))

const { signal } = new AbortController()

describe.each<PairPoint>(['arm', 'confirm'])('before the %s', (point) => {
  const armed: Switches =
    point === 'arm' ? {} : { leaf1: { phase: 'armed', reached: 'arm' }, leaf2: { phase: 'armed', reached: 'arm' } }

  test.each([
    ['leaf1', 'leaf2'],
    ['leaf2', 'leaf1'],
  ])('%s waits until %s is there', async (first, second) => {
    const meet = meetingOf(armed)
    const came: string[] = []
    const waits = meet(first, point, signal).then((has) => came.push(`${first} ${has}`))
    await turns()
    expect(came).toEqual([])
    expect(await meet(second, point, signal)).toBe(true)
    await waits
    expect(came).toEqual([`${first} true`])
  })

  test('one that goes apart, or that no pair names, waits for nobody', async () => {
    const meet = meetingOf(armed)
    expect(await meet('leaf3', point, signal)).toBe(false)
    expect(await meet('spine1', point, signal)).toBe(false)
  })

  test('nobody waits for one that changes no more', async () => {
    expect(await meetingOf(armed, ['leaf2'])('leaf1', point, signal)).toBe(true)
  })

  test('whoever waits goes when the execution stops, and is waited for no more', async () => {
    const stopped = new AbortController()
    const meet = meetingOf(armed)
    const waits = meet('leaf1', point, stopped.signal)
    await turns()
    stopped.abort()
    await expect(waits).rejects.toMatchObject({ kind: 'cancelled', device: 'leaf1' })
    await expect(meet('leaf1', point, stopped.signal)).rejects.toMatchObject({ kind: 'cancelled' })
    let isThere = false
    const other = meet('leaf2', point, signal).then(() => {
      isThere = true
    })
    await turns()
    expect(isThere).toBe(false)
    await meet('leaf1', point, signal)
    await other
  })
})

const PAST: readonly (readonly [point: PairPoint, given: Partial<DeviceHistory>, isPast: boolean])[] = [
  ['arm', { phase: 'staged', reached: 'stage' }, false],
  ['arm', { phase: 'arming', reached: 'arm' }, true],
  ['arm', { phase: 'armed', reached: 'arm' }, true],
  ['confirm', { phase: 'armed', reached: 'arm' }, false],
  ['confirm', { phase: 'confirming', reached: 'confirm' }, true],
  ['confirm', { phase: 'confirmed', reached: 'confirm' }, true],
  ['confirm', { phase: 'saved', reached: 'save' }, true],
]

test.each(PAST)(
  'behind a crash, before the %s, the other one is %o: it is past that point: %s',
  async (point, leaf2, isPast) => {
    let isThere = false
    const stopped = new AbortController()
    const waits = meetingOf({ leaf2 })('leaf1', point, stopped.signal).then(
      () => {
        isThere = true
      },
      () => undefined,
    )
    await turns()
    expect(isThere).toBe(isPast)
    stopped.abort()
    await waits
  },
)
