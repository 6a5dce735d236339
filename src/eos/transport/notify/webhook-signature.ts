import { createHmac } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'

const PREFIX = 'whsec_'
// Standard Webhooks 1.0 wants 24 to 64 bytes of key (Signature scheme, Secret).
const SHORTEST = 24
const LONGEST = 64

/** What is signed: `webhook-id`, the time in seconds since the epoch, and the body as it is sent. */
export interface SignedMessage {
  readonly id: string
  readonly seconds: number
  readonly body: string
}

/** The headers of a signed webhook (Standard Webhooks 1.0: HMAC-SHA-256 over id, time and body). `secret`: `whsec_` and base64. */
export function webhookHeaders(
  { id, seconds, body }: SignedMessage,
  secret: string,
  name: string,
): Readonly<Record<string, string>> {
  const signature = createHmac('sha256', keyIn(secret, name)).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}

function keyIn(secret: string, name: string) {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  const key = Buffer.from(text, 'base64')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && key.length >= SHORTEST && key.length <= LONGEST) return key
  throw new EosflowError(
    'secret',
    `${name}: its secret is not ${PREFIX} and the base64 of ${SHORTEST} to ${LONGEST} bytes`,
    {
      hint: `Make one with: echo "${PREFIX}$(openssl rand -base64 32)"`,
    },
  )
}
