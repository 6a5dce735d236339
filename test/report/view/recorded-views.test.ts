import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { type ExecutionView, executionViewSchema } from '../../../src/report/view/execution-view.ts'
import { executionViewOf } from '../../../src/report/view/view-of.ts'
import type { Decision, ViewContext } from '../../../src/report/view/view-state.ts'
import { exits, type LabOptions } from '../../lab/lab.ts'
import { FOUR_LEAVES, type RecordingLab, recordingLab } from './recorded.ts'

const TERMS: Omit<ViewContext, 'now'> = { isRunning: true, terms: () => ({ within: 180, stableFor: 30 }) }
const RUN = ['run', 'workflow.yaml', '-p', 'vlan=998', '-p', 'name=TESTED'] as const

/** Digests depend on the keys of the lab, which are drawn by its machine. */
function told(view: ExecutionView) {
  executionViewSchema.parse(view)
  const short = view.plan?.digest.slice('sha256:'.length, 'sha256:'.length + 8) ?? 'no plan'
  return `${JSON.stringify(view, null, 1)}\n`
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:PLAN')
    .replaceAll(short, 'PLANPLAN')
}

const last = (events: readonly JournalEvent[]): JournalEvent => {
  const event = events.at(-1)
  if (event === undefined) throw new RangeError('nothing on record')
  return event
}

/** The view of the first records up to one, so many seconds behind it. */
function viewAt(
  { events }: Pick<RecordingLab, 'events'>,
  is: (event: JournalEvent) => boolean,
  { behind = 0, ...moment }: Partial<ViewContext> & { readonly behind?: number } = {},
): ExecutionView {
  const until = events.findIndex(is)
  if (until === -1) throw new RangeError('no such record')
  const seen = events.slice(0, until + 1)
  const now = Date.parse(last(seen).at) + behind * 1000
  return executionViewOf(last(seen).execution ?? '', seen, { now, ...TERMS, ...moment })
}

const isEnd = ({ type }: JournalEvent) => type === 'ExecutionEnded'

/** The four leaves, each of which takes a while for every answer. */
function slowLab(options: LabOptions = {}): RecordingLab {
  const recording = recordingLab({ workflow: FOUR_LEAVES, ...options })
  for (const device of ['leaf1', 'leaf2', 'leaf3', 'leaf4']) recording.lab.fault({ device, kind: 'slow', before: 0.3 })
  return recording
}

/** A recorded change of the four leaves. */
async function changed(code: number, options: LabOptions = {}): Promise<RecordingLab> {
  const recording = slowLab(options)
  const ended = await recording.lab.agreed(...RUN)
  expect(ended.code, ended.out + ended.err).toBe(code)
  return recording
}

