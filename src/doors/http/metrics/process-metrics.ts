import { dirname } from 'node:path'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { targetCursor } from '../../../features/notify/given-up.ts'
import { VERSION } from '../../../model/version.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { systemDisk } from '../../../project/system/machine/disk-room.ts'
import { noSeams } from '../../../project/system/process/seams.ts'
import type { FrontMeasurement } from './front-measures.ts'
import type { CountedEvent } from './record-counts.ts'

const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const APPEND_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const LAG_BUCKETS = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10]

interface ProcessMetrics {
  look(): Promise<void>
  take(measured: Extract<FrontMeasurement, { readonly kind: 'measured' }>): void
  // Something was appended to the journal, in so many seconds.
  appended(seconds: number): void
}

interface ProcessMetricsOptions {
  readonly app: Pick<RecordApp, 'clock' | 'project' | 'audit' | 'store' | 'seams'>
  readonly registry: Registry
  // The longest delay of this thread's event loop, in seconds.
  loopLag(): number
}

export function processMetrics({ app, registry, loopLag }: ProcessMetricsOptions): ProcessMetrics {
  const { gauge, histogram } = metricsIn(registry)
  const open = gauge('eosflow_executions_open', 'Executions that have not ended, by what they do.', 'state')
  const unknown = gauge(
    'eosflow_switches_unknown',
    'Switches of which an execution has ended without knowing what they hold: a person is needed for each.',
  )
  const armed = gauge('eosflow_commit_timers_armed', 'Commit timers that run on switches, as far as the record tells.')
  const timerLeft = gauge(
    'eosflow_commit_timer_left_seconds_min',
    'Until the first running commit timer ends, when its switch puts itself back. Absent where none runs.',
  )
  const approvals = gauge('eosflow_approvals_waiting', 'Executions that wait for an approval of their plan.')
  const http = histogram(
    'eosflow_http_request_duration_seconds',
    'Until the answer of the control room began to leave, by route.',
    HTTP_BUCKETS,
    'route',
    'method',
    'status',
  )
  const streams = gauge('eosflow_sse_clients', 'Streams that are open to browsers and programs.')
  const streamLag = histogram(
    'eosflow_sse_lag_seconds',
    'How old a record was when it was sent to those who watch.',
    LAG_BUCKETS,
  )
  const append = histogram(
    'eosflow_journal_append_duration_seconds',
    'Until what an execution appends to the journal is durable.',
    APPEND_BUCKETS,
  )
  const intact = gauge(
    'eosflow_record_intact',
    '1 where the whole record held when it was verified last, 0 where it did not. Absent before it was verified.',
  )
  const anchorAge = gauge(
    'eosflow_anchor_age_seconds',
    'For how long an anchor has not taken a checkpoint that there is; 0 where it has all.',
    'anchor',
  )
  const behind = gauge(
    'eosflow_outbox_behind',
    'How many checkpoints an anchor, or records a sink or a target of notifications, has not taken.',
    'target',
  )
  const loop = gauge(
    'eosflow_event_loop_lag_seconds',
    'The longest delay of the last half minute, by thread.',
    'thread',
  )
  const free = gauge('eosflow_store_free_bytes', 'What the disk of the store has to give.')
  gauge('eosflow_build_info', 'Always 1; the label says which eosflow runs.', 'version').set({ version: VERSION }, 1)
  for (const one of [unknown, armed, timerLeft, approvals, intact, free, streams]) one.remove()
  let timers: readonly number[] | undefined

  const showTimers = () => {
    if (timers === undefined) return
    armed.set(timers.length)
    if (timers.length === 0) timerLeft.remove()
    else timerLeft.set(Math.max(0, Math.min(...timers) - app.clock.now()) / 1000)
  }
  const showReceivers = (receivers: readonly Receiver[]) => {
    for (const { target, behind: many, oldest } of receivers) {
      behind.set({ target }, many)
      if (oldest !== undefined) anchorAge.set({ anchor: target.replace(/^anchor /, '') }, oldest)
    }
  }
  return {
    look: async () => {
      loop.set({ thread: 'engine' }, loopLag())
      showTimers()
      const disk = (app.seams ?? noSeams).disk ?? systemDisk
      free.set(disk.fileSystemOf(dirname(app.project.store)).free)
      showReceivers(await receiversNow(app))
    },
    take: ({ requests, streamLags, streams: many, loopLag: late, isIntact, standing }) => {
      for (const { route, method, status, seconds } of requests)
        http.observe({ route, method, status: String(status) }, seconds)
      for (const seconds of streamLags) streamLag.observe(seconds)
      streams.set(many)
      loop.set({ thread: 'front' }, late)
      if (isIntact !== undefined) intact.set(isIntact ? 1 : 0)
      if (standing === undefined) return
      for (const [state, count] of Object.entries(standing.open)) open.set({ state }, count)
      unknown.set(standing.unknown)
      approvals.set(standing.open['waiting-for-approval'])
      timers = standing.timers
    },
    appended: (seconds) => append.observe(seconds),
  }
}

