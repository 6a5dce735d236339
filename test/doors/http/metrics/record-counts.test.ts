import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { parseEvent } from '../../../../src/change/record/event/record-text.ts'
import type { Store } from '../../../../src/change/record/store/store.ts'
import { type FrontMeasurement, FrontMeasures } from '../../../../src/doors/http/metrics/front-measures.ts'
import { RecordMetrics } from '../../../../src/doors/http/metrics/process-metrics.ts'
import { RecordCounts } from '../../../../src/doors/http/metrics/record-counts.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { PLAN, STATEMENT } from '../../../change/record/one-of-each-event.ts'
import { freshPath, openForTest } from '../../../change/record/sqlite/open-for-test.ts'

function journal(file: string) {
  const path = new URL(`../../../fixtures/journals/interpreter-2/${file}.jsonl`, import.meta.url)
  return readFileSync(path, 'utf8').trimEnd().split('\n').map(parseEvent)
}

/** The samples of a text of metrics, without buckets. */
function samples(text: string) {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'))
}

test('a recorded journal counts what a fold by hand has counted', async () => {
  const events = ['verification-failed-rolled-back', 'approved-later-succeeded', 'rollback-unknown'].flatMap(journal)
  const counts = new RecordCounts()
  const metrics = new RecordMetrics()
  metrics.take(
    events.length,
    events.flatMap((event) => counts.heed(event)),
  )
  const found = samples(await metrics.registry.metrics())
  // Worked by hand: 62, 118 and 82 lines; the third ends at 08:06:24.116, the first at 08:00:04.001, both begin at 08:00.
  for (const line of [
    'eosflow_journal_records 262',
    'eosflow_executions_total{workflow="add-a-vlan",outcome="rolled-back"} 1',
    'eosflow_executions_total{workflow="add-a-vlan",outcome="succeeded"} 1',
    'eosflow_executions_total{workflow="add-a-vlan",outcome="unknown"} 1',
    'eosflow_execution_duration_seconds_sum{workflow="add-a-vlan",outcome="rolled-back"} 4.001',
    'eosflow_execution_duration_seconds_sum{workflow="add-a-vlan",outcome="unknown"} 384.116',
    'eosflow_rollbacks_total{reason="failure"} 2',
    'eosflow_state_duration_seconds_count{state="Push",result="ok"} 5',
    'eosflow_state_duration_seconds_count{state="Verify",result="ok"} 3',
    'eosflow_state_duration_seconds_count{state="ConfirmAll",result="ok"} 1',
    'eosflow_breakglass_total 0',
  ])
    expect(found).toContain(line)
  expect(found.filter((line) => line.startsWith('eosflow_retries_total{'))).toEqual([])
})

