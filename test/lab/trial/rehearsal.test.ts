import { describe, expect, test } from 'vitest'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { openStore } from '../../../src/change/record/sqlite/open-store.ts'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import { pointOf } from '../../../src/lab/rehearse/fault-kind.ts'
import { cellsOf, KINDS } from '../../../src/lab/rehearse/matrix.ts'
import { judgeTrial, type TrialCriteria, trueEnd } from '../../../src/lab/rehearse/rehearse.ts'
import { type Controllers, type SwitchContents, type TrialResult, tryOut } from '../../../src/lab/rehearse/trial.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { Life, storeOf } from '../../../src/lab/trial/trial-app.ts'
import type { DeviceEnd } from '../../../src/model/act.ts'
import { asAlice } from '../../change/record/sqlite/open-for-test.ts'
import { linesOf } from '../../table.ts'

const config = (...vlans: readonly string[]) =>
  `hostname sw1\n!\n${vlans.map((vlan) => `vlan ${vlan}\n   name V${vlan}\n!\n`).join('')}end\n`
const reading = (running: string, startup = running): SwitchContents => ({ running, startup, execInConfig: [] })

const before = reading(config('10'))
const after = reading(config('10', '20'))
const EDIT = ['vlan 4094', 'name BY-HAND']
const edited = (text: string) => text.replace('end\n', 'vlan 4094\n   name BY-HAND\n!\nend\n')

describe('where a switch truly is', () => {
  test.each([
    ['as it was', before, 'BEFORE'],
    ['changed and saved', after, 'AFTER'],
    ['as it was, edited by hand', reading(edited(before.running), before.startup), 'BEFORE'],
    ['changed and saved, with the edit', reading(edited(after.running)), 'AFTER'],
    ['changed and saved, the edit not', reading(edited(after.running), after.startup), 'AFTER'],
    ['changed, not saved', reading(after.running, before.startup), 'IN BETWEEN'],
    ['as it was, the change saved', reading(before.running, after.startup), 'IN BETWEEN'],
    ['half of the change', reading(config('10', '20').replace('   name V20\n', '')), 'IN BETWEEN'],
    ['something else', reading(config('10', '30')), 'IN BETWEEN'],
  ] as const)('%s', (_, now, end) => {
    expect(trueEnd(now, { before, after }, EDIT).end).toBe(end)
  })

  test('the same edit is a difference when nobody was to type it', () => {
    expect(trueEnd(reading(edited(before.running), before.startup), { before, after }, [])).toEqual({
      end: 'IN BETWEEN',
      difference: {
        config: 'running-config',
        from: 'BEFORE',
        lines: [
          { sign: '+', text: 'vlan 4094' },
          { sign: '+', text: '   name BY-HAND' },
        ],
      },
    })
  })

  test('the difference is from what is nearest, and without secrets', () => {
    const now = reading(`${after.running}snmp-server community S3cret ro\n`)
    expect(trueEnd(now, { before, after }, [])).toEqual({
      end: 'IN BETWEEN',
      difference: {
        config: 'running-config',
        from: 'AFTER',
        lines: [{ sign: '+', text: 'snmp-server community <redacted> ro' }],
      },
    })
    expect(trueEnd(reading(after.running, before.startup), { before, after }, []).difference).toEqual({
      config: 'startup-config',
      from: 'AFTER',
      lines: [
        { sign: '-', text: 'vlan 20' },
        { sign: '-', text: '   name V20' },
      ],
    })
  })
})