interface Receiver {
  readonly target: string
  readonly behind: number
  // How old the oldest of those checkpoints is, in seconds: 0 where there is none.
  readonly oldest?: number
}

// Throws `store`.
async function receiversNow({
  audit,
  clock,
  project,
  store,
}: Pick<RecordApp, 'audit' | 'clock' | 'project' | 'store'>): Promise<readonly Receiver[]> {
  if (audit === undefined) return []
  const { audit: kept, notify } = project.settings
  const { anchors, sinks } = kept
  const found: Receiver[] = []
  for (const { name } of anchors) {
    const target = `anchor ${name}`
    const missing = await audit.checkpoints((await audit.delivery(target))?.position ?? 0)
    const [first] = missing
    const oldest = first === undefined ? 0 : Math.max(0, clock.now() - Date.parse(first.at)) / 1000
    found.push({ target, behind: missing.length, oldest })
  }
  if (sinks.length + notify.targets.length === 0) return found
  const { seq } = await store.head()
  const behind = async (target: string, position: number): Promise<Receiver> => {
    const taken = (await audit.delivery(target))?.position ?? position
    return { target, behind: Math.max(0, seq - taken) }
  }
  for (const { name } of sinks) found.push(await behind(`sink ${name}`, 0))
  // A target that is new is sent what comes from then on.
  for (const { name } of notify.targets) found.push(await behind(targetCursor.told(name), seq))
  return found
}

/** What makes the metrics of a registry, each by its name, its help, and the names of its labels. */
export function metricsIn(registry: Registry) {
  const registers = [registry]
  return {
    counter: (name: string, help: string, ...labelNames: string[]) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: (name: string, help: string, ...labelNames: string[]) => new Gauge({ name, help, labelNames, registers }),
    histogram: (name: string, help: string, buckets: number[], ...labelNames: string[]) =>
      new Histogram({ name, help, buckets, labelNames, registers }),
  }
}

// In seconds: a plan takes seconds, a change with a soak minutes, one that waits for a person hours.
const EXECUTION_BUCKETS = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400]
const STATE_BUCKETS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600]
const WAIT_BUCKETS = [60, 300, 900, 1800, 3600, 14_400, 28_800, 86_400]