test('every kind of record that counts is counted, a redriven execution by each of its ends', async () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString()
  const alice = { issuer: 'local', id: 'alice', kind: 'person', auth: 'os' } as const
  const error = { kind: 'unreachable', message: 'no answer' } as const
  const scope = { path: '', state: 'Push' }
  const bodies: readonly (readonly [second: number, body: EventBody])[] = [
    [
      0,
      {
        type: 'ExecutionStarted',
        purpose: 'run',
        workflow: 'vlan',
        file: 'vlan.yaml',
        definition: 'sha256:0',
        interpreter: 2,
        machine: {},
        params: {},
        input: {},
        context: {},
        requester: alice,
        targets: [],
      },
    ],
    [0, { type: 'ApprovalRequested', plan: PLAN }],
    [20, { type: 'ApprovalDecided', statement: { ...STATEMENT, plan: PLAN, decision: 'approve' }, seal: 'hmac:0' }],
    [
      21,
      {
        type: 'ApprovalDecided',
        statement: { ...STATEMENT, plan: PLAN, decision: 'reject' },
        seal: 'hmac:0',
        signature: { kind: 'ssh', armored: '' },
      },
    ],
    [21, { type: 'StateEntered', ...scope }],
    [22, { type: 'RetryScheduled', ...scope, retrier: 0, attempt: 1, until: at(23), error }],
    [25, { type: 'StateFailed', ...scope, error }],
    [25, { type: 'StateEntered', ...scope }],
    [26, { type: 'StateExited', ...scope, output: {}, caught: 0, next: 'Done' }],
    [26, { type: 'StateEntered', ...scope }],
    // The clock was set back.
    [20, { type: 'StateAborted', ...scope }],
    [26, { type: 'CompensationStarted', reason: 'timed-out', error }],
    [30, { type: 'ExecutionEnded', outcome: 'rolled-back', devices: {} }],
    [50, { type: 'ExecutionRedriven' }],
    [55, { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }],
    [55, { type: 'AccessDenied', principal: alice, needs: 'execution.start', reason: 'no rule', leftOut: 4 }],
    [
      56,
      {
        type: 'BreakGlassUsed',
        principal: alice,
        needs: 'execution.start',
        reason: 'outage',
        rules: [],
        policy: 'sha256:0',
      },
    ],
    [57, { type: 'DriftCompared', differs: ['leaf1', 'leaf2'], same: ['leaf3'] }],
    [58, { type: 'DriftCompared', differs: ['leaf3'], same: ['leaf1'] }],
    [58, { type: 'ScheduleChanged', schedule: 'nightly', change: 'loaded' }],
    [58, { type: 'ScheduleChanged', schedule: 'weekly', change: 'loaded' }],
    [58, { type: 'ScheduleMissed', schedule: 'nightly', instant: at(2), instants: [at(1), at(2)], because: 'down' }],
    [58, { type: 'ScheduleFinished', schedule: 'nightly', instant: at(3), outcome: 'ok', reason: 'done' }],
    [59, { type: 'ScheduleFinished', schedule: 'nightly', instant: at(4), outcome: 'failed', reason: 'no' }],
    [59, { type: 'ScheduleFinished', schedule: 'weekly', instant: at(4), outcome: 'ok', reason: 'done' }],
    [59, { type: 'ScheduleChanged', schedule: 'weekly', change: 'removed' }],
  ]
  const counts = new RecordCounts()
  const metrics = new RecordMetrics()
  for (const [index, [second, body]] of bodies.entries()) {
    const event: JournalEvent = { ...body, v: 1, seq: index + 1, at: at(second), actor: 'alice', execution: 'x1' }
    metrics.take(1, counts.heed(event))
  }
  expect(samples(await metrics.registry.metrics())).toEqual([
    'eosflow_journal_records 26',
    'eosflow_executions_total{workflow="vlan",outcome="rolled-back"} 1',
    'eosflow_executions_total{workflow="vlan",outcome="succeeded"} 1',
    'eosflow_execution_duration_seconds_sum{workflow="vlan",outcome="rolled-back"} 30',
    'eosflow_execution_duration_seconds_count{workflow="vlan",outcome="rolled-back"} 1',
    'eosflow_execution_duration_seconds_sum{workflow="vlan",outcome="succeeded"} 5',
    'eosflow_execution_duration_seconds_count{workflow="vlan",outcome="succeeded"} 1',
    'eosflow_state_duration_seconds_sum{state="Push",result="failed"} 4',
    'eosflow_state_duration_seconds_count{state="Push",result="failed"} 1',
    'eosflow_state_duration_seconds_sum{state="Push",result="caught"} 1',
    'eosflow_state_duration_seconds_count{state="Push",result="caught"} 1',
    'eosflow_state_duration_seconds_sum{state="Push",result="aborted"} 0',
    'eosflow_state_duration_seconds_count{state="Push",result="aborted"} 1',
    'eosflow_retries_total{error="unreachable"} 1',
    'eosflow_rollbacks_total{reason="failure"} 0',
    'eosflow_rollbacks_total{reason="cancelled"} 0',
    'eosflow_rollbacks_total{reason="timed-out"} 1',
    'eosflow_put_back_networks_total{network="same"} 0',
    'eosflow_put_back_networks_total{network="differs"} 0',
    'eosflow_put_back_networks_total{network="unknown"} 0',
    'eosflow_probes_total{result="answered"} 0',
    'eosflow_probes_total{result="cut"} 0',
    'eosflow_probes_total{result="gone-before"} 0',
    'eosflow_probes_total{result="not-measured"} 0',
    'eosflow_probes_cut_off_seconds_total 0',
    'eosflow_approvals_total{decision="approve",proof="none"} 1',
    'eosflow_approvals_total{decision="reject",proof="ssh"} 1',
    'eosflow_approval_wait_seconds_sum 20',
    'eosflow_approval_wait_seconds_count 1',
    'eosflow_denied_total{action="execution.start"} 5',
    'eosflow_breakglass_total 1',
    'eosflow_switches_drifted 2',
    'eosflow_switches_never_confirmed 0',
    'eosflow_schedule_missed_total{schedule="nightly"} 2',
    'eosflow_schedule_missed_total{schedule="weekly"} 0',
    // 08:00:58 on 5 January 2026.
    'eosflow_schedule_last_success_timestamp_seconds{schedule="nightly"} 1767600058',
  ])
})

