import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node'
import { once } from '../../../model/once.ts'
import type { TraceParent } from '../../../model/trace-parent.ts'
import { VERSION } from '../../../model/version.ts'
import type { Spans } from './spans.ts'

// So long a process waits at its end for what has not been sent, in milliseconds.
const FLUSH = 3_000

export interface OtelOptions {
  readonly url: string
  scrub(text: string): string
  lost(): void
}

/** The packages of this file are installed by whoever wants traces: it is loaded by `import()` alone, which rejects where one of them is not there. */
export function otelSpans({ url, scrub, lost }: OtelOptions): Spans {
  const tell = once(lost)
  const named = resourceFromAttributes({ 'service.name': 'eosflow', 'service.version': VERSION })
  const provider = new NodeTracerProvider({
    forceFlushTimeoutMillis: FLUSH,
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(telling(scrubbing(new OTLPTraceExporter({ url }), scrub), tell))],
  })
  const tracer = provider.getTracer('eosflow', VERSION)
  return {
    open: ({ name, kind, parent, link, at, attributes }) => {
      const span = tracer.startSpan(
        name,
        {
          kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
          startTime: timeOf(at),
          attributes,
          links: link === undefined ? [] : [{ context: contextOf(link) }],
        },
        under(parent),
      )
      const { traceId, spanId, traceFlags } = span.spanContext()
      return {
        context: { traceId, spanId, isSampled: (traceFlags & 1) === 1 },
        end: ({ at: over, attributes: more = {}, error }) => {
          span.setAttributes(more)
          if (error !== undefined) {
            span.setAttribute('error.type', error)
            span.setStatus({ code: SpanStatusCode.ERROR, message: error })
          }
          span.end(timeOf(over))
        },
      }
    },
    close: () => provider.forceFlush().catch(tell),
  }
}

function under(parent: TraceParent | undefined) {
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent))
}

function contextOf({ traceId, spanId, isSampled }: TraceParent) {
  return { traceId, spanId, traceFlags: isSampled ? 1 : 0, isRemote: true }
}

// Seconds and nanoseconds: the SDK reads a number below half of the present as one since the start of the process.
function timeOf(milliseconds: number): [number, number] {
  const seconds = Math.floor(milliseconds / 1000)
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1_000_000)]
}

function scrubbing(exporter: SpanExporter, scrub: (text: string) => string): SpanExporter {
  const scrubbed = (attributes: Attributes): Attributes =>
    Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [scrub(key), typeof value === 'string' ? scrub(value) : value]),
    )
  return {
    export: (spans, done) => {
      const resource = resourceFromAttributes(scrubbed(spans[0]?.resource.attributes ?? {}))
      exporter.export(
        spans.map((span) =>
          Object.create(span, {
            name: { value: scrub(span.name) },
            resource: { value: resource },
            attributes: { value: scrubbed(span.attributes) },
          }),
        ),
        done,
      )
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined ? {} : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  }
}

function telling(exporter: SpanExporter, lost: () => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) lost()
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined ? {} : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  }
}
