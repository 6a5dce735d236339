import { Registry } from 'prom-client'
import { heardJournal, type Subscriber } from '../../../change/record/store/journal.ts'
import type { ConnectMeter, Meter, MeterResult, RequestMeter } from '../../../eos/device/meter.ts'
import type { Clock } from '../../../model/clock.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import type { MetricsSettings } from '../../../project/files/settings/metrics-settings.ts'
import { isOfThisMachine } from '../../../project/files/settings/server-settings.ts'
import { listenAt } from '../request/listen.ts'
import type { FrontMeasurement } from './front-measures.ts'
import { LoopLag } from './loop-lag.ts'
import { metricsIn, processMetrics, RecordMetrics } from './process-metrics.ts'

// In seconds: a look at an idle switch takes 30 ms, a large replace takes minutes (docs/eos.md 1.5).
const REQUEST_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const CONNECT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface SwitchMetricsOptions {
  readonly registry: Registry
  readonly clock: Pick<Clock, 'monotonic'>
  readonly perSwitch: boolean
}

function switchMetrics({ registry, clock, perSwitch }: SwitchMetricsOptions): Meter {
  const own = perSwitch ? ['switch'] : []
  const make = metricsIn(registry)
  const request = make.histogram(
    'eosflow_switch_request_duration_seconds',
    'From the first byte of a request on the socket to the last byte of its answer. One verb may be several requests.',
    REQUEST_BUCKETS,
    'transport',
    'op',
    'result',
    ...own,
  )
  const firstByte = make.histogram(
    'eosflow_switch_first_byte_seconds',
    'From the first byte of a request on the socket to the first byte of its answer.',
    REQUEST_BUCKETS,
    'transport',
    'op',
    ...own,
  )
  const connect = make.histogram(
    'eosflow_switch_connect_duration_seconds',
    'How long a connection to a switch takes. Phase tcp; then tls over eAPI, or login over SSH: key exchange, login and shell.',
    CONNECT_BUCKETS,
    'transport',
    'phase',
    'result',
    ...own,
  )
  const inFlight = make.gauge(
    'eosflow_switch_requests_in_flight',
    'Requests on sockets to switches that are not answered yet.',
    'transport',
  )
  const since = (start: number) => (clock.monotonic() - start) / 1000
  return {
    line: ({ transport, device }) => {
      const named = perSwitch ? { switch: device } : {}
      return {
        connect: () =>
          connecting(since, clock.monotonic(), (labels, seconds) =>
            connect.observe({ transport, ...labels, ...named }, seconds),
          ),
        request: (op): RequestMeter => {
          const start = clock.monotonic()
          let last: number | undefined
          let isOver = false
          inFlight.inc({ transport })
          return {
            heard: () => {
              if (last === undefined) firstByte.observe({ transport, op, ...named }, since(start))
              last = since(start)
            },
            ended: (result) => {
              if (isOver) return
              isOver = true
              inFlight.dec({ transport })
              // Where nothing more has come, it is how long that was waited for.
              request.observe(
                { transport, op, result, ...named },
                result === 'ok' && last !== undefined ? last : since(start),
              )
            },
          }
        },
      }
    },
  }
}

function connecting(
  since: (start: number) => number,
  start: number,
  observe: (labels: { readonly phase: 'tcp' | 'tls' | 'login'; readonly result: MeterResult }, seconds: number) => void,
): ConnectMeter {
  let reached: { readonly after: number; readonly then: 'tls' | 'login' | undefined } | undefined
  let isOver = false
  return {
    reached: (then) => {
      reached = { after: since(start), then }
      observe({ phase: 'tcp', result: 'ok' }, reached.after)
    },
    ended: (result) => {
      if (isOver) return
      isOver = true
      const all = since(start)
      if (reached === undefined) observe({ phase: 'tcp', result }, all)
      else if (reached.then !== undefined) observe({ phase: reached.then, result }, all - reached.after)
    },
  }
}

export interface ServerMetrics {
  readonly port: number
  measured(app: App): App
  take(measured: FrontMeasurement): void
  close(): void
}

/** Measures, and shows what was measured at `/metrics`. What cannot be looked at is reported to `failed` and shows as it was, and takes nothing from the rest. */
export async function openServerMetrics(
  app: RecordApp,
  { listen, perSwitch }: MetricsSettings,
  failed: (what: string, error: unknown) => void,
): Promise<ServerMetrics> {
  const { clock } = app
  const registry = new Registry()
  const lag = new LoopLag(clock)
  const meter: Meter = switchMetrics({ registry, clock, perSwitch })
  const own = processMetrics({ app, registry, loopLag: () => lag.longest() })
  const record = new CountedRecord()
  // How long each append took until it was durable, in seconds; one that is refused is not counted.
  const timed: Subscriber = () => {
    const begun = clock.monotonic()
    return { written: () => own.appended((clock.monotonic() - begun) / 1000) }
  }
  const { port, close } = await listenAt({
    listen,
    clock,
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      // A page of elsewhere whose name leads here reads nothing.
      if (!isOfThisMachine(request.url)) return new Response(null, { status: 421 })
      if (pathname !== '/metrics') return new Response(null, { status: 404 })
      if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })
      await own.look().catch((error: unknown) => failed('metrics', error))
      const text = await Registry.merge([registry, ...record.registries]).metrics()
      return new Response(text, { headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' } })
    },
  })
  return {
    port,
    measured: (given) => ({
      ...given,
      meter,
      journalAs: (actor) => heardJournal(given.journalAs(actor), [timed]),
    }),
    take: (measured) => {
      if (measured.kind === 'counted') record.take(measured)
      else own.take(measured)
    },
    close: () => {
      lag.close()
      close()
    },
  }
}

class CountedRecord {
  #shown: RecordMetrics | undefined
  #counting: RecordMetrics | undefined

  get registries() {
    return this.#shown === undefined ? [] : [this.#shown.registry]
  }

  take({ isAnew, records, counted, isWhole }: Extract<FrontMeasurement, { readonly kind: 'counted' }>) {
    if (isAnew) this.#counting = new RecordMetrics()
    const into = this.#counting ?? this.#shown
    into?.take(records, counted)
    if (!isWhole || this.#counting === undefined) return
    this.#shown = this.#counting
    this.#counting = undefined
  }
}
