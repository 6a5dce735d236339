import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Device, rawText } from '../../../src/eos/device/device.ts'
import { isOwnerGone } from '../../../src/eos/device/owner-proof.ts'
import type { Fault } from '../../../src/eos/sim/fault/fault.ts'
import type { Counters } from '../../../src/eos/sim/switch/counters.ts'
import { EosflowError, type ErrorKind } from '../../../src/model/error.ts'
import { type AskFence, fenceOf } from '../../../src/model/fence.ts'

/** A simulated switch and a way to it: what a transport brings to be held to the contract. */
export interface Rig {
  /** Opens a new connection; with another password, or under a fence, where one is given. */
  connect(password?: string, fence?: AskFence): Promise<Device>
  fault(fault: Fault): Promise<void>
  /** Moves the switch's clock. */
  advance(seconds: number): Promise<void>
  counters(): Counters
  close(): Promise<void>
}

/** The configuration that every rig's switch boots with, saved. */
export const BOOT = `! Command: show running-config
! device: leaf1 (vEOS-lab, EOS-4.31.2F)
!
hostname leaf1
!
username eosflow privilege 15 role network-admin nopassword
!
vlan 10
   name BLUE
!
interface Ethernet1
   description to spine1
   switchport access vlan 10
!
interface Ethernet2
!
interface Management1
   ip address 192.0.2.11/24
!
ip route 0.0.0.0/0 192.0.2.1
!
management api http-commands
   no shutdown
!
end
`

const SESSION = 'eosflow-1a2b3c4d-1'
const CHECKPOINT = 'eosflow-1a2b3c4d'
const ADD_VLAN = [{ cmd: 'vlan 20' }, { cmd: 'name RED' }]
const PUSH = { session: SESSION, mode: 'merge', commands: ADD_VLAN, checkpoint: CHECKPOINT } as const
const PLAN = { session: SESSION, mode: 'merge', commands: ADD_VLAN } as const

/** A configuration as commands: what EOS writes around them (`!`, dates) left out. */
const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('!'))

async function refusedWith(act: Promise<unknown>, kind: ErrorKind) {
  const thrown = await act.catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(EosflowError)
  expect(thrown).toMatchObject({ kind, device: 'leaf1' })
  return thrown as EosflowError
}