export class RecordMetrics {
  readonly registry = new Registry()
  readonly #make = metricsIn(this.registry)
  readonly #records = this.#make.gauge(
    'eosflow_journal_records',
    'How many records the store has that were counted here.',
  )
  readonly #executions = this.#make.counter(
    'eosflow_executions_total',
    'Executions that have ended, by workflow and outcome. A redriven one ends more than once.',
    'workflow',
    'outcome',
  )
  readonly #durations = this.#make.histogram(
    'eosflow_execution_duration_seconds',
    'From the start of an execution, or its newest redrive, to its end. What it waited for people is part of it.',
    EXECUTION_BUCKETS,
    'workflow',
    'outcome',
  )
  readonly #states = this.#make.histogram(
    'eosflow_state_duration_seconds',
    'How long states of executions took, by name and by how they were left: ok, caught, failed, aborted.',
    STATE_BUCKETS,
    'state',
    'result',
  )
  readonly #retries = this.#make.counter(
    'eosflow_retries_total',
    'Work that was begun again, by the kind of the error before.',
    'error',
  )
  readonly #rollbacks = this.#make.counter(
    'eosflow_rollbacks_total',
    'Executions that began to put back what they had done: after a failure, cancelled, or timed out.',
    'reason',
  )
  readonly #networks = this.#make.counter(
    'eosflow_put_back_networks_total',
    'Switches that were put back and whose network was read then, by whether it was as before.',
    'network',
  )
  readonly #probes = this.#make.counter(
    'eosflow_probes_total',
    'Pairs that were probed while a change was in force, by what became of them: answered, cut, gone-before, not-measured.',
    'result',
  )
  readonly #cutOff = this.#make.counter(
    'eosflow_probes_cut_off_seconds_total',
    'For how long pairs that were probed did not answer, at most.',
  )
  readonly #approvals = this.#make.counter(
    'eosflow_approvals_total',
    'Decisions about plans, by how they were proved.',
    'decision',
    'proof',
  )
  readonly #waits = this.#make.histogram(
    'eosflow_approval_wait_seconds',
    'From the request for an approval to the first decision about the plan.',
    WAIT_BUCKETS,
  )
  readonly #denied = this.#make.counter(
    'eosflow_denied_total',
    'What somebody was not let do, by what it would have needed.',
    'action',
  )
  readonly #breakGlass = this.#make.counter(
    'eosflow_breakglass_total',
    'How often somebody went past the policy by the way that it keeps for emergencies.',
  )

  readonly #drifted = this.#make.gauge(
    'eosflow_switches_drifted',
    'Switches that differed when they were compared last, and on which no change was confirmed since.',
  )
  readonly #unconfirmed = this.#make.gauge(
    'eosflow_switches_never_confirmed',
    'Switches that had nothing to be compared with when they were looked at last, and on which no change was confirmed since.',
  )
  readonly #missed = this.#make.counter(
    'eosflow_schedule_missed_total',
    'Instants of a schedule that passed while nobody ran schedules, or while it was paused.',
    'schedule',
  )
  readonly #done = this.#make.gauge(
    'eosflow_schedule_last_success_timestamp_seconds',
    'When what a schedule does was done well last, in seconds since the epoch.',
    'schedule',
  )
  readonly #differing = new Set<string>()
  readonly #without = new Set<string>()

  constructor() {
    this.#drifted.remove()
    this.#unconfirmed.remove()
    // A rate is known only of a counter that was there before.
    for (const reason of ['failure', 'cancelled', 'timed-out']) this.#rollbacks.inc({ reason }, 0)
    for (const network of ['same', 'differs', 'unknown']) this.#networks.inc({ network }, 0)
    for (const result of ['answered', 'cut', 'gone-before', 'not-measured']) this.#probes.inc({ result }, 0)
  }

  take(records: number, counted: readonly CountedEvent[]): void {
    this.#records.inc(records)
    for (const one of counted) this.#take(one)
  }

  #take(one: CountedEvent) {
    if (one.of === 'execution') {
      const { workflow, outcome } = one
      this.#executions.inc({ workflow, outcome })
      this.#durations.observe({ workflow, outcome }, one.seconds)
    } else if (one.of === 'state') this.#states.observe({ state: one.state, result: one.result }, one.seconds)
    else if (one.of === 'retry') this.#retries.inc({ error: one.error })
    else if (one.of === 'rollback') this.#rollbacks.inc({ reason: one.reason })
    else if (one.of === 'network') this.#networks.inc({ network: one.network })
    else if (one.of === 'probe') this.#probed(one)
    else if (one.of === 'approval') this.#approvals.inc({ decision: one.decision, proof: one.proof })
    else if (one.of === 'approval-wait') this.#waits.observe(one.seconds)
    else if (one.of === 'denied') this.#denied.inc({ action: one.action }, one.times)
    else if (one.of === 'break-glass') this.#breakGlass.inc()
    else if (one.of === 'compared') this.#compared(one)
    else if (one.of === 'confirmed') this.#confirmed(one.names)
    else this.#schedule(one)
  }

  #probed({ result, seconds }: Extract<CountedEvent, { readonly of: 'probe' }>) {
    this.#probes.inc({ result })
    this.#cutOff.inc(seconds)
  }

  #compared({ differs, same, unconfirmed = [] }: Extract<CountedEvent, { readonly of: 'compared' }>) {
    for (const name of differs) this.#differing.add(name)
    for (const name of same) this.#differing.delete(name)
    for (const name of unconfirmed) this.#without.add(name)
    for (const name of [...differs, ...same]) this.#without.delete(name)
    this.#unconfirmed.set(this.#without.size)
    // Where nothing was compared, nobody knows of any switch that it is as it was.
    if (differs.length + same.length > 0) this.#drifted.set(this.#differing.size)
  }

  #confirmed(names: readonly string[]) {
    const found = names.filter((name) => this.#without.delete(name))
    if (found.length > 0) this.#unconfirmed.set(this.#without.size)
    const differed = names.filter((name) => this.#differing.delete(name))
    if (differed.length > 0) this.#drifted.set(this.#differing.size)
  }

  #schedule(one: Extract<CountedEvent, { readonly schedule: string }>) {
    const { schedule } = one
    if (one.of === 'missed') this.#missed.inc({ schedule }, one.times)
    else if (one.of === 'done') this.#done.set({ schedule }, one.at)
    else if (one.change === 'loaded') this.#missed.inc({ schedule }, 0)
    else this.#done.remove({ schedule })
  }
}
