// @module-tag long

import { expect, test } from 'vitest'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { everyNthOfLong, extentOfLong, SEED } from '../extent.ts'
import { CONFIRMED_ONCE, exits, isSaved, type Lab, openLab, workflowFor } from '../lab/lab.ts'

type Place = 'BEFORE' | 'AFTER'

/** A point at which a process dies, as `kill-at.ts` names it, and where the switches are when another has gone on. */
interface Point {
  readonly point: string
  /** Absent: at one of the two places, all at the same. */
  readonly expected?: Place
  /** Seconds until somebody goes on. */
  readonly later?: number
}

interface Row extends Point {
  readonly what: string
  readonly on: string
  readonly switches: readonly string[]
  readonly workflow: string
  readonly faults?: readonly DeviceFault[]
  /** The changes that were made before, each as its workflow. */
  readonly past?: readonly string[]
}

/** Seconds after which a commit timer of the change has run out. */
const LATER = 301
const after = (...points: readonly string[]): readonly Point[] => points.map((point) => ({ point, expected: 'AFTER' }))
const before = (...points: readonly string[]): readonly Point[] =>
  points.map((point) => ({ point, expected: 'BEFORE' }))
const late = (points: readonly Point[]): readonly Point[] => points.map((point) => ({ ...point, later: LATER }))

/** Every point of a change that goes well, and where its switches must end if it goes on at once. */
const FORWARD = [
  ...after('intent-plan', 'before-plan', 'after-plan', 'plan-journalled'),
  ...after('intent-open', 'before-open', 'after-open', 'open-journalled'),
  ...after('intent-replay', 'before-replay', 'after-replay', 'replay-journalled', 'intent-arm'),
  // The intent of the commit is on record and the switch says that it was never sent: it is not sent later. What it has replaced
  // is in its answer alone: until that is on record the change is not adopted.
  ...before('before-arm', 'after-arm'),
  ...after('arm-journalled', 'in-verify'),
  ...after('intent-confirm', 'before-confirm', 'after-confirm', 'confirm-journalled'),
  ...after('before-save', 'after-save', 'save-journalled'),
]
/** Those of them at which the other EOS version, and the second of two switches, are looked at. */
const SHORT = [
  ...after('before-open', 'after-open', 'open-journalled'),
  ...before('before-arm', 'after-arm'),
  ...after('arm-journalled', 'in-verify'),
  ...after('before-confirm', 'after-confirm', 'confirm-journalled', 'before-save', 'after-save', 'save-journalled'),
]
/** Those at which the two versions show their sessions in different forms. */
const UNLIKE = [...before('before-arm', 'after-arm'), ...after('arm-journalled', 'after-confirm', 'before-save')]
/** Those after which the commit timer runs out before anybody goes on. */
const EXPIRED = late([
  ...before('before-arm', 'after-arm', 'arm-journalled', 'in-verify', 'before-confirm'),
  ...after('after-confirm'),
])
const BETWEEN_CONFIRMS = late(before('before-confirm'))
const ABORTING = before('intent-abort', 'before-abort', 'after-abort', 'abort-journalled')
const RESTORING = before('intent-restore', 'before-restore', 'after-restore', 'restore-journalled')
const PRUNING = after('intent-prune', 'before-prune', 'after-prune', 'prune-journalled')
/** Around the two commits and the two confirms of a pair that is changed together. */
const OF_A_PAIR: readonly Point[] = [
  { point: 'intent-arm' },
  ...before('before-arm', 'after-arm'),
  { point: 'arm-journalled' },
  ...after('in-verify', 'intent-confirm', 'before-confirm', 'after-confirm', 'confirm-journalled', 'before-save'),
  // The other one may have been confirmed; this one has put itself back: then the other one is restored.
  ...late(before('after-arm', 'in-verify', 'intent-confirm', 'before-confirm')),
  // This one is confirmed; the other one may have put itself back: then this one is restored.
  ...late([{ point: 'after-confirm' }]),
]

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'
const pastOf = (name: string) =>
  [901, 902].map((vlan) => workflowFor(name, { lines: [`vlan ${vlan}`] }).replace('[998]', `[${vlan}]`))
const rowsOf = (points: readonly Point[], more: Omit<Row, keyof Point>): readonly Row[] =>
  points.map((point) => ({ ...more, ...point }))

const PROFILES = [
  { one: 'leaf1', two: ['leaf1', 'leaf2'], points: FORWARD, second: SHORT },
  { one: 'leaf3', two: ['leaf3', 'leaf4'], points: SHORT, second: UNLIKE },
] as const

