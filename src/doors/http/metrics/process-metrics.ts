import { dirname } from 'node:path'
import type { Registry } from 'prom-client'
import { targetCursor } from '../../../features/notify/given-up.ts'
import { VERSION } from '../../../model/version.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { systemDisk } from '../../../project/system/machine/disk.ts'
import { noSeams } from '../../../project/system/process/host.ts'
import type { FrontMeasurement } from './front-measurement.ts'
import { metricsIn } from './metrics-in.ts'

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
