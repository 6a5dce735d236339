import { Gauge, Histogram, type Registry } from 'prom-client'
import type { ConnectMeter, Meter, MeterResult, RequestMeter } from '../../../eos/device/meter.ts'
import type { Clock } from '../../../model/clock.ts'

/** In seconds: a look at an idle switch takes 30 ms, a large replace takes minutes (docs/eos.md 1.5). */
const REQUEST_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const CONNECT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What is kept of the sockets to switches. */
export interface SwitchMetricsOptions {
  readonly registry: Registry
  readonly clock: Pick<Clock, 'monotonic'>
  /** Whether each switch has its own series. */
  readonly perSwitch: boolean
}

/** A meter that keeps what it hears as metrics. */
export function switchMetrics({ registry, clock, perSwitch }: SwitchMetricsOptions): Meter {
  const own = perSwitch ? ['switch'] : []
  const registers = [registry]
  const request = new Histogram({
    name: 'eosflow_switch_request_duration_seconds',
    help: 'From the first byte of a request on the socket to the last byte of its answer. One verb may be several requests.',
    labelNames: ['transport', 'op', 'result', ...own],
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const firstByte = new Histogram({
    name: 'eosflow_switch_first_byte_seconds',
    help: 'From the first byte of a request on the socket to the first byte of its answer.',
    labelNames: ['transport', 'op', ...own],
    buckets: REQUEST_BUCKETS,
    registers,
  })
  const connect = new Histogram({
    name: 'eosflow_switch_connect_duration_seconds',
    help: 'How long a connection to a switch takes. Phase tcp; then tls over eAPI, or login over SSH: key exchange, login and shell.',
    labelNames: ['transport', 'phase', 'result', ...own],
    buckets: CONNECT_BUCKETS,
    registers,
  })
  const inFlight = new Gauge({
    name: 'eosflow_switch_requests_in_flight',
    help: 'Requests on sockets to switches that are not answered yet.',
    labelNames: ['transport'],
    registers,
  })
  const since = (start: number): number => (clock.monotonic() - start) / 1000
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