test('a switch on which a change was confirmed differs no more: it is compared with that change from then on', async () => {
  const counts = new RecordCounts()
  const metrics = new RecordMetrics()
  const drifted = async (body: EventBody) => {
    const event: JournalEvent = { ...body, v: 1, seq: 1, at: '2026-01-05T08:00:00.000Z', actor: 'a', execution: 'x1' }
    metrics.take(1, counts.heed(event))
    const found = samples(await metrics.registry.metrics())
    return found.filter((line) => line.startsWith('eosflow_switches_drifted'))
  }
  const ended = (devices: Extract<EventBody, { type: 'ExecutionEnded' }>['devices']) =>
    drifted({ type: 'ExecutionEnded', outcome: 'succeeded', devices })
  // Nobody has compared anything yet.
  expect(await ended({ leaf1: 'changed' })).toEqual([])
  const compared = { type: 'DriftCompared', differs: ['leaf1', 'leaf2', 'leaf3'], same: [] } as const
  expect(await drifted(compared)).toEqual(['eosflow_switches_drifted 3'])
  // It was put back: it differs from what was confirmed before as it did.
  expect(await ended({ leaf1: 'reverted', leaf2: 'unknown' })).toEqual(['eosflow_switches_drifted 3'])
  expect(await ended({ leaf1: 'changed', leaf3: 'unchanged' })).toEqual(['eosflow_switches_drifted 2'])
})

/** What a front tells about a store until the record was counted as a whole, and for a while behind that. */
async function told(store: Store, clock: VirtualClock, meanwhile: () => Promise<void> = async () => undefined) {
  const said: FrontMeasurement[] = []
  const stop = new AbortController()
  const measures = new FrontMeasures({
    app: { store, clock },
    say: (measured) => said.push(measured),
    failed: (_, error) => {
      throw error
    },
    streams: () => 0,
    isIntact: () => undefined,
  })
  const over = measures.follow(stop.signal)
  onTestFinished(() => stop.abort())
  const whole = () => said.some((one) => one.kind === 'measured')
  for (let look = 0; look < 1_000 && !whole(); look += 1) await clock.advance(5)
  expect(whole()).toBe(true)
  await meanwhile()
  await clock.advance(3_000)
  stop.abort()
  await clock.advance(1)
  await over
  const metrics = new RecordMetrics()
  const counted = said.filter((one) => one.kind === 'counted')
  for (const one of counted) metrics.take(one.records, one.counted)
  return { text: await metrics.registry.metrics(), counted, said }
}

test('after a restart the same numbers are shown, and what is written meanwhile is counted once', {
  tags: ['long', 'turn'],
  timeout: 30_000,
}, async () => {
  const clock = new VirtualClock()
  const store = await openForTest(freshPath(), clock)
  const events = ['verification-failed-rolled-back', 'approved-later-succeeded', 'rollback-unknown'].flatMap(journal)
  const bodies = events.map(({ v: _, seq: __, at: ___, actor: ____, execution, ...body }) => [execution, body] as const)
  const append = async () => {
    for (const [execution, body] of bodies) {
      await clock.advance(10)
      // An approval is used once, and an act needs a lease, however often a journal is written again.
      if (body.type !== 'ApprovalUsed' && body.type !== 'ActIntended')
        await store.append(execution, [body as EventBody])
    }
  }
  for (let round = 0; round < 8; round += 1) await append()
  const first = await told(store, clock, append)
  // More than a page of a thousand was counted before, and the rest behind it.
  expect(first.counted.filter(({ isAnew }) => isAnew)).toHaveLength(1)
  expect(first.counted.map(({ records }) => records).slice(0, 2)).toEqual([1000, expect.any(Number)])
  expect(first.said.findIndex((one) => one.kind === 'measured')).toBeGreaterThan(2)
  const again = await told(store, clock)
  expect(again.text).toBe(first.text)
  expect(first.text).toContain('eosflow_rollbacks_total{reason="failure"} 18\n')
  expect(first.text).toContain('eosflow_executions_total{workflow="add-a-vlan",outcome="unknown"} 9\n')
})
