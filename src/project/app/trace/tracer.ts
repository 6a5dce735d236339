import { parentOf } from '../../../change/engine/scope-path.ts'
import type { EventBody, JournalEvent, Outcome } from '../../../change/record/event/event.ts'
import type { Journal, Subscriber } from '../../../change/record/store/journal.ts'
import { transitionsOf } from '../../../change/record/transitions.ts'
import type { ConnectMeter, Meter } from '../../../eos/device/meter.ts'
import type { Clock } from '../../../model/clock.ts'
import { messageOf } from '../../../model/error.ts'
import { readTraceParent, type TraceParent, traceParentText } from '../../../model/trace-parent.ts'
import type { OpenSpan, SpanAttributes, SpanEnd, Spans } from './spans.ts'

interface TracedExecution {
  readonly id: string
  readonly workflow: string
  readonly purpose: 'plan' | 'run'
  readonly parent: TraceParent | undefined
  // `resumed`: another process, or this one before a rest, has begun it.
  readonly taken: 'started' | 'resumed' | 'redriven'
  // Milliseconds since the epoch.
  readonly at: number
}

interface OpenState {
  readonly span: OpenSpan
  device?: string
  isTask?: true
  error?: string
}

const NOWHERE = ''

// How an outcome is called in traces of pipelines (OpenTelemetry semantic conventions, `cicd.pipeline.result`).
const RESULTS: Readonly<Record<Outcome, 'success' | 'failure' | 'error' | 'cancellation'>> = {
  planned: 'success',
  'nothing-to-do': 'success',
  succeeded: 'success',
  // Switches have failed and were put back: what the workflow tolerates is no success of each.
  tolerated: 'failure',
  refused: 'failure',
  'rolled-back': 'failure',
  cancelled: 'cancellation',
  failed: 'failure',
  unknown: 'error',
}

const AT_WORK = [
  'TaskScheduled',
  'TaskStarted',
  'TaskSucceeded',
  'TaskFailed',
  'TaskTimedOut',
  'StateExited',
  'StateFailed',
]

/** While a state waits for a person it has no span; the next one of it has a link to the one before. */
export class ExecutionSpans {
  readonly #spans: Spans
  readonly #execution: TracedExecution
  readonly #own: OpenSpan
  readonly #states = new Map<string, OpenState>()
  readonly #waited = new Map<string, TraceParent>()
  readonly #newest = new Map<string, string>()
  #isOver = false

