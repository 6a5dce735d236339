import { LEAF, RIGHT_AS } from './company.ts'
import type { Night, RecordLine } from './night.ts'

/** One fact, and what each of those who have seen it says of it. They agree where all say the same. */
export interface Agreement {
  readonly fact: string
  readonly says: readonly (readonly [who: string, what: string])[]
}

/** Whether all say the same, and somebody says anything at all. */
export function agrees({ says }: Agreement) {
  const [[, first] = ['', '']] = says
  return says.length > 1 && first !== '' && says.every(([, what]) => what === first)
}

/** What the record, the metrics, the notices, the agent and the switches say of the same night. */
export function agreements(night: Night): readonly Agreement[] {
  return [howItEnded(night), whoApproved(night), ...counts(night), drift(night), ...whole(night), ...traces(night)]
}

/** The samples of a text of metrics: their names with labels, and their values. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

/** How much a sample has grown in the night. */
function grown({ metrics }: Night, name: string) {
  const [before, after] = [samplesOf(metrics.before).get(name) ?? 0, samplesOf(metrics.after).get(name)]
  return after === undefined ? '' : String(after - before)
}

const sumOf = (text: string, isMeant: (name: string) => boolean) =>
  [...samplesOf(text)].filter(([name]) => isMeant(name)).reduce((sum, [, value]) => sum + value, 0)

const ofType = ({ records }: Night, type: string): readonly RecordLine[] => records.filter((one) => one.type === type)
const noticed = ({ notices }: Night, what: string) =>
  notices.map(({ event }) => event).filter(({ type }) => type === `eosflow.${what}.v1`)

/** The change, by what each calls it. `succeeded` is counted by the metrics, with the name of the workflow. */
function howItEnded(night: Night): Agreement {
  const { execution, calls, leaf } = night
  const record = ofType(night, 'ExecutionEnded').find((one) => one.execution === execution)
  const notice = noticed(night, 'execution.ended').find(({ data }) => data.execution === execution)
  const explained = calls.findLast(({ tool }) => tool === 'execution_explain')
  const counted = grown(night, 'eosflow_executions_total{workflow="underlay-as",outcome="succeeded"}')
  const isThere = [leaf.running, leaf.startup].every((text) =>
    new RegExp(`^ {3}neighbor IPv4-UNDERLAY-PEERS remote-as ${RIGHT_AS}$`, 'm').test(text),
  )
  return {
    fact: 'how the change has ended',
    says: [
      ['record', String(record?.event.outcome ?? '')],
      ['metrics', counted === '1' ? 'succeeded' : `${counted} succeeded`],
      ['notice', String(notice?.data.outcome ?? '')],
      ['trace', String(rootOf(night, execution)?.at['eosflow.outcome'] ?? '')],
      ['agent', String(explained?.found.outcome ?? '')],
      [LEAF, isThere ? 'succeeded' : 'has not the line'],
    ],
  }
}

/** That the plan was approved once with a passkey. */
function whoApproved(night: Night): Agreement {
  const decided = ofType(night, 'ApprovalDecided')
  const [first] = decided
  const { plan, decision, approver } = (first?.event.statement ?? {}) as {
    readonly plan?: string
    readonly decision?: string
    readonly approver?: { readonly auth: string }
  }
  const counted = grown(night, `eosflow_approvals_total{decision="approve",proof="passkey"}`)
  const notices = noticed(night, 'approval.decided').filter(({ data }) => data.plan === night.digest)
  return {
    fact: 'the approvals with a passkey, and nothing else that was decided',
    says: [
      [
        'record',
        plan === night.digest && decision === 'approve' && approver?.auth === 'passkey' ? String(decided.length) : '',
      ],
      ['metrics', counted === String(sumOf(night.metrics.after, isOf('eosflow_approvals_total'))) ? counted : ''],
      ['notice', String(notices.length)],
    ],
  }
}

const isOf = (metric: string) => (name: string) => name.startsWith(`${metric}{`)

function counts(night: Night): readonly Agreement[] {
  const { metrics, requests } = night
  const asked = sumOf(metrics.after, isOf('eosflow_switch_request_duration_seconds_count'))
  const refused = 'eosflow_http_request_duration_seconds_count{route="/api/v1/hooks/{name}",method="POST",status="401"}'
  return [
    {
      fact: 'the executions that have ended',
      says: [
        ['record', String(ofType(night, 'ExecutionEnded').length)],
        ['metrics', String(sumOf(metrics.after, isOf('eosflow_executions_total')))],
        ['notice', String(noticed(night, 'execution.ended').length)],
      ],
    },
    {
      fact: 'the requests that the switches were asked',
      says: [
        ['metrics', String(asked)],
        ['the switches', String(requests)],
      ],
    },
    {
      fact: 'the events that were refused',
      says: [
        ['record', String(ofType(night, 'EventRefused').length)],
        ['metrics', grown(night, refused)],
      ],
    },
  ]
}

