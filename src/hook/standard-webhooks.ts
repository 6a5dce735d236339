import { createHmac } from 'node:crypto'
import { isSameBytes } from '../model/constant-time.ts'
import { type HookRequest, headerOf, type Verification } from './hook-request.ts'
import { signingKey } from './signing-key.ts'

/** How far the time of a signature may be from now, in seconds (Standard Webhooks 1.0.0: "within some allowable tolerance"; its libraries take 5 minutes). */
const TOLERANCE = 300

/**
 * Verifies a request as Standard Webhooks 1.0.0 signs it: `webhook-signature` holds HMAC-SHA256 over `id.timestamp.body`, one for each key
 * that the sender has. `now` is in milliseconds since the epoch.
 */
export function verifyStandardWebhook(keys: readonly string[], request: HookRequest, now: number): Verification {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(request, name),
  )
  if (id === undefined || id === '' || timestamp === undefined || signatures === undefined)
    return { ok: false, reason: 'it has no webhook-id, webhook-timestamp or webhook-signature' }
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'webhook-timestamp is no time' }
  const expected = keys.map((key) =>
    createHmac('sha256', signingKey(key)).update(`${id}.${timestamp}.`).update(request.body).digest(),
  )
  const given = signatures
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
  // All of them, so that the time says nothing of which one it is.
  const same = expected.flatMap((own) => given.map((one) => isSameBytes(one, own)))
  if (!same.includes(true)) return { ok: false, reason: 'its signature is not good' }
  // Behind the signature: whoever has no key learns nothing of this clock.
  const age = Math.floor(now / 1000) - Number(timestamp)
  if (Math.abs(age) <= TOLERANCE) return { ok: true, id }
  const when = age > 0 ? `${age} s ago` : `${-age} s from now`
  return { ok: false, reason: `it was signed ${when}, and ${TOLERANCE} s are allowed` }
}
