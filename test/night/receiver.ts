import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { listen } from '../lab/loopback.ts'
import { until } from './until.ts'

/** A notice as it was received. Its signature is good. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>
  readonly event: NoticeEvent
}

/** The CloudEvent of a notice (docs/notifications.md#the-webhook). */
export interface NoticeEvent {
  readonly id: string
  readonly type: string
  readonly subject?: string
  /** The extension for distributed tracing. */
  readonly traceparent?: string
  readonly data: {
    readonly title: string
    readonly text: string
    readonly execution?: string
    readonly workflow?: string
    readonly outcome?: string
    readonly devices?: readonly string[]
    readonly link?: string
    readonly [member: string]: unknown
  }
}

/** A program that takes notices, and nothing whose signature the package standardwebhooks does not verify. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** How many requests were refused. */
  refused(): number
  /** The first notice of a type for which something holds, once it is there. */
  next(type: string, holds?: (event: NoticeEvent) => boolean): Promise<Received>
  close(): Promise<void>
}

/** Starts it on loopback. */
export async function startReceiver(secret: string): Promise<Receiver> {
  const received: Received[] = []
  const webhook = new Webhook(secret)
  let refused = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const headers = request.headers as Record<string, string>
    try {
      const event = webhook.verify(Buffer.concat(chunks).toString(), headers) as NoticeEvent
      received.push({ headers, event })
      response.writeHead(204).end()
    } catch {
      refused += 1
      response.writeHead(401).end()
    }
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/notices`,
    received,
    refused: () => refused,
    next: (type, holds = () => true) =>
      until(`a notice ${type}`, () =>
        received.find(({ event }) => event.type === `eosflow.${type}.v1` && holds(event)),
      ),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