function drift(night: Night): Agreement {
  const opened = ofType(night, 'NoticeOpened')
  const closed = ofType(night, 'NoticeClosed')
  const left = opened.filter(({ event }) => !closed.some((one) => one.event.cause === event.cause))
  const causes = (what: string) =>
    noticed(night, what).map(({ data }) => (data.notice as { readonly cause?: string }).cause ?? '')
  const told = causes('notice.opened').filter((cause) => !causes('notice.closed').includes(cause))
  const gauge = samplesOf(night.metrics.after).get('eosflow_switches_drifted')
  return {
    fact: 'the switches that differ at the end, of one that did',
    says: [
      ['record', `${left.length} of ${opened.length}`],
      ['metrics', `${gauge} of 1`],
      ['notice', `${told.length} of ${causes('notice.opened').length}`],
    ],
  }
}

/** The span of an execution. */
const rootOf = ({ traces: { spans } }: Night, execution: string) =>
  spans.find(({ at }) => at['cicd.pipeline.run.id'] === execution)

/** The id of a trace in a `traceparent`; empty where there is none. */
const traceIn = (traceparent: unknown) => /^00-([0-9a-f]{32})-/.exec(String(traceparent))?.[1] ?? ''

/** What a request to a switch writes, by the name that acts and spans share. */
const WRITES: readonly unknown[] = ['stage', 'replay', 'arm', 'confirm', 'abort', 'save', 'restore']

function traces(night: Night): readonly Agreement[] {
  const { alert, execution, traces: seen } = night
  const started = (isMeant: (one: RecordLine) => boolean) =>
    ofType(night, 'ExecutionStarted').find(isMeant) ?? { execution: '', event: {} as RecordLine['event'] }
  const noticeOf = (what: string, id = '') =>
    noticed(night, what).find(({ data }) => data.execution === id)?.traceparent
  const [event, planned, changed] = [
    started(({ actor }) => actor === 'hook:alerts'),
    started(({ actor }) => actor === 'agents:robot'),
    started((one) => one.execution === execution),
  ]
  // What the published .proto files do not know is no trace.
  const traceOf = (id = '') => (seen.faults.length > 0 ? '' : (rootOf(night, id)?.traceId ?? ''))
  const acts = ofType(night, 'ActFinished').filter((one) => one.execution === execution)
  const ofChange = seen.spans.filter(
    ({ traceId, at }) => traceId === traceOf(execution) && at['eosflow.op'] !== undefined,
  )
  const writes = ofChange.filter(({ at }) => WRITES.includes(at['eosflow.op']))
  return [
    {
      fact: 'the trace from the alert to the plan of the agent',
      says: [
        ['alert', traceIn(alert.taken.headers.traceparent)],
        ['record of the event', traceIn(event.event.trace)],
        ['notice', traceIn(noticeOf('plan.made', event.execution))],
        ['record of the agent', traceIn(planned.event.trace)],
        ['collector', traceOf(event.execution) === traceOf(planned.execution) ? traceOf(planned.execution) : ''],
      ],
    },
    {
      fact: 'the trace of the change',
      says: [
        ['record', traceIn(changed.event.trace)],
        ['notice', traceIn(noticeOf('execution.ended', execution))],
        ['collector', traceOf(execution)],
      ],
    },
    {
      fact: 'the requests of the change',
      says: [
        ['trace', String(ofChange.length)],
        ['the switches', String(night.requestsOfChange)],
      ],
    },
    {
      fact: 'what was written to the switch, in order',
      says: [
        ['record', acts.map(({ event: { act } }) => String(act)).join(' ')],
        ['trace', writes.map(({ at }) => at['eosflow.op']).join(' ')],
      ],
    },
  ]
}

function whole(night: Night): readonly Agreement[] {
  const { records, metrics, verified, notices, refusedNotices, execution } = night
  const [, counted = ''] = /(\d+) records/.exec(verified.out) ?? []
  const after = samplesOf(metrics.after)
  const ended = ofType(night, 'ExecutionEnded').find((one) => one.execution === execution)
  const notice = noticed(night, 'execution.ended').find(({ data }) => data.execution === execution)
  return [
    {
      fact: 'the records up to the verification, none of them altered',
      says: [
        ['record', String(records.length)],
        ['eosflow audit verify', verified.code === 0 ? counted : ''],
        ['metrics', after.get('eosflow_record_intact') === 1 ? String(after.get('eosflow_journal_records') ?? 0) : ''],
      ],
    },
    {
      fact: 'the number of the record of the end',
      says: [
        ['record', String(ended?.seq ?? '')],
        ['notice', notice?.id.split('/').at(-1) ?? ''],
      ],
    },
    {
      fact: 'the notices that are not taken',
      says: [
        ['metrics', String(after.get('eosflow_outbox_behind{target="notify night"}') ?? '')],
        ['the receiver', String(refusedNotices + (notices.length === 0 ? 1 : 0))],
      ],
    },
  ]
}