const ROWS: readonly Row[] = [
  ...PROFILES.flatMap(({ one, two, points, second: ofSecond }) => {
    const second = two[1]
    const single = { on: one, switches: [one], workflow: workflowFor(one) }
    const both = { on: second, switches: two, workflow: workflowFor(two.join(' or ')) }
    const failing = { ...single, workflow: workflowFor(one, { verify: NEVER_GOOD }) }
    const edit = { device: second, kind: 'hand-edit', on: 'commit', lines: ['vlan 777'] } as const
    return [
      ...rowsOf(points, { what: 'one switch', ...single }),
      ...rowsOf(ofSecond, { what: 'the second of two switches', ...both }),
      ...rowsOf(EXPIRED, { what: 'one switch, and its commit timer runs out', ...single }),
      ...rowsOf(BETWEEN_CONFIRMS, { what: 'the commit timer runs out between the confirms of two switches', ...both }),
      ...rowsOf(ABORTING, { what: 'a rollback under the timer', ...failing }),
      ...rowsOf(RESTORING, {
        what: 'a restore of the first switch because the second cannot be confirmed',
        ...both,
        on: one,
        faults: [edit],
      }),
    ]
  }),
  ...['leaf1', 'leaf2'].flatMap((on) =>
    rowsOf(OF_A_PAIR, {
      what: 'a pair that is changed together',
      on,
      switches: ['leaf1', 'leaf2'],
      workflow: workflowFor('leaf1 or leaf2', { rollout: '{ pairs: together }' }),
    }),
  ),
]

const PRUNES: readonly Row[] = ['leaf1', 'leaf3'].flatMap((one) =>
  rowsOf(PRUNING, { what: '', on: one, switches: [one], workflow: workflowFor(one), past: pastOf(one) }),
)

/** Each point of a deletion on one of both switches, on the other one with the next commit. */
const PRUNED = PRUNES.filter((_, at) => (at + Math.floor(at / PRUNING.length) + SEED) % 2 === 0)

test('123 deaths are in the tables', () => {
  expect([ROWS.length, PRUNES.length]).toEqual([115, 8])
  expect(PRUNED.map(({ point }) => point).toSorted()).toEqual(PRUNING.map(({ point }) => point).toSorted())
})

test.each(everyNthOfLong(8, 'points at which a process dies', ROWS))(
  '[G44] $what: killed at $point on $on, and gone on with',
  ends,
)

test.each(extentOfLong(PRUNED, PRUNES))(
  '[B8] a kill in the middle of the deletion of old checkpoints loses no change: $point on $on',
  ends,
)

test('killed while one of a pair waits for the other one: nothing was committed, and it goes on', async () => {
  const lab = openLab({ workflow: workflowFor('leaf1 or leaf2', { rollout: '{ pairs: together }' }) })
  lab.fault({ device: 'leaf2', kind: 'slow', before: 0.5, command: '^configure checkpoint save' })
  await lab.killIn(() => lab.change(), 'replay-journalled', 'leaf2')
  const acts = (await historyOf(lab)).flatMap((event) =>
    event.type === 'ActFinished' && event.act === 'replay'
      ? [`replay ${event.device}`]
      : 'act' in event && event.act === 'arm'
        ? ['arm']
        : [],
  )
  expect(acts).toEqual(['replay leaf1', 'replay leaf2'])
  await exits(0, goOn(lab))
  expect(endsOf(lab, ['leaf1', 'leaf2'])).toEqual(['AFTER+', 'AFTER+'])
})

test('a process that is killed among the lines of a change leaves a session that is aborted and never committed', async () => {
  const lab = openLab()
  await lab.killIn(() => lab.change(), 'after-open')
  expect(openOn(lab)).toHaveLength(1)
  await exits(0, goOn(lab))
  expect(openOn(lab)).toEqual([])
})

/** With owner sessions there is one more act at the beginning and at the end of each switch, and nothing else is different. */
const OWNERS = "version: 1\nownerSession: true\nproven: { '4.31.4M': { owner: true } }\n"

