import { createServer, type IncomingHttpHeaders } from 'node:http'
import { onTestFinished } from 'vitest'
import { listen } from '../../lab/listen.ts'
import { faultsOf, type Signal } from './otlp-message.ts'

/** A span as it is sent, with plain attributes. */
export interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code?: number; readonly message?: string }
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly at: Readonly<Record<string, string | number>>
}

/** A collector on this machine. */
export interface OtlpReceiver {
  readonly endpoint: string
  /** Every body that came. */
  readonly bodies: readonly string[]
  readonly headers: readonly IncomingHttpHeaders[]
  /** What the .proto files do not know in them. */
  readonly faults: readonly string[]
  /** The attributes of the resource of the newest traces. */
  readonly resource: Readonly<Record<string, string | number>>
  /** All spans, in order of their beginning. */
  spans(): readonly SentSpan[]
}

/** Starts such a collector, which ends with the test. */
export async function otlpReceiver(): Promise<OtlpReceiver> {
  const receiver = await startOtlpReceiver()
  onTestFinished(() => receiver.close())
  return receiver
}

/** Starts a collector that takes OTLP over HTTP in JSON, and refuses what the .proto files of OpenTelemetry do not know. */
export async function startOtlpReceiver(): Promise<OtlpReceiver & { close(): void }> {
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const faults: string[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    request.on('end', () => {
      const signal = /^\/v1\/(traces|logs)$/.exec(request.url ?? '')?.[1] as Signal | undefined
      const found = signal === undefined ? [`${request.url}: nothing is taken here`] : faultsOf(signal, text)
      bodies.push(text)
      headers.push(request.headers)
      faults.push(...found)
      response.writeHead(found.length === 0 ? 200 : 400, { 'content-type': 'application/json' }).end('{}')
    })
  })
  const port = await listen(server)
  return {
    close: () => {
      server.close()
      server.closeAllConnections()
    },
    endpoint: `http://127.0.0.1:${port}`,
    bodies,
    headers,
    faults,
    get resource() {
      return plain(requestsIn(bodies).at(-1)?.resource.attributes ?? [])
    },
    spans: () => spansIn(bodies),
  }
}

/** The spans of bodies that were taken, in order of their beginning. */
function spansIn(bodies: readonly string[]): readonly SentSpan[] {
  return requestsIn(bodies)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map((span) => ({ ...span, at: plain(span.attributes) }))
    .toSorted((one, other) => Number(BigInt(one.startTimeUnixNano) - BigInt(other.startTimeUnixNano)))
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string }
}

interface ResourceSpans {
  readonly resource: { readonly attributes: readonly Attribute[] }
  readonly scopeSpans: readonly {
    readonly spans: readonly (SentSpan & { readonly attributes: readonly Attribute[] })[]
  }[]
}

function requestsIn(bodies: readonly string[]): readonly ResourceSpans[] {
  return bodies.flatMap(
    (body) => (JSON.parse(body) as { readonly resourceSpans?: readonly ResourceSpans[] }).resourceSpans ?? [],
  )
}

function plain(attributes: readonly Attribute[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)] as const),
  )
}