describe('what eosflow says, held against the truth', () => {
  const CRASH = { try: 'crash', record: 7, words: 'ActFinished arm sw1', resumed: 'at once' } as const
  const sides = { before, after }
  const yardstick: TrialCriteria = {
    sides: new Map([
      ['sw1', sides],
      ['sw2', sides],
    ]),
    changed: new Set(['sw1', 'sw2']),
    atomic: 'change',
    edit: [],
  }
  const ended = (outcome: ExecutionState['outcome'], ends: Readonly<Record<string, DeviceEnd>>): ExecutionState => {
    const state = newExecution('x')
    const put = Object.entries(ends).reduce((all, [name, end]) => all.set(name, { end, detail: '' }), state.ends)
    return { ...state, status: 'ended', outcome, targets: Object.keys(ends), ends: put }
  }
  const tried = (
    [one, other]: readonly [SwitchContents, SwitchContents],
    [first, second]: readonly [DeviceEnd, DeviceEnd],
    outcome: ExecutionState['outcome'],
    exit: number,
  ): TrialResult => ({
    state: ended(outcome, { sw1: first, sw2: second }),
    exit,
    events: [],
    seconds: 5,
    switches: new Map([
      ['sw1', one],
      ['sw2', other],
    ]),
  })

  test.each([
    ['both back', tried([before, before], ['reverted', 'reverted'], 'rolled-back', 6), 'BEFORE', []],
    ['both changed', tried([after, after], ['changed', 'changed'], 'succeeded', 0), 'AFTER', []],
    ['one unknown, a person called', tried([before, after], ['unknown', 'changed'], 'unknown', 7), 'UNKNOWN', []],
    [
      'one unknown, nobody called',
      tried([before, before], ['unknown', 'reverted'], 'rolled-back', 6),
      'UNKNOWN',
      ['a switch is unknown, and exit 6 does not say so'],
    ],
    [
      'a lie: said reverted',
      tried([after, after], ['changed', 'reverted'], 'rolled-back', 6),
      'AFTER',
      ['sw2: eosflow says put back, and it is AFTER'],
    ],
    [
      'a lie: said changed',
      tried([before, before], ['changed', 'reverted'], 'rolled-back', 6),
      'BEFORE',
      ['sw1: eosflow says confirmed, and it is BEFORE'],
    ],
    [
      'half of an atomic change',
      tried([after, before], ['changed', 'reverted'], 'rolled-back', 6),
      'IN BETWEEN',
      ['the change is on sw1 and not on sw2'],
    ],
    ['half, as the workflow tolerates', tried([after, before], ['changed', 'reverted'], 'tolerated', 8), 'PART', []],
  ] as const)('%s', (_, trial, end, faults) => {
    const cell = judgeTrial(CRASH, trial, yardstick)
    expect({ end: cell.end, faults: cell.faults }).toEqual({ end, faults })
    expect(cell.ok).toBe(faults.length === 0)
  })

  test('half of a change by switch is a part of it', () => {
    const half = tried([after, before], ['changed', 'reverted'], 'rolled-back', 6)
    expect(judgeTrial(CRASH, half, { ...yardstick, atomic: 'device' })).toMatchObject({ end: 'PART', ok: true })
  })

  test('a switch that was not to change and has changed is named, though eosflow says nothing of it', () => {
    const own = tried([after, reading(config('30'))], ['changed', 'untouched'], 'succeeded', 0)
    const cell = judgeTrial(CRASH, { ...own, state: ended('succeeded', { sw1: 'changed' }) }, yardstick)
    expect(cell).toMatchObject({ end: 'IN BETWEEN', ok: false, switches: [{ name: 'sw1' }, { name: 'sw2' }] })
    expect(cell.switches[1]?.said).toBeUndefined()
    expect(cell.switches[1]?.difference?.lines).toContainEqual({ sign: '+', text: 'vlan 30' })
  })

  test('an exec command that was typed in a config session is bad, wherever it ended', () => {
    const good = tried([before, { ...before, execInConfig: ['do write'] }], ['reverted', 'reverted'], 'rolled-back', 6)
    expect(judgeTrial(CRASH, good, yardstick)).toMatchObject({
      ok: false,
      faults: ['sw2: `do write` was typed in a config session and acted at once'],
    })
  })

  test('what does not end is bad wherever it is', () => {
    const stuck = { ...tried([before, before], ['untouched', 'untouched'], undefined, 12), stuck: 'busy' }
    expect(judgeTrial(CRASH, stuck, yardstick)).toMatchObject({
      end: 'BEFORE',
      ok: false,
      faults: ['it does not end: busy'],
    })
  })
})

describe('a killed controller', () => {
  test('neither writes nor hears nor reads any more, and what it had begun is done', async () => {
    const clock = new VirtualClock()
    const real = await openStore({ path: ':memory:', installKey: 'k'.repeat(32), clock })
    const life = new Life(1, 'x')
    let room = 0
    const requireRoom = () => {
      room += 1
    }
    const store = asAlice(
      storeOf(real, life, { appending: requireRoom, keeping: requireRoom, appended: () => undefined }),
    )
    const heard: string[] = []
    const hear = (what: string) => () => {
      heard.push(what)
    }
    const resumed = { type: 'ExecutionResumed' } as const
    await store.append('x', [resumed])
    const begun = store.append('x', [resumed]).then(hear('begun'))
    life.kill()
    const late = store.append('x', [resumed]).then(hear('late'))
    const read = store.read('x').then(hear('read'))
    for (const asked of [store.head(), store.fence('x', 'sw1')])
      asked.then(hear('asked'), hear('refused')).catch(() => 0)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(heard).toEqual([])
    expect(room).toBe(2)
    expect(await real.read('x')).toHaveLength(2)
    expect([begun, late, read]).toHaveLength(3)
    await real.close()
  })
})

