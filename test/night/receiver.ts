import { Webhook } from 'standardwebhooks'
import { openService } from '../lab/service.ts'
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
  const { origin, close } = await openService((request, response, { body }) => {
    const headers = request.headers as Record<string, string>
    try {
      received.push({ headers, event: webhook.verify(body, headers) as NoticeEvent })
      response.writeHead(204).end()
    } catch {
      refused += 1
      response.writeHead(401).end()
    }
  })
  return {
    url: `${origin}/notices`,
    received,
    refused: () => refused,
    next: (type, holds = () => true) =>
      until(`a notice ${type}`, () =>
        received.find(({ event }) => event.type === `eosflow.${type}.v1` && holds(event)),
      ),
    close,
  }
}
