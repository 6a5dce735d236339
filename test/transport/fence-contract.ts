import { describe, expect, test } from 'vitest'
import type { Device } from '../../src/device/device.ts'
import { EosflowError } from '../../src/model/error.ts'
import { type AskFence, fenceOf } from '../../src/model/fence.ts'
import type { Rig } from './device-contract.ts'

const SESSION = 'eosflow-1a2b3c4d-1'
const OTHER = 'eosflow-1a2b3c4d-2'
const CHECKPOINT = 'eosflow-1a2b3c4d'
const PUSH = { session: SESSION, mode: 'merge', commands: [{ cmd: 'vlan 20' }], checkpoint: CHECKPOINT } as const

/** Every write, in an order in which each can be done. */
const WRITES: readonly (readonly [string, (leaf1: Device) => Promise<unknown>])[] = [
  ['stage for a plan', (leaf1) => leaf1.stage({ session: OTHER, mode: 'merge', commands: [{ cmd: 'vlan 20' }] })],
  ['stage', (leaf1) => leaf1.stage(PUSH)],
  ['replay', (leaf1) => leaf1.replay(OTHER, CHECKPOINT)],
  ['arm', (leaf1) => leaf1.arm(SESSION, 600)],
  ['confirm', (leaf1) => leaf1.confirm(SESSION)],
  ['save', (leaf1) => leaf1.save()],
  ['restore', (leaf1) => leaf1.restore(CHECKPOINT)],
  ['boot', (leaf1) => leaf1.boot(['boot system flash:/EOS-4.32.swi'])],
  ['removeCheckpoints', (leaf1) => leaf1.removeCheckpoints([CHECKPOINT])],
  [
    'exchange',
    (leaf1) => leaf1.exchange({ commands: [{ cmd: 'configure session x' }], format: 'text', refusals: 'stop' }),
  ],
]

/** Every verb that needs no fence: reads, and the end of a session that only its execution has made. */
const READS: readonly (readonly [string, (leaf1: Device) => Promise<unknown>])[] = [
  ['look', (leaf1) => leaf1.look([{ cmd: 'show vlan' }])],
  ['print', (leaf1) => leaf1.print(['show version'])],
  ['readConfig', (leaf1) => leaf1.readConfig()],
  ['boot that reads', (leaf1) => leaf1.boot([])],
  ['abort', (leaf1) => leaf1.abort('eosflow-1a2b3c4d-9')],
]

/** Fences whose ages are given in milliseconds, one after the other; the last one again and again. `lost`: somebody else has the switch. */
function fences(...ages: readonly (number | 'lost')[]): { readonly ask: AskFence; readonly asked: () => number } {
  let asked = 0
  return {
    asked: () => asked,
    ask: async () => {
      const age = ages[Math.min(asked, ages.length - 1)] ?? 0
      asked += 1
      if (age === 'lost') throw new EosflowError('busy', 'leaf1 was taken over', { device: 'leaf1' })
      return fenceOf('leaf1', 0, () => age)
    },
  }
}

/** A fence of a process that stands still for 20 s when it has found it fresh: twice as long as nobody else takes over. */
function standing(): AskFence {
  let judged = 0
  const age = (): number => {
    judged += 1
    return judged === 1 ? 0 : 20_000
  }
  return async () => {
    if (judged > 0) throw new EosflowError('busy', 'leaf1 was taken over', { device: 'leaf1' })
    return fenceOf('leaf1', 0, age, { term: 10_000 })
  }
}

/** What every transport must do with the fence of a write: nothing leaves without one, or under one that is too old. */
export function fenceContract(name: string, start: () => Promise<Rig>): void {
  describe(`the fence of a write over ${name}`, () => {
    test('each write is refused when the switch was taken over, or the fence is too old twice, and done when it is asked once more', async () => {
      const rig = await start()
      const watch = await rig.connect()
      const shown = async (): Promise<unknown> => {
        const { sessions } = await watch.look([])
        return [await watch.readConfig(), await watch.boot([]), sessions.sessions, rig.counters().commits]
      }
      let refusals = 0
      for (const [verb, send] of WRITES) {
        const before = await shown()
        const refuse = async (...ages: readonly (number | 'lost')[]): Promise<string> => {
          const { ask } = fences(...ages)
          const leaf1 = await rig.connect(undefined, ask)
          const thrown = await send(leaf1).catch((error: unknown) => error)
          await leaf1.close()
          expect(thrown, `${verb} ${ages}`).toMatchObject({ kind: 'busy', device: 'leaf1' })
          expect(await shown(), `${verb} ${ages}`).toEqual(before)
          refusals += 1
          return (thrown as EosflowError).message
        }
        expect(await refuse('lost')).toBe('leaf1 was taken over')
        expect(await refuse(4000, 'lost')).toBe('leaf1 was taken over')
        if (verb !== 'confirm')
          expect(await refuse(4000, 3001)).toBe('leaf1: this process was held up for 3 s: nothing was sent')
        const { ask, asked } = fences(...(verb === 'confirm' ? [4000, 3001] : [4000, 3000]))
        const leaf1 = await rig.connect(undefined, ask)
        await send(leaf1)
        await leaf1.close()
        expect(asked(), verb).toBeGreaterThanOrEqual(2)
        if (verb === 'confirm') expect(rig.counters().commits.confirms).toBe(1)
      }
      expect(refusals).toBe(29)
      await watch.close()
      await rig.close()
    })

    test('a confirm is not sent by who stood still between its fence and its bytes, and was taken over', async () => {
      const rig = await start()
      const watch = await rig.connect()
      await watch.stage(PUSH)
      await watch.arm(SESSION, 600)
      const leaf1 = await rig.connect(undefined, standing())
      await expect(leaf1.confirm(SESSION)).rejects.toMatchObject({ kind: 'busy', message: 'leaf1 was taken over' })
      expect(rig.counters().commits.confirms).toBe(0)
      await leaf1.close()
      await watch.close()
      await rig.close()
    })

    test('what only reads asks for none', async () => {
      const rig = await start()
      const { ask, asked } = fences('lost')
      const leaf1 = await rig.connect(undefined, ask)
      for (const [verb, send] of READS) {
        const thrown = await send(leaf1).catch((error: unknown) => error)
        if (thrown instanceof EosflowError) expect(thrown.kind, verb).toBe('refused')
      }
      expect(asked()).toBe(0)
      await leaf1.close()
      await rig.close()
    })
  })
}