test.each([
  ['without owner sessions', 'version: 1\n', [] as readonly string[]],
  ['under owner sessions', OWNERS, ['hold', 'release']],
])(
  'killed at every event of a change of two switches, %s: the end is the one without, and no session is left',
  {
    timeout: 300_000,
  },
  async (_, settings, ownActs) => {
    const start = (): Lab => {
      const files = { 'eosflow.yaml': settings }
      return openLab({ targets: 'leaf1 or leaf2', files })
    }
    const whole = start()
    await exits(0, whole.change())
    const records = await historyOf(whole)
    expect(records.length).toBeGreaterThan(60)
    expect(new Set(records.flatMap((one) => ('act' in one && ownActs.includes(one.act) ? [one.act] : [])))).toEqual(
      new Set(ownActs),
    )
    // After the last one nobody is killed any more.
    const events = records.slice(1).map((_one, index) => index + 1)
    for (const event of everyNthOfLong(24, 'events at which a process is killed', events)) {
      const lab = start()
      await lab.killIn(() => lab.change(), `event-${event}`)
      const last = (await historyOf(lab)).at(-1)
      const where = `${event}: ${JSON.stringify(last)}`
      // An intended commit that was never sent is not sent later, with an owner session or without (docs/fault-model.md row 4).
      const isIntendedOnly = last?.type === 'ActIntended' && last.act === 'arm'
      const { code, out, err } = await goOn(lab)
      expect(code, `${where}\n${out}${err}`).toBe(isIntendedOnly ? 6 : 0)
      const place = isIntendedOnly ? 'BEFORE+' : 'AFTER+'
      expect(endsOf(lab, ['leaf1', 'leaf2']), where).toEqual([place, place])
      if (!isIntendedOnly) {
        for (const name of ['leaf1', 'leaf2']) expect(lab.commits(name), where).toEqual(CONFIRMED_ONCE)
        const shown = JSON.parse((await lab.eosflow('show @latest --json')).out)
        expect(shown, where).toMatchObject({ outcome: 'succeeded', devices: [{ end: 'changed' }, { end: 'changed' }] })
      }
      expect(openOn(lab), where).toEqual([])
      expect((await historyOf(lab)).filter(isRefused), where).toEqual([])
      expect(out + err, where).not.toContain('its owner session')
      await expectRest(lab, code, out)
    }
  },
)

/** Lives through a row to its end. */
async function ends({ point, on, switches, workflow, faults = [], past = [], later = 0, expected }: Row) {
  const lab = openLab()
  for (const earlier of past) {
    lab.write('workflow.yaml', earlier)
    await exits(0, lab.change())
  }
  lab.write('workflow.yaml', workflow)
  for (const fault of faults) lab.fault(fault)
  await lab.killIn(() => lab.change(), point, on)
  lab.clearFaults()
  await lab.clock.advance(later * 1000)
  const { code, out, err } = await goOn(lab)
  const place = expected ?? (code === 0 ? 'AFTER' : 'BEFORE')
  expect(code, out + err).toBe(place === 'AFTER' ? 0 : 6)
  expect(endsOf(lab, switches), out + err).toEqual(switches.map(() => `${place}+`))
  // The intent of its commit is on record, and nothing was sent: it is not sent later.
  if (point === 'before-arm') expect(lab.commits(on).timed).toBe(0)
  for (const name of switches) expect(out).toMatch(new RegExp(`^${name}\\s.*?${place}`, 'm'))
  await expectRest(lab, code, out)
}

/** Goes on as somebody who approves what nobody has approved yet. */
const goOn = (lab: Lab) => lab.agreed('resume')

/** That a session is ended which was announced and never opened is rightly refused; whatever else is, is not. */
const isRefused = (one: JournalEvent) =>
  one.type === 'ActFinished' && one.outcome === 'refused' && one.act !== 'release' && one.act !== 'abort'

async function historyOf(lab: Lab): Promise<readonly JournalEvent[]> {
  return JSON.parse((await lab.eosflow('history @latest --json')).out)
}

/** Where each switch is, by its own running-config; `+` if startup-config holds the same. */
const endsOf = (lab: Lab, switches: readonly string[]) =>
  switches.map((name) => `${lab.whereIs(name)}${isSaved(lab.device(name)) ? '+' : ''}`)

const openOn = (lab: Lab) =>
  lab.fabric.devices.flatMap((one) =>
    one.switch.sessions
      .all()
      .flatMap(({ name, state }) => (state === 'pending' || state === 'armed' ? [`${one.name} ${name}`] : [])),
  )

/** Goes on a second time: the same end, and nothing is sent. */
async function expectRest(lab: Lab, code: number, out: string) {
  const sent = () => lab.fabric.devices.reduce((sum, one) => sum + one.counters().requests, 0)
  const before = sent()
  const again = await lab.eosflow('resume', ...(/^Execution (\S+):/m.exec(out)?.slice(1) ?? []))
  expect([again.code, sent() - before]).toEqual([code, 0])
}