  constructor(spans: Spans, execution: TracedExecution) {
    const { id, workflow, purpose, parent, taken, at } = execution
    this.#spans = spans
    this.#execution = execution
    this.#own = spans.open({
      name: `execution ${workflow}`,
      kind: 'internal',
      parent,
      at,
      attributes: {
        'cicd.pipeline.name': workflow,
        'cicd.pipeline.run.id': id,
        'eosflow.purpose': purpose,
        'eosflow.taken': taken,
      },
    })
  }

  get context(): TraceParent {
    return this.#own.context
  }

  around(device: string): TraceParent {
    const tasks = [...this.#states.values()].filter(({ isTask }) => isTask)
    const [only] = tasks.length === 1 ? tasks : []
    const state = this.#newestOn(device) ?? this.#newestOn('') ?? only
    return (state?.span ?? this.#own).context
  }

  heed(event: JournalEvent): void {
    if (this.#isOver || event.execution !== this.#execution.id) return
    for (const one of transitionsOf(event)) this.#take(one)
  }

  #take(event: JournalEvent) {
    const at = Date.parse(event.at)
    if (event.type === 'ExecutionEnded') this.#ended(event.outcome, event.error?.kind, at)
    else if (event.type === 'StateEntered') this.#enter(event.path, event.state, at)
    else if (event.type === 'TaskWaiting') this.#wait(placeOf(event), at)
    else if (event.type === 'StateAborted')
      this.#leave(placeOf(event), { at, attributes: { 'eosflow.result': 'aborted' } })
    else if (AT_WORK.includes(event.type) && 'path' in event && 'state' in event) this.#atWork(event as AtWork, at)
  }

  rest(at: number): void {
    if (!this.#isOver) this.#end('rests', { at, attributes: { 'eosflow.result': 'rests' } })
  }

  #newestOn(device: string) {
    return this.#states.get(this.#newest.get(device) ?? NOWHERE)
  }

  #atWork(event: AtWork, at: number) {
    const place = placeOf(event)
    const open = this.#states.get(place) ?? this.#enter(event.path, event.state, at)
    if (event.type === 'TaskStarted') {
      this.#newest.set(event.device ?? '', place)
      open.isTask = true
      if (event.device !== undefined) open.device = event.device
    } else if (event.type === 'TaskFailed' || event.type === 'TaskTimedOut') open.error = event.error.kind
    else if (event.type === 'StateExited') {
      const caught = event.caught === undefined ? {} : { 'eosflow.caught': open.error ?? 'failed' }
      this.#leave(place, {
        at,
        attributes: { 'eosflow.result': event.caught === undefined ? 'ok' : 'caught', ...caught },
      })
    } else if (event.type === 'StateFailed')
      this.#leave(place, { at, attributes: { 'eosflow.result': 'failed' }, error: event.error.kind })
  }

  #enter(path: string, state: string, at: number) {
    const place = placeOf({ path, state })
    const around = parentOf(path)
    const holder =
      around === undefined
        ? undefined
        : (this.#states.get(placeOf(around)) ?? this.#enter(around.path, around.state, at))
    const span = this.#spans.open({
      name: state,
      kind: 'internal',
      parent: (holder?.span ?? this.#own).context,
      link: this.#waited.get(place),
      at,
      attributes: { 'cicd.pipeline.task.name': state, ...(path === '' ? {} : { 'eosflow.path': path }) },
    })
    this.#waited.delete(place)
    const open: OpenState = { span }
    this.#states.set(place, open)
    return open
  }

  #wait(place: string, at: number) {
    const open = this.#states.get(place)
    if (open === undefined) return
    this.#waited.set(place, open.span.context)
    this.#leave(place, { at, attributes: { 'eosflow.result': 'waits' } })
  }

  #leave(place: string, end: SpanEnd) {
    const open = this.#states.get(place)
    if (open === undefined) return
    this.#states.delete(place)
    const device: SpanAttributes = open.device === undefined ? {} : { 'eosflow.switch': open.device }
    open.span.end({ ...end, attributes: { ...end.attributes, ...device } })
  }

  #ended(outcome: Outcome, kind: string | undefined, at: number) {
    const result = RESULTS[outcome]
    const attributes = { 'cicd.pipeline.result': result, 'eosflow.outcome': outcome }
    this.#end('ended', { at, attributes, ...(result === 'success' ? {} : { error: kind ?? outcome }) })
  }

  #end(open: 'rests' | 'ended', end: SpanEnd) {
    this.#isOver = true
    // The newest first: a state ends before the one around it.
    for (const place of [...this.#states.keys()].reverse())
      this.#leave(place, { at: end.at, attributes: { 'eosflow.result': open } })
    this.#own.end(end)
  }
}

type AtWork = JournalEvent & {
  readonly type: 'TaskStarted' | 'TaskFailed' | 'TaskTimedOut' | 'TaskSucceeded' | 'StateExited' | 'StateFailed'
}

const placeOf = ({ path, state }: { readonly path: string; readonly state: string }) => `${path} ${state}`

interface RequestSpans {
  readonly spans: Spans
  around(device: string): TraceParent
}

const UNHEARD: ConnectMeter = { reached: () => undefined, ended: () => undefined }

// A meter that has each request to a switch as a span, from its first byte to the last byte of the answer.
function requestMeter(clock: Pick<Clock, 'now' | 'monotonic'>, now: () => RequestSpans | undefined): Meter {
  return {
    line: ({ device, host, port, transport }) => ({
      connect: () => UNHEARD,
      request: (op) => {
        const open = now()
        const [at, begun] = [clock.now(), clock.monotonic()]
        const span = open?.spans.open({
          name: op,
          kind: 'client',
          parent: open.around(device),
          at,
          attributes: {
            'server.address': host,
            'server.port': port,
            'network.transport': 'tcp',
            'network.protocol.name': transport === 'ssh' ? 'ssh' : 'http',
            'eosflow.switch': device,
            'eosflow.op': op,
          },
        })
        let last: number | undefined
        return {
          heard: () => {
            last = clock.monotonic()
          },
          ended: (result) =>
            span?.end({
              at: at + Math.max(0, (last ?? clock.monotonic()) - begun),
              ...(result === 'ok' ? {} : { error: result }),
            }),
        }
      },
    }),
  }
}

export interface Tracer {
  readonly hears: Subscriber
  meter(execution: string): Meter
  /** The `traceparent` of what an execution does now; undefined where it has no span here. */
  traceOf(execution: string): string | undefined
  rest(execution: string): void
  close(): Promise<void>
}

export interface TracerOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  tell(text: string): void
  scrub(text: string): string
  connect?(url: string): Promise<Spans>
}