test('a controller that is killed behind a record does not hear that it was written; the next one takes the execution up', async () => {
  const heard: string[] = []
  const fabric = { name: 'none', credentials: { username: 'u', password: 'p' }, devices: [], cabling: [], faults: [] }
  const controllers: Controllers = {
    openStore: (clock) => openStore({ path: ':memory:', installKey: 'k'.repeat(32), clock }),
    run: async ({ store, clock, life }, execution) => {
      heard.push(`${life.number} takes up ${execution}`)
      await asAlice(store).append('x', [{ type: 'ExecutionResumed' }])
      heard.push(`${life.number} has written`)
      await clock.sleep(1000)
      return { ...newExecution('x'), status: 'ended', outcome: 'succeeded' }
    },
    approve: async () => undefined,
    exitOf: () => 0,
  }
  const ground = { fabric, seed: 1, timer: 300, edit: [], controllers, converge }
  const cell = { try: 'crash', record: 1, words: '', resumed: 'after the commit timer' } as const
  const { events, seconds, stuck } = await tryOut(ground, cell)
  expect(heard).toEqual(['1 takes up undefined', '2 takes up x', '2 has written'])
  expect({ events: events.length, seconds, stuck }).toEqual({ events: 2, seconds: 361, stuck: undefined })
})

describe('the points', () => {
  const base = { device: 'sw1', session: 's' } as const
  test.each([
    ['the staging of a plan', { type: 'ActIntended', act: 'stage', ...base }, undefined],
    ['the staging of a push', { type: 'ActIntended', act: 'stage', checkpoint: 'c', ...base }, 'stage'],
    ['a timed commit', { type: 'ActIntended', act: 'arm', seconds: 300, ...base }, 'arm'],
    ['the timer runs', { type: 'ActFinished', act: 'arm', outcome: 'done', ...base }, 'verify'],
    ['nobody knows whether it runs', { type: 'ActFinished', act: 'arm', outcome: 'unknown', ...base }, undefined],
    ['the confirm', { type: 'ActIntended', act: 'confirm', ...base }, 'confirm'],
    ['the save', { type: 'ActIntended', act: 'save', ...base }, 'save'],
    ['an abort', { type: 'ActIntended', act: 'abort', ...base }, undefined],
  ] as const satisfies readonly (readonly [string, EventBody, string | undefined])[])('%s', (_, event, point) => {
    expect(pointOf(event)?.point).toBe(point)
  })
})

describe('the matrix', () => {
  const event = (body: EventBody, seq: number): JournalEvent => ({
    v: 1,
    seq,
    at: '',
    actor: '',
    execution: 'x',
    ...body,
  })
  const base = { device: 'sw1', session: 's' } as const
  const events = [
    { type: 'ExecutionResumed' },
    { type: 'ActIntended', act: 'arm', ...base },
    { type: 'ActFinished', act: 'arm', outcome: 'done', ...base },
    { type: 'ActFinished', act: 'confirm', outcome: 'done', ...base },
    { type: 'ExecutionResumed' },
    { type: 'ExecutionResumed' },
  ].map((body, index) => event(body as EventBody, index + 1))
  const order = ['a', 'b', 'c']

  test('kills behind every record but the last, and late while a commit timer runs', () => {
    const cells = cellsOf(order, events, { only: ['crash'], all: true, seed: 1 })
    expect(cells.map((cell) => (cell.try === 'crash' ? `${cell.record} ${cell.resumed}` : ''))).toEqual(
      linesOf(`
      1 at once
      2 at once
      3 at once
      4 at once
      5 at once
      2 after the commit timer
      3 after the commit timer
      4 after the commit timer
    `),
    )
  })

  test('strikes the first and the last switch, or all', () => {
    const devices = (all: boolean) =>
      cellsOf(order, [], { only: ['no-session-left'], all, seed: 1 }).map((cell) =>
        cell.try === 'fault' ? cell.device : '',
      )
    expect(devices(false)).toEqual(['a', 'c'])
    expect(devices(true)).toEqual(['a', 'b', 'c'])
  })

  test('names every kind once, and leaves out by itself what no protocol helps against', () => {
    expect(new Set(KINDS).size).toBe(KINDS.length)
    expect(KINDS).toHaveLength(20)
    const tried = new Set(
      cellsOf(order, events, { only: [], all: false, seed: 1 }).map((cell) =>
        cell.try === 'fault' ? cell.kind.name : 'crash',
      ),
    )
    expect(KINDS.filter((kind) => !tried.has(kind))).toEqual(['never-back', 'timer-does-not-revert'])
  })
})
