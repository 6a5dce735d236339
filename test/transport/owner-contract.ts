import { describe, expect, test } from 'vitest'
import type { Device } from '../../src/device/device.ts'
import { isOwnerGone } from '../../src/device/owner-proof.ts'
import type { Rig } from './device-contract.ts'

const SESSION = 'eosflow-1a2b3c4d-1'
const OTHER = 'eosflow-1a2b3c4d-2'
const CHECKPOINT = 'eosflow-1a2b3c4d'
const OWN = 'eosflow-1a2b3c4d-own1'
const PUSH = { session: SESSION, mode: 'merge', commands: [{ cmd: 'vlan 20' }], checkpoint: CHECKPOINT } as const

/** Every write that shows its owner session, in an order in which each can be done. */
const WRITES: readonly (readonly [string, (leaf1: Device) => Promise<unknown>])[] = [
  ['stage', (leaf1) => leaf1.stage(PUSH)],
  ['replay', (leaf1) => leaf1.replay(OTHER, CHECKPOINT)],
  ['arm under the lock', (leaf1) => leaf1.arm(SESSION, 600, 'lock')],
  ['confirm', (leaf1) => leaf1.confirm(SESSION)],
  ['save', (leaf1) => leaf1.save()],
  ['restore', (leaf1) => leaf1.restore(CHECKPOINT)],
  ['boot', (leaf1) => leaf1.boot(['boot system flash:/EOS-4.32.swi'])],
  ['removeCheckpoints', (leaf1) => leaf1.removeCheckpoints([CHECKPOINT])],
]

/** What a transport must do that heeds owner sessions: no write passes without the one that it shows, and each does with it. */
export function ownerContract(name: string, start: () => Promise<Rig>): void {
  describe(`an owner session over ${name}`, () => {
    test('each write is done while it is there, and none of it when it is gone', async () => {
      const rig = await start()
      const leaf1 = await rig.connect()
      const shown = async (): Promise<unknown> => {
        const { sessions } = await leaf1.look([])
        const printed = await leaf1.print([
          'show startup-config',
          'show configuration checkpoints',
          'show running-config',
        ])
        return [printed, await leaf1.boot([]), sessions.sessions, rig.counters().commits]
      }
      await leaf1.hold(OWN)
      expect((await leaf1.look([])).sessions.sessions).toEqual({ [OWN]: 'pending' })
      let refusals = 0
      for (const [verb, send] of WRITES) {
        const before = await shown()
        const thrown = await send(leaf1.heldBy('eosflow-1a2b3c4d-own7')).catch((error: unknown) => error)
        expect(thrown, verb).toMatchObject({ kind: 'refused', device: 'leaf1', retryable: false })
        expect(isOwnerGone(thrown, 'eosflow-1a2b3c4d-own7'), verb).toBe(true)
        expect(isOwnerGone(thrown, OWN), verb).toBe(false)
        expect(await shown(), verb).toEqual(before)
        await send(leaf1.heldBy(OWN))
        expect(await shown(), verb).not.toEqual(verb === 'replay' ? undefined : before)
        refusals += 1
      }
      expect(refusals).toBe(8)
      const { sessions } = await leaf1.look([])
      expect(sessions.sessions[OWN]).toBe('pending')
      await leaf1.heldBy('eosflow-1a2b3c4d-own7').abort(OWN)
      expect((await leaf1.look([])).sessions.sessions[OWN]).toBeUndefined()
      await leaf1.close()
      await rig.close()
    })

    test('it takes one of five places, and is refused where there is none', async () => {
      const rig = await start()
      const leaf1 = await rig.connect()
      for (const n of [1, 2, 3, 4, 5]) await leaf1.hold(`eosflow-1a2b3c4d-own${n}`)
      const thrown = await leaf1.hold('eosflow-1a2b3c4d-own6').catch((error: unknown) => error)
      expect(thrown).toMatchObject({ kind: 'refused', device: 'leaf1' })
      expect(String(thrown)).toContain('Maximum number of pending sessions has been reached')
      expect(Object.keys((await leaf1.look([])).sessions.sessions)).toHaveLength(5)
      await leaf1.close()
      await rig.close()
    })

    test('a name that would carry a second word is a defect', async () => {
      const rig = await start()
      const leaf1 = await rig.connect()
      expect(() => leaf1.heldBy('own1 diffs')).toThrow('not the name of a config session')
      await expect(leaf1.hold('own1 commit')).rejects.toMatchObject({ kind: 'bug' })
      await leaf1.close()
      await rig.close()
    })
  })
}

/** What a transport must do that cannot heed one: it says so, and sends nothing. */
export function noOwnerContract(name: string, start: () => Promise<Rig>): void {
  test(`an owner session is refused over ${name}, by name, and nothing is sent`, async () => {
    const rig = await start()
    const leaf1 = await rig.connect()
    const guard = { kind: 'guard', device: 'leaf1', message: `leaf1: the owner session ${OWN} is not heeded over SSH` }
    await expect(leaf1.hold(OWN)).rejects.toMatchObject(guard)
    expect(() => leaf1.heldBy(OWN)).toThrow(expect.objectContaining(guard))
    expect((await leaf1.look([])).sessions.sessions).toEqual({})
    await leaf1.close()
    await rig.close()
  })
}
