import { expect, test } from 'vitest'
import { liveItem } from '../../../src/report/page/live-item.ts'
import { type ExecutionView, executionViewSchema, type ViewLane } from '../../../src/report/view/execution-view.ts'

const lane = (device: string, word: string, fuses: ViewLane['fuses']): ViewLane => ({
  device,
  mark: { tone: fuses.length === 0 ? 'idle' : 'live', word },
  isFailing: false,
  segments: [],
  fuses,
})
const wave = (number: number, standing: 'ahead' | 'now' | 'done', lanes: readonly ViewLane[]) => ({
  number,
  standing,
  isCanary: false,
  lanes,
})

/** A change of which the first switch is verified, two are being verified, and one has not begun. */
const VIEW: ExecutionView = {
  version: 1,
  kind: 'execution-view',
  id: '20261121-162950-2f4ec54e',
  asOf: '2026-11-21T16:31:00.000Z',
  records: { first: 440, last: 500 },
  workflow: 'add-vlan',
  title: 'vlan 180 PRINTERS',
  purpose: 'run',
  requester: { id: 'local:0:root@vm', kind: 'person', display: 'Ada Berg' },
  startedAt: '2026-11-21T16:29:50.000Z',
  endedAt: null,
  status: 'running',
  outcome: null,
  isRunning: true,
  mark: { tone: 'run', word: 'running' },
  headline: 'Wave 2 of 3: leaf2 and leaf3 have been good for 13 s, 17 s to go',
  unattended: 'If nobody does anything, every switch is back as before in 9 min 15 s.',
  plan: { digest: `sha256:${'a'.repeat(64)}`, changed: 4, unchanged: [] },
  leftOut: [],
  flow: 'steps',
  steps: [],
  states: [],
  ways: [],
  warnings: [],
  waves: [
    wave(1, 'done', [
      lane('leaf1', 'verified, not confirmed', [
        { armedAt: '2026-11-21T16:20:00.000Z', endsAt: '2026-11-21T16:30:00.000Z', over: '2026-11-21T16:21:00.000Z' },
        { armedAt: '2026-11-21T16:30:15.000Z', endsAt: '2026-11-21T16:40:15.000Z', left: 555 },
      ]),
    ]),
    wave(2, 'now', [
      lane('leaf2', 'live, verifying', [
        { armedAt: '2026-11-21T16:30:46.000Z', endsAt: '2026-11-21T16:40:46.000Z', left: 586 },
      ]),
      lane('leaf3', 'loading the change', []),
    ]),
    wave(3, 'ahead', [lane('leaf4', 'waits for its wave', [])]),
  ],
  why: { findings: [], failures: [] },
  checks: { round: 0, columns: [], rows: [] },
  approvals: [],
  happened: { earlier: 0, events: [] },
  needs: [],
}

test('an execution under way is on the overview as its own page shows it', () => {
  executionViewSchema.parse(VIEW)
  expect(liveItem(VIEW)).toEqual({
    id: '20261121-162950-2f4ec54e',
    title: 'vlan 180 PRINTERS',
    workflow: 'add-vlan',
    at: '2026-11-21T16:29:50.000Z',
    by: 'Ada Berg',
    standing: 'running',
    headline: 'Wave 2 of 3: leaf2 and leaf3 have been good for 13 s, 17 s to go',
    // The timer that runs out first; one that was ended before it ran out is none.
    reverts: Date.parse('2026-11-21T16:40:15.000Z'),
    waves: [
      { switches: ['leaf1'], word: 'verified, not confirmed', tone: 'live' },
      { switches: ['leaf2', 'leaf3'], word: 'under way', tone: 'run' },
      { switches: ['leaf4'], word: 'waits for its wave', tone: 'idle' },
    ],
  })
})

test('one that no process runs is open, whatever it was at', () => {
  expect(liveItem({ ...VIEW, isRunning: false }).standing).toBe('open')
  expect(liveItem({ ...VIEW, waves: [], requester: null })).toMatchObject({ by: undefined, waves: [] })
})
