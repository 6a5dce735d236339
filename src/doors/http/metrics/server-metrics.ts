import { Registry } from 'prom-client'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { Meter } from '../../../eos/device/meter.ts'
import type { Clock } from '../../../model/clock.ts'
import type { App } from '../../../project/app/app.ts'
import type { MetricsSettings } from '../../../project/files/settings/metrics-settings.ts'
import { isOfThisMachine } from '../../../project/files/settings/server-settings.ts'
import { listenAt } from '../request/listen.ts'
import type { FrontMeasurement } from './front-measurement.ts'
import { LoopLag } from './loop-lag.ts'
import { type ProcessMetrics, processMetrics } from './process-metrics.ts'
import { RecordMetrics } from './record-metrics.ts'
import { switchMetrics } from './switch-metrics.ts'

/** The metrics of a server, on the thread of the engine: no front that ends takes a number with it. */
export interface ServerMetrics {
  /** The port of `/metrics`. */
  readonly port: number
  /** The same application, measured: its sockets to switches, and what it appends to the journal. */
  measured(app: App): App
  /** Takes what the front has measured. */
  take(measured: FrontMeasurement): void
  close(): void
}

/**
 * Measures, and shows what was measured at `/metrics`. What cannot be looked at is reported to `failed` and shows as it was, and takes
 * nothing from the rest. Throws `busy` where the port is taken.
 */
export async function openServerMetrics(
  app: App,
  { listen, perSwitch }: MetricsSettings,
  failed: (what: string, error: unknown) => void,
): Promise<ServerMetrics> {
  const { clock } = app
  const registry = new Registry()
  const lag = new LoopLag(clock)
  const meter: Meter = switchMetrics({ registry, clock, perSwitch })
  const own: ProcessMetrics = processMetrics({ app, registry, loopLag: () => lag.longest() })
  const record = new CountedRecord()
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
      journalAs: (actor) => timedJournal(given.journalAs(actor), clock, (seconds) => own.appended(seconds)),
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

/** The metrics of the record. While a new front counts it anew, those of the front before are shown. */
class CountedRecord {
  #shown: RecordMetrics | undefined
  #counting: RecordMetrics | undefined

  /** What is shown now: nothing before the record was counted as a whole. */
  get registries(): readonly Registry[] {
    return this.#shown === undefined ? [] : [this.#shown.registry]
  }

  take({ isAnew, records, counted, isWhole }: Extract<FrontMeasurement, { readonly kind: 'counted' }>): void {
    if (isAnew) this.#counting = new RecordMetrics()
    const into = this.#counting ?? this.#shown
    into?.take(records, counted)
    if (!isWhole || this.#counting === undefined) return
    this.#shown = this.#counting
    this.#counting = undefined
  }
}

/** A journal that says how long each append took until it was durable, in seconds; one that is refused is not counted. */
function timedJournal(journal: Journal, clock: Pick<Clock, 'monotonic'>, appended: (seconds: number) => void): Journal {
  return {
    append: async (execution, events, after, again) => {
      const begun = clock.monotonic()
      const written = await journal.append(execution, events, after, again)
      appended((clock.monotonic() - begun) / 1000)
      return written
    },
    read: (execution) => journal.read(execution),
  }
}