describe('the view of a recorded journal', () => {
  test('of a change that succeeded, and in the middle of its verification', { tags: ['long', 'turn'] }, async () => {
    const recording = await changed(0)
    const done = viewAt(recording, isEnd, { isRunning: false })
    expect(done.headline).toBe('All 4 switches have the change: confirmed, saved and read back')
    expect(done.unattended).toBe('Nobody has to act.')
    await expect(told(done)).toMatchFileSnapshot('../../golden/view-succeeded.json')

    const { events } = recording
    const verdicts = events.flatMap((event) =>
      event.type === 'VerdictGiven' && event.device === 'leaf3' ? [event] : [],
    )
    const round = verdicts.findLast((event) => event.round === 1)
    const soaking = viewAt(recording, (event) => event === round, { behind: 13 })
    expect(soaking.headline).toBe('Wave 2 of 3: leaf2 and leaf3 have been good for 13 s, 17 s to go')
    expect(soaking.unattended).toMatch(
      /^It goes on by itself\. Nothing is confirmed yet\. If eosflow stopped now, 3 switches would put themselves back, the first in 9 min \d+ s and the last in 9 min 4\d s\.$/,
    )
    await expect(told(soaking)).toMatchFileSnapshot('../../golden/view-soaking.json')

    const left = viewAt(recording, (event) => event === round, { behind: 13, isRunning: false })
    expect(left.headline).toBe('No process runs it, and leaf1, leaf2 and leaf3 are live under a commit timer')
    expect(left.unattended).toMatch(
      /^Nothing is confirmed yet\. If nobody resumes it, 3 switches put themselves back, the first in /,
    )
    expect(left.needs.map(({ act, devices }) => [act, devices])).toEqual([['resume', ['leaf1', 'leaf2', 'leaf3']]])
    const over = viewAt(recording, (event) => event === round, { behind: 700, isRunning: false })
    expect(over.waves.flatMap(({ lanes }) => lanes.map(({ device, mark }) => [device, mark.word]))).toEqual([
      ['leaf1', 'timer over, not read'],
      ['leaf2', 'timer over, not read'],
      ['leaf3', 'timer over, not read'],
      ['leaf4', 'waits for its wave'],
    ])
    expect(over.headline).toBe('No process runs it')
    expect(over.unattended).toContain('committed under a timer that has run out by now')

    const pulses = new Map(
      ['leaf2', 'leaf3'].map((device) => [
        device,
        { device, round: 4, at: Date.parse(last(events).at), goodSince: Date.parse(last(events).at) },
      ]),
    )
    const pulsed = viewAt(recording, (event) => event === round, { pulses, now: Date.parse(last(events).at) + 5000 })
    expect(pulsed.headline).toContain('have been good for 5 s, 25 s to go')
    // What was said before this verification began is not about it.
    const stale = new Map(['leaf2', 'leaf3'].map((device) => [device, { device, round: 9, at: 0, timerEnds: 0 }]))
    const unmoved = viewAt(recording, (event) => event === round, { behind: 13, pulses: stale })
    expect(unmoved).toEqual(soaking)
    expect(verdicts.filter(({ of }) => of !== undefined).map(({ check, of }) => [check, of])).toContainEqual([
      'bgp-established on spine1',
      'spine1',
    ])
  })

  test('of a change that was rolled back, and while it is put back', { tags: ['long', 'turn'] }, async () => {
    const recording = slowLab()
    recording.lab.fault({ device: 'leaf3', kind: 'hand-edit', on: 'commit', lines: ['no vlan 998'] })
    await exits(6, recording.lab.agreed(...RUN))
    const ended = viewAt(recording, isEnd, { isRunning: false })
    expect(ended.headline).toBe('leaf3 was not good after the commit, so everything was put back')
    await expect(told(ended)).toMatchFileSnapshot('../../golden/view-rolled-back.json')
    const back = viewAt(recording, ({ type }) => type === 'UndoFinished')
    expect(back.headline).toBe(
      'leaf3 was not good after the commit: everything is being put back, 1 of 3 switches done',
    )
  })

  test('of a change that ended unknown', { tags: ['long', 'turn'] }, async () => {
    const recording = recordingLab({
      workflow: FOUR_LEAVES,
      before: (lab, device) => {
        if (device !== 'leaf2' || lab.commits('leaf2').timed === 0) return
        lab.fault({ device: 'leaf2', kind: 'unreachable' })
      },
    })
    await exits(7, recording.lab.agreed(...RUN))
    const ended = viewAt(recording, isEnd, { isRunning: false })
    expect(ended.headline).toBe('UNKNOWN: a person has to look at leaf2, which eosflow could not read')
    expect(ended.needs.map(({ act, devices }) => [act, devices])).toEqual([['look', ['leaf2']]])
    await expect(told(ended)).toMatchFileSnapshot('../../golden/view-unknown.json')
  })

  test('[3N6] of one that waits for an approval', async () => {
    const recording = recordingLab({ workflow: FOUR_LEAVES })
    await recording.lab.exits(12, ...RUN, '--detach')
    const waiting = viewAt(recording, ({ type }) => type === 'TaskWaiting', { isRunning: false })
    expect(waiting.mark.word).toBe('Waits for approval')
    expect(waiting.headline).toMatch(/^Waits for an approval: plan [0-9a-f]{8} would change 4 switches$/)
    expect(waiting.unattended).toBe('No switch is changed until somebody decides.')
    await expect(told(waiting)).toMatchFileSnapshot('../../golden/view-waiting.json')
    // With an approval on record it does not say that it waits for one.
    const approval = (id: string, decision: string, expires: string): Decision =>
      ({
        type: 'ApprovalDecided',
        at: waiting.asOf,
        statement: { decision, approver: { issuer: 'corp', id }, expires },
      }) as never
    const later = '2026-01-06T08:00:00.000Z'
    const given = (...decisions: readonly Decision[]) => {
      const { mark, headline } = viewAt(recording, ({ type }) => type === 'TaskWaiting', {
        isRunning: false,
        decisions,
      })
      return `${mark.word}; ${headline.replace(/[0-9a-f]{8}/, 'DIGEST')}`
    }
    const one =
      'Waits, 1 approval given; Waits until its approvals are enough: plan DIGEST has 1, and would change 4 switches'
    const none = 'Waits for approval; Waits for an approval: plan DIGEST would change 4 switches'
    expect(given(approval('bob', 'approve', later))).toBe(one)
    expect(given(approval('bob', 'approve', later), approval('bob', 'approve', later))).toBe(one)
    const before = { ...approval('bob', 'approve', later), at: '2026-01-05T07:00:00.000Z' }
    expect(given(before)).toBe(none)
    expect(given(approval('bob', 'approve', '2026-01-05T07:00:00.000Z'))).toBe(none)
    expect(given(approval('bob', 'approve', later), approval('eve', 'reject', later))).toBe(none)
  })

  test('of a state machine with a choice, branches side by side and a handled error', {
    tags: ['long', 'turn'],
  }, async () => {
    const text = readFileSync(new URL('../../../workflows/tune-mlag-pairs.yaml', import.meta.url), 'utf8')
    const workflow = text
      .replace('template: templates/mlag-delays.j2', "lines: ['vlan 998', '   name TESTED']")
      .replace('targets: role:leaf', 'targets: leaf1 or leaf2 or leaf3 or leaf4')
    const recording = recordingLab({ workflow })
    recording.lab.fault({
      device: 'leaf2',
      kind: 'hand-edit',
      on: 'commit',
      lines: ['interface Ethernet1', 'shutdown'],
    })
    await exits(6, recording.lab.agreed('run workflow.yaml -p mlag=600 -p nonMlag=630'))
    const waiting = viewAt(recording, (event) => event.type === 'WaitStarted' && event.path !== '', { behind: 20 })
    expect(waiting.states.filter(({ standing }) => standing === 'now').map(({ place }) => place)).toEqual([
      'DecideCarefully',
      'DecideCarefully.ApproveChange',
      'DecideCarefully.HoldBack',
    ])
    await expect(told(viewAt(recording, isEnd, { isRunning: false }))).toMatchFileSnapshot(
      '../../golden/view-states.json',
    )
  })
})
