import type { EventBody } from '../../../change/record/event/event.ts'
import type { Journal, Subscriber } from '../../../change/record/store/journal.ts'
import type { ConnectMeter, Meter } from '../../../eos/device/meter.ts'
import type { Clock } from '../../../model/clock.ts'
import { messageOf } from '../../../model/error.ts'
import { readTraceParent, type TraceParent, traceParentText } from '../../../model/trace-parent.ts'
import { ExecutionSpans, type TracedExecution } from './execution-spans.ts'
import type { Spans } from './spans.ts'

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