/** What every transport must do with a switch, whatever carries its words: reads, the safe change, and every way it can end. */
export function deviceContract(name: string, start: () => Promise<Rig>) {
  describe(`a device over ${name}`, () => {
    let rig: Rig
    let leaf1: Device
    let before: readonly string[]
    beforeEach(async () => {
      rig = await start()
      leaf1 = await rig.connect()
      before = lines((await leaf1.readConfig()).running)
      expect(before).toContain('hostname leaf1')
    })
    afterEach(async () => {
      await leaf1.close()
      await rig.close()
    })

    const running = async () => lines((await leaf1.readConfig()).running)

    test('prints show commands, each with its text or the words of its refusal', async () => {
      const printed = await leaf1.print(['show hostname', 'show nonsense', 'show vlan', 'show nonsense'])
      expect(printed.map(({ ok }) => ok)).toEqual([true, false, true, false])
      expect(printed[0]).toEqual({ ok: true, text: expect.stringMatching(/^Hostname: +leaf1\n/) })
      expect(printed[1]).toEqual({ ok: false, error: expect.stringContaining('Invalid input') })
      expect(printed[2]).toEqual({ ok: true, text: expect.stringMatching(/^VLAN +Name +Status[\s\S]*\n10 +BLUE /) })
      expect(await leaf1.print([])).toEqual([])
    })
    const sessions = async () => (await leaf1.look([])).sessions

    test('a look tells who it is, its sessions, and an answer to each command', async () => {
      const look = await leaf1.look([{ cmd: 'show vlan' }, { cmd: 'show nonsense' }, { cmd: 'show hostname' }])
      expect(look.identity.serial).toMatch(/\S/)
      expect(look.identity.systemMac).toMatch(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/)
      expect(look.identity.eos).toMatch(/^4\.\d+\.\d+[A-Z]$/)
      expect(Number.isSafeInteger(look.uptime)).toBe(true)
      expect(look.sessions).toMatchObject({ sessions: {}, mergeOnCommit: false })
      expect(look.sessions.armed).toBeUndefined()
      expect(look.replies).toMatchObject([
        { ok: true, json: { vlans: { '10': { name: 'BLUE' } } } },
        { ok: false },
        { ok: true, json: { hostname: 'leaf1' } },
      ])
      const mixed = await leaf1.look([
        { cmd: 'show hostname', format: 'text' },
        { cmd: 'show nonsense', format: 'text' },
        { cmd: 'show hostname' },
      ])
      expect(mixed.replies).toEqual([
        { ok: true, json: expect.stringMatching(/^Hostname: +leaf1\n/) },
        { ok: false, error: expect.stringContaining('Invalid input') },
        { ok: true, json: expect.objectContaining({ hostname: 'leaf1' }) },
      ])
      await rig.advance(60)
      expect((await leaf1.look([])).uptime - look.uptime).toBe(60)
    })

    test('the configuration is read whole, and is saved', async () => {
      const { running: text, startupDiff } = await leaf1.readConfig()
      expect(lines(text)).toEqual(lines(BOOT))
      expect(startupDiff).toBe('')
    })

    test('a push shows startup-config, a plan does not', async () => {
      expect(lines((await leaf1.stage(PUSH)).startup ?? '')).toEqual(lines(BOOT))
      await leaf1.abort(SESSION)
      expect((await leaf1.stage(PLAN)).startup).toBeUndefined()
    })

    test('a startup-config that the switch does not show stops nothing', async () => {
      const command = '^show (?:running-config diffs|startup-config)$'
      const refuse = () => rig.fault({ kind: 'refuse-command', command, code: 1000, errors: ['No such file'] })
      await refuse()
      expect(await leaf1.readConfig()).toEqual({ running: expect.stringMatching(/^vlan 10$/m), startupDiff: undefined })
      await refuse()
      await refuse()
      const staged = await leaf1.stage(PUSH)
      expect(lines(staged.candidate)).toContain('vlan 20')
      expect([staged.startupDiff, staged.startup]).toEqual([undefined, undefined])
      await leaf1.arm(SESSION, 600)
      await leaf1.confirm(SESSION)
      await refuse()
      expect((await leaf1.save()).startupDiff).toBeUndefined()
    })

    test('a plan shows the change and leaves nothing behind', async () => {
      const staged = await leaf1.stage(PLAN)
      expect(lines(staged.running)).toEqual(before)
      expect(lines(staged.candidate)).toEqual(expect.arrayContaining(['vlan 20', '   name RED', 'vlan 10']))
      expect(staged.diff).toMatch(/^\+vlan 20$/m)
      expect((await sessions()).sessions[SESSION] ?? 'aborted').toBe('aborted')
      expect(await running()).toEqual(before)
      expect(rig.counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
    })

    test('a plan of nothing shows no diff', async () => {
      expect((await leaf1.stage({ ...PLAN, commands: [{ cmd: 'hostname leaf1' }] })).diff).toBe('')
    })

    test('a plan of a replace shows the whole configuration that would be', async () => {
      const kept = lines(BOOT).filter((line) => !/^vlan|^ {3}name|switchport/.test(line))
      const commands = [...kept.filter((line) => line !== 'end').map((cmd) => ({ cmd: cmd.trim() })), ...ADD_VLAN]
      const { candidate, diff } = await leaf1.stage({ session: SESSION, mode: 'replace', commands })
      expect(lines(candidate)).toContain('vlan 20')
      expect(lines(candidate)).not.toContain('vlan 10')
      expect(diff).toMatch(/^-vlan 10$/m)
      expect(await running()).toEqual(before)
    })

    test('a refused line is named; its session stays until it is aborted', async () => {
      const words = 'VLAN name RED is already in use by VLAN 10'
      await rig.fault({ kind: 'refuse-line', line: 2, message: words, code: 1000 })
      const error = await refusedWith(leaf1.stage(PUSH), 'refused')
      expect(error.message).toBe(`leaf1 refused line 2 of the change, 'name RED': ${words}`)
      expect(error.command).toBe('name RED')
      expect((await sessions()).sessions[SESSION]).toBe('pending')
      await leaf1.abort(SESSION)
      expect((await sessions()).sessions[SESSION] ?? 'aborted').toBe('aborted')
      expect(await running()).toEqual(before)
    })

    test('a change is armed, confirmed and saved, each seen on the switch', async () => {
      await leaf1.stage(PUSH)
      expect((await sessions()).sessions[SESSION]).toBe('pending')
      await leaf1.arm(SESSION, 600)
      await rig.advance(10)
      const armed = await sessions()
      expect(armed.sessions[SESSION]).toBe('armed')
      expect(armed.armed?.session).toBe(SESSION)
      expect(armed.armed?.secondsLeft).toBeGreaterThanOrEqual(589)
      expect(armed.armed?.secondsLeft).toBeLessThanOrEqual(590)
      const changed = await leaf1.readConfig()
      expect(lines(changed.running)).toContain('vlan 20')
      expect(changed.startupDiff).toMatch(/^\+vlan 20$/m)
      const confirmed = await leaf1.confirm(SESSION)
      expect(confirmed.armed).toBeUndefined()
      expect(confirmed.sessions[SESSION]).toBe('completed')
      await rig.advance(601)
      expect(await leaf1.save()).toEqual({ running: expect.stringMatching(/^vlan 20$/m), startupDiff: '' })
      expect(rig.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
    })

    test('a change of the host name is armed, confirmed, saved and undone like any other', async () => {
      await leaf1.stage({ ...PUSH, commands: [{ cmd: 'hostname spine-9' }] })
      await leaf1.arm(SESSION, 600)
      expect(await running()).toContain('hostname spine-9')
      expect((await leaf1.look([{ cmd: 'show hostname' }])).replies).toMatchObject([{ json: { hostname: 'spine-9' } }])
      expect((await leaf1.confirm(SESSION)).armed).toBeUndefined()
      expect((await leaf1.save()).startupDiff).toBe('')
      await leaf1.restore(CHECKPOINT)
      expect(await running()).toEqual(before)
    })

    test('arm, abort and restore give running-config as it was right before, with a line typed behind every other reading', async () => {
      const typed = (vlan: number, command: string) =>
        rig.fault({ kind: 'hand-edit', lines: [`vlan ${vlan}`], command })
      await leaf1.stage(PUSH)
      await leaf1.arm(SESSION, 600)
      await leaf1.readConfig()
      await typed(71, '^show running-config$')
      expect(lines(await leaf1.abort(SESSION))).toEqual(expect.arrayContaining(['vlan 20', 'vlan 71']))
      expect(await running()).toEqual(before)
      const second = { ...PUSH, session: 'eosflow-1a2b3c4d-2' }
      await leaf1.stage(second)
      await typed(72, '^show running-config$')
      expect(lines(await leaf1.arm(second.session, 600))).toContain('vlan 72')
      await leaf1.confirm(second.session)
      await typed(73, '^show running-config$')
      expect(lines(await leaf1.restore(CHECKPOINT))).toEqual(expect.arrayContaining(['vlan 20', 'vlan 73']))
      expect(await running()).toEqual(before)
    })

    test('an armed change that is aborted is undone at once', async () => {
      await leaf1.stage(PUSH)
      await leaf1.arm(SESSION, 600)
      await leaf1.abort(SESSION)
      expect((await sessions()).armed).toBeUndefined()
      expect(await running()).toEqual(before)
    })

    test('an armed change that nobody confirms undoes itself', async () => {
      await leaf1.stage(PUSH)
      await leaf1.arm(SESSION, 60)
      expect(await running()).toContain('vlan 20')
      await rig.advance(61)
      expect((await sessions()).armed).toBeUndefined()
      expect(await running()).toEqual(before)
      expect(rig.counters().expiries).toBe(1)
    })

    test.each([
      [true, 'armed'],
      [false, 'pending'],
    ] as const)('a lost answer is unknown until the switch is asked (carried out: %s)', async (applied, state) => {
      await leaf1.stage(PUSH)
      await rig.fault({ kind: 'lost-answer', command: 'commit timer', applied })
      expect((await refusedWith(leaf1.arm(SESSION, 600), 'lost-answer')).retryable).toBe(false)
      await leaf1.close()
      leaf1 = await rig.connect()
      expect((await sessions()).sessions[SESSION]).toBe(state)
    })

    test('a commit that the switch refuses is refused', async () => {
      await leaf1.stage(PUSH)
      await rig.fault({ kind: 'refuse-commit', message: 'Cannot commit session' })
      const error = await refusedWith(leaf1.arm(SESSION, 600), 'refused')
      expect(error.message).toContain('Cannot commit session')
      expect(error.command).toBe(`configure session ${SESSION} commit timer 00:10:00`)
    })

    test('a checkpoint is replayed in its own session, which is gone; a line that is not taken is named', async () => {
      const { checkpoints } = await leaf1.stage(PUSH)
      expect(checkpoints).toEqual([CHECKPOINT])
      expect(await leaf1.replay('eosflow-1a2b3c4d-2', CHECKPOINT)).toEqual({ replays: 'yes' })
      expect(Object.keys((await sessions()).sessions)).toEqual([SESSION])
      await rig.fault({ kind: 'replay-fails', command: '^description to spine1$' })
      const replay = await leaf1.replay('eosflow-1a2b3c4d-3', CHECKPOINT)
      expect(replay).toMatchObject({
        replays: 'no',
        lines: expect.arrayContaining([
          '> description to spine1',
          expect.stringMatching(/^% Invalid input at line \d+$/),
        ]),
      })
      expect(replay.replays === 'no' && replay.lines.some((line) => /^-\s+description to spine1$/.test(line))).toBe(
        true,
      )
      expect(Object.keys((await sessions()).sessions)).toEqual([SESSION])
      expect(await running()).toEqual(before)
      await leaf1.abort(SESSION)
    })

    test('checkpoints are deleted by name, and one that is not there is refused', async () => {
      await leaf1.stage(PUSH)
      await leaf1.removeCheckpoints([CHECKPOINT])
      const { checkpoints } = await leaf1.stage({ ...PLAN, session: 'eosflow-1a2b3c4d-2' })
      expect(checkpoints).toEqual([])
      await refusedWith(leaf1.removeCheckpoints([CHECKPOINT]), 'refused')
      await leaf1.abort(SESSION)
    })

    test('commands are exchanged as they are: a refusal is part of the answer, and what is behind it goes on or not', async () => {
      const commands = ['show clock', 'eosflowkit', 'show version'].map((cmd) => ({ cmd }))
      const stopped = await leaf1.exchange({ commands, format: 'text', refusals: 'stop' })
      expect(stopped.outcomes.map(({ ok }) => ok)).toEqual([true, false])
      const whole = await leaf1.exchange({ commands, format: 'text', refusals: 'go-on' })
      expect(whole.outcomes.map(({ ok }) => ok)).toEqual([true, false, true])
      expect(whole.outcomes[1]).toMatchObject({ errors: [expect.stringMatching(/^Invalid input/)] })
      expect(rawText(whole.outcomes[2])).toContain('vEOS-lab')
      expect([whole.request.includes('eosflowkit'), whole.answer.includes('vEOS-lab')]).toEqual([true, true])
      const model = await leaf1.exchange({ commands: [{ cmd: 'show version' }], format: 'json', refusals: 'stop' })
      expect(model.outcomes).toMatchObject([{ ok: true, result: { modelName: 'vEOS-lab' } }])
      expect(await running()).toEqual(before)
    })

    test('an exchange that ends in a config session leaves it, and the session stays', async () => {
      const commands = [`configure session ${SESSION}`, 'vlan 20'].map((cmd) => ({ cmd }))
      const { outcomes, prompts } = await leaf1.exchange({ commands, format: 'text', refusals: 'stop' })
      expect(outcomes).toEqual([
        { ok: true, result: { output: '' } },
        { ok: true, result: { output: '' } },
      ])
      if (prompts !== undefined)
        expect(prompts).toEqual(['leaf1(config-s-eosflow-1a)#', 'leaf1(config-s-eosflow-1a-vlan-20)#'])
      expect((await sessions()).sessions).toEqual({ [SESSION]: 'pending' })
      await leaf1.abort(SESSION)
    })

    test('a confirmed change is undone by its checkpoint', async () => {
      await leaf1.stage(PUSH)
      await leaf1.arm(SESSION, 600)
      await leaf1.confirm(SESSION)
      expect(await running()).toContain('vlan 20')
      await leaf1.restore(CHECKPOINT)
      expect(await running()).toEqual(before)
    })

    test('boot lines act at once, outside any session, and are read back', async () => {
      expect(await leaf1.boot([])).toContain('Software image: flash:/EOS.swi\n')
      const printed = await leaf1.boot(['boot system flash:/EOS-4.32.swi'])
      expect(printed).toContain('Software image: flash:/EOS-4.32.swi\n')
      expect((await sessions()).sessions).toEqual({})
      expect(await running()).toEqual(before)
      await refusedWith(leaf1.boot(['frobnicate the image']), 'refused')
      expect(await running()).toEqual(before)
    })

    test('a closed device is used no more, and a new one is another connection', async () => {
      await leaf1.close()
      await refusedWith(leaf1.readConfig(), 'bug')
      leaf1 = await rig.connect()
      expect(await running()).toEqual(before)
    })

    test('wrong credentials change nothing', async () => {
      const stranger = await rig.connect('wrong')
      await refusedWith(stranger.stage(PUSH), 'unauthenticated')
      await stranger.close()
      expect((await sessions()).sessions).toEqual({})
    })

    test('a switch that cannot be reached may be tried again', async () => {
      await rig.fault({ kind: 'unreachable', for: 30 })
      await leaf1.close()
      leaf1 = await rig.connect()
      expect((await refusedWith(leaf1.readConfig(), 'unreachable')).retryable).toBe(true)
      await rig.advance(31)
      expect(await running()).toEqual(before)
    })

    test('a sixth session is refused in the words of the switch', async () => {
      await rig.fault({ kind: 'session-limit' })
      const error = await refusedWith(leaf1.stage(PUSH), 'refused')
      expect(error.command).toBe(`configure session ${SESSION}`)
      expect(error.message).toContain('Maximum number of pending sessions')
    })
  })
}

const OTHER = 'eosflow-1a2b3c4d-2'

/** Every write, in an order in which each can be done. */
const WRITES: readonly (readonly [string, (leaf1: Device) => Promise<unknown>])[] = [
  ['stage for a plan', (leaf1) => leaf1.stage({ ...PLAN, session: OTHER })],
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
function fences(...ages: readonly (number | 'lost')[]) {
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
function standing() {
  let judged = 0
  const age = () => {
    judged += 1
    return judged === 1 ? 0 : 20_000
  }
  return async () => {
    if (judged > 0) throw new EosflowError('busy', 'leaf1 was taken over', { device: 'leaf1' })
    return fenceOf('leaf1', 0, age, { term: 10_000 })
  }
}

/** What every transport must do with the fence of a write: nothing leaves without one, or under one that is too old. */
export function fenceContract(name: string, start: () => Promise<Rig>) {
  describe(`the fence of a write over ${name}`, () => {
    test('each write is refused when the switch was taken over, or the fence is too old twice, and done when it is asked once more', async () => {
      const rig = await start()
      const watch = await rig.connect()
      const shown = async () => {
        const { sessions } = await watch.look([])
        return [await watch.readConfig(), await watch.boot([]), sessions.sessions, rig.counters().commits]
      }
      let refusals = 0
      for (const [verb, send] of WRITES) {
        const before = await shown()
        const refuse = async (...ages: readonly (number | 'lost')[]) => {
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
      await expect(leaf1.confirm(SESSION)).rejects.toMatchObject({
        kind: 'busy',
        message: 'leaf1 was taken over',
      })
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

const OWN = 'eosflow-1a2b3c4d-own1'

/** Every write that shows its owner session, in an order in which each can be done. */
const OWNER_WRITES: readonly (readonly [string, (leaf1: Device) => Promise<unknown>])[] = [
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
export function ownerContract(name: string, start: () => Promise<Rig>) {
  describe(`an owner session over ${name}`, () => {
    test('each write is done while it is there, and none of it when it is gone', async () => {
      const rig = await start()
      const leaf1 = await rig.connect()
      const shown = async () => {
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
      for (const [verb, send] of OWNER_WRITES) {
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
export function noOwnerContract(name: string, start: () => Promise<Rig>) {
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
