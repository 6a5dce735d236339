import type { EventBody } from '../../../src/change/record/event/event.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { GIVEN_STATEMENT } from '../policy/given-approval.ts'

/** The person of these tests. */
export const ALICE: Principal = { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' }

/** The plan digest of these tests. */
export const PLAN = `sha256:${'a1'.repeat(32)}`

/** An approval of {@link PLAN}. */
export const STATEMENT: ApprovalStatement = { ...GIVEN_STATEMENT, plan: PLAN }

const PLACE = { path: 'RollOutWaves[0].RollOutWave[1]', state: 'Push' }
const ERROR = {
  kind: 'refused',
  message: 'invalid command',
  device: 'leaf1',
  command: 'vlan 5000',
  hint: 'mend it',
} as const

/** Events of every type, each with all of its optional members and, where it has some, once without. */
export const ONE_OF_EACH: readonly EventBody[] = [
  {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'add-vlan',
    file: 'workflows/add-vlan.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: { startAt: 'Snapshot', states: [null, true, 1] },
    params: { vlan: 10, label: 'BLUE' },
    input: { vlan: 10, label: 'BLUE' },
    context: {},
    requester: ALICE,
    targets: ['leaf1', 'leaf2'],
    plan: 'blob:00',
  },
  { type: 'ExecutionResumed' },
  { type: 'StateEntered', ...PLACE },
  { type: 'TaskStarted', ...PLACE, attempt: 1, device: 'leaf1' },
  { type: 'TaskStarted', ...PLACE, attempt: 2 },
  { type: 'TaskSucceeded', ...PLACE, output: { lines: 3 }, device: 'leaf1' },
  { type: 'TaskFailed', ...PLACE, error: ERROR, device: 'leaf1' },
  { type: 'TaskFailed', ...PLACE, error: { kind: 'bug', message: 'x' } },
  { type: 'TaskWaiting', ...PLACE, plan: PLAN },
  { type: 'MapStarted', ...PLACE, items: ['leaf1', { name: 'leaf2' }], maxConcurrency: 0 },
  { type: 'MapFailed', ...PLACE, error: ERROR },
  { type: 'WaitStarted', ...PLACE, until: '2026-01-05T08:00:30.000Z' },
  { type: 'StateExited', ...PLACE, output: {} },
  { type: 'PlanMade', digest: PLAN, plan: 'blob:01', waves: [['leaf1'], ['leaf2']], unchanged: ['spine1'] },
  { type: 'ApprovalRequested', plan: PLAN },
  { type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:00', undoes: PLAN, undo: 'blob:04' },
  { type: 'ApprovalUsed', nonce: STATEMENT.nonce, plan: PLAN },
  { type: 'ActIntended', device: 'leaf1', act: 'arm', session: 'eosflow-01234567-1', checkpoint: 'c1', seconds: 600 },
  { type: 'ActIntended', device: 'leaf1', act: 'save', session: 'eosflow-01234567-1' },
  {
    type: 'ActFinished',
    device: 'leaf1',
    act: 'stage',
    session: 'eosflow-01234567-1',
    outcome: 'unknown',
    error: ERROR,
    base: 'blob:02',
    target: 'blob:03',
  },
  { type: 'DeviceSettled', device: 'leaf1', found: 'armed', detail: '300 s left' },
  { type: 'VerdictGiven', device: 'leaf1', check: 'bgp', round: 1, verdict: { status: 'pass', facts: ['2 peers'] } },
  { type: 'VerdictGiven', device: 'leaf1', check: 'bgp', round: 2, verdict: { status: 'fail', reasons: ['a', 'b'] } },
  { type: 'VerdictGiven', device: 'leaf1', check: 'bgp', round: 3, verdict: { status: 'skip', reason: 'no BGP' } },
  { type: 'VerdictGiven', device: 'leaf1', check: 'bgp', round: 4, verdict: { status: 'error', reason: 'no answer' } },
  { type: 'CompensationStarted', reason: 'failure', error: ERROR },
  { type: 'UndoStarted', device: 'leaf1' },
  { type: 'UndoFinished', device: 'leaf1', end: 'reverted', detail: 'read back equal to before' },
  {
    type: 'SharesAwaited',
    devices: ['leaf1'],
    full: [
      { budget: 'role:leaf', max: 1, held: [{ execution: 'x2', since: '2026-01-05T08:00:00.000Z' }], before: ['x3'] },
    ],
  },
  {
    type: 'SharesTaken',
    shares: [{ device: 'leaf1', share: 'budget role:leaf [] #1' }],
    seconds: 300,
    budgets: [{ budget: 'role:leaf', max: 1 }],
    beside: [],
  },
  { type: 'SharesGivenBack', devices: ['leaf1'], shares: ['budget role:leaf [] #1'] },
  { type: 'NetworkAwaited', devices: ['leaf1'], within: 300 },
  {
    type: 'NetworkRead',
    device: 'leaf1',
    network: 'differs',
    areas: ['bgp'],
    differences: ['BGP 10.0.0.1 in default: Established -> Idle'],
    latched: ['BGP 10.0.0.1 in default: clear it'],
    after: 300,
  },
  { type: 'ExecutionEnded', outcome: 'rolled-back', error: ERROR, devices: { leaf1: 'reverted', leaf2: 'untouched' } },
  {
    type: 'SnapshotTaken',
    name: 'before',
    snapshot: 'blob:04',
    devices: ['leaf1'],
    baseline: ['leaf1'],
    notices: ['leaf1'],
  },
  {
    type: 'PlanMade',
    digest: PLAN,
    plan: 'blob:01',
    waves: [['leaf1']],
    unchanged: [],
    bases: 'blob:02',
    candidates: 'blob:03',
    leftOut: [{ name: 'leaf9', by: 'skip-unreachable' }],
  },
  { type: 'DeviceLeftOut', device: 'leaf9', by: 'maxFailures', error: ERROR },
  {
    type: 'ProbesMeasured',
    phase: 'ended',
    probes: [
      {
        from: 'leaf1',
        to: '10.0.250.13',
        vrf: 'PROD',
        every: 1,
        before: 'answers',
        now: 'answers',
        sent: 45,
        lost: 3,
        apart: 1020,
        gone: {
          times: 1,
          least: 2000,
          most: 4000,
          longest: { least: 2000, most: 4000 },
          spans: [{ from: '2026-01-05T08:00:02.000Z', to: '2026-01-05T08:00:06.000Z', least: 2000, most: 4000 }],
        },
        unmeasured: { times: 0, milliseconds: 0, spans: [] },
      },
    ],
  },
  { type: 'AroundTurned', phase: 'begins', names: ['silence in alerts'] },
  {
    type: 'AroundActed',
    entry: 0,
    name: 'silence in alerts',
    act: 'end',
    result: 'failed',
    id: '3b2c',
    said: 'GET https://alerts.example.com/api/v2/silence/3b2c: connection refused',
  },
  {
    type: 'CloudVisionAsked',
    answer: 'running',
    devices: ['leaf1', 'leaf2'],
    known: ['leaf1'],
    controls: [{ id: 'cc-1', name: 'Upgrade', standing: 'running', devices: ['leaf1'] }],
  },
  { type: 'JudgesMeasured', judges: ['prometheus core'], before: 'blob:03', series: 2 },
]

/** How an execution of a small workflow on leaf1 begins, for tests of what becomes of its records. */
export const STARTED = {
  type: 'ExecutionStarted',
  purpose: 'run',
  workflow: 'w',
  file: 'w.yaml',
  definition: 'sha256:1',
  interpreter: 2,
  machine: { version: 3, startAt: 'A', states: {} },
  params: {},
  input: {},
  context: {},
  requester: ALICE,
  targets: ['leaf1'],
} as const satisfies EventBody