/**
 * The tracer of this process; undefined where OTEL_EXPORTER_OTLP_ENDPOINT does not say where traces go. Then, and before the first
 * execution, nothing of OpenTelemetry is loaded.
 */
export function openTracer(options: TracerOptions): Tracer | undefined {
  const url = endpointOf(options.env)
  return url === undefined ? undefined : new ProcessTracer(url, options)
}

function endpointOf(env: TracerOptions['env']) {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return undefined
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  if (own !== undefined && own !== '') return own
  const common = env.OTEL_EXPORTER_OTLP_ENDPOINT
  return common === undefined || common === '' ? undefined : `${common.replace(/\/$/, '')}/v1/traces`
}

type Taken = EventBody & { readonly type: 'ExecutionStarted' | 'ExecutionResumed' | 'ExecutionRedriven' }

const TAKEN = { ExecutionStarted: 'started', ExecutionResumed: 'resumed', ExecutionRedriven: 'redriven' } as const

class ProcessTracer implements Tracer {
  readonly #url: string
  readonly #options: TracerOptions
  #spans: Promise<Spans | undefined> | undefined
  readonly #executions = new Map<string, { readonly of: ExecutionSpans; readonly spans: Spans }>()

  constructor(url: string, options: TracerOptions) {
    this.#url = url
    this.#options = options
  }

  readonly hears: Subscriber = async ({ of, events }, journal) => {
    const taken = events.find(isTaken)
    const begun = of === undefined || taken === undefined ? undefined : await this.#begun(of, taken, journal)
    const trace = begun && traceParentText(begun.of.context)
    return {
      ...(trace === undefined
        ? {}
        : { events: events.map((event) => (event.type === 'ExecutionStarted' ? { ...event, trace } : event)) }),
      written: (written) => {
        if (of !== undefined && begun !== undefined) this.#executions.set(of, begun)
        for (const event of written) this.#executions.get(event.execution ?? '')?.of.heed(event)
      },
    }
  }

  meter(execution: string) {
    return requestMeter(this.#options.clock, () => {
      const open = this.#executions.get(execution)
      return open === undefined ? undefined : { spans: open.spans, around: (device) => open.of.around(device) }
    })
  }

  traceOf(execution: string) {
    const open = this.#executions.get(execution)
    return open === undefined ? undefined : traceParentText(open.of.context)
  }

  rest(execution: string) {
    this.#executions.get(execution)?.of.rest(this.#options.clock.now())
    this.#executions.delete(execution)
  }

  async close() {
    for (const execution of [...this.#executions.keys()]) this.rest(execution)
    await (await this.#spans)?.close()
  }

  async #begun(execution: string, event: Taken, journal: Journal) {
    this.#spans ??= this.#connected()
    const spans = await this.#spans
    if (spans === undefined) return undefined
    const at = this.#options.clock.now()
    const started = event.type === 'ExecutionStarted' ? event : await startOf(execution, journal)
    if (started === undefined) return undefined
    const { workflow, purpose, trace } = started
    const traced: TracedExecution = {
      id: execution,
      workflow,
      purpose,
      parent: readTraceParent(trace),
      taken: TAKEN[event.type],
      at,
    }
    return { of: new ExecutionSpans(spans, traced), spans }
  }

  async #connected() {
    const { env, tell, scrub, connect } = this.#options
    const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL
    if (protocol === 'grpc') {
      tell('! no traces: OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and eosflow sends http/json\n')
      return undefined
    }
    try {
      if (connect !== undefined) return await connect(this.#url)
      const { otelSpans } = await import('./otel-spans.ts')
      const lost = () => tell('! traces are lost: the collector of OTEL_EXPORTER_OTLP_ENDPOINT does not take them\n')
      return otelSpans({ url: this.#url, scrub, lost })
    } catch (error) {
      // What is no address may hold a password all the same.
      tell(`! no traces: ${whyNot(error).replaceAll(this.#url, '…')}\n`)
      return undefined
    }
  }
}

function isTaken(event: EventBody): event is Taken {
  return event.type in TAKEN
}

async function startOf(execution: string, journal: Journal) {
  return (await journal.read(execution)).find((event) => event.type === 'ExecutionStarted')
}

function whyNot(error: unknown) {
  const message = messageOf(error)
  const [missing] = /@opentelemetry\/[\w-]+/.exec(message) ?? []
  if (missing === undefined || !/cannot find/i.test(message)) return message.split('\n', 1)[0] ?? ''
  return `OTEL_EXPORTER_OTLP_ENDPOINT is set, and the package ${missing} is not installed; docs/traces.md names those that are needed`
}
