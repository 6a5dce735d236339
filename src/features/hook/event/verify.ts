import { createHash, createHmac } from 'node:crypto'
import { isSameBytes, isSameText } from '../../../model/constant-time.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HookVerification } from '../../../project/files/settings/event-settings.ts'
import { type HookRequest, headerOf, refused, type Verification } from './hook-event.ts'

// How far the time of a signature may be from now, in seconds (Standard Webhooks 1.0.0: "within some allowable tolerance"; its libraries take
// 5 minutes).
const TOLERANCE = 300

/** Verifies the raw bytes of a request. `keys` are the secrets themselves, `now` is in milliseconds since the epoch. */
export function verifyHook({ way, keys }: HookVerification, request: HookRequest, now: number): Verification {
  return WAYS[way](keys, request, now)
}

type Verify = (keys: readonly string[], request: HookRequest, now: number) => Verification

// What tells one event from another is the body, where that alone is signed: who sends it again under another name sends the same event.
function verifyBody(
  keys: readonly string[],
  { body }: HookRequest,
  hash: 'sha256' | 'sha512',
  hex: string,
): Verification {
  const given = Buffer.from(hex, 'hex')
  const same = keys.map((key) => isSameBytes(given, createHmac(hash, longEnough(key)).update(body).digest()))
  if (!same.includes(true)) return refused('its signature is not good')
  return { ok: true, id: createHash('sha256').update(body).digest('hex') }
}

// GitHub signs the body alone (docs.github.com, "Validating webhook deliveries"): its `X-GitHub-Delivery` is not signed.
const github: Verify = (keys, request) => {
  const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(headerOf(request, 'x-hub-signature-256') ?? '') ?? []
  if (hex === undefined) return refused('it has no X-Hub-Signature-256')
  return verifyBody(keys, request, 'sha256', hex)
}

// NetBox signs the body alone, in hex (netbox.readthedocs.io, "Webhooks": X-Hook-Signature, HMAC-SHA-512).
const netbox: Verify = (keys, request) => {
  const [hex] = /^[0-9a-f]{128}$/.exec(headerOf(request, 'x-hook-signature') ?? '') ?? []
  if (hex === undefined) return refused('it has no X-Hook-Signature')
  return verifyBody(keys, request, 'sha512', hex)
}

// GitLab sends the secret token as it is, and signs by a signing token as Standard Webhooks do (docs.gitlab.com, "Webhooks").
const gitlab: Verify = (keys, request, now) => {
  const signing = keys.filter(isSigningKey)
  if (signing.length > 0 && headerOf(request, 'webhook-signature') !== undefined)
    return verifyStandardWebhook(signing, request, now)
  const tokens = keys.filter((key) => !isSigningKey(key))
  const token = headerOf(request, 'x-gitlab-token')
  if (tokens.length === 0) return refused('it has no webhook-signature')
  if (token === undefined) return refused('it has no X-Gitlab-Token')
  return sameAsOneOf(tokens, token) ? { ok: true } : refused('its token is not good')
}

// RFC 6750, section 2.1.
const bearer: Verify = (keys, request) => {
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(headerOf(request, 'authorization') ?? '') ?? []
  if (token === undefined) return refused('it has no bearer token')
  return sameAsOneOf(keys, token) ? { ok: true } : refused('its token is not good')
}

// The handshake has shown that the sender has the key of the certificate (RFC 8446, section 4.4.3): which one it is remains to be asked.
const mtls: Verify = (keys, { certificate }) => {
  if (certificate === undefined) return refused('it has shown no certificate')
  return keys.includes(certificate) ? { ok: true } : refused(`the certificate ${certificate} is another one`)
}

const WAYS: Readonly<Record<HookVerification['way'], Verify>> = {
  standardWebhooks: verifyStandardWebhook,
  github,
  netbox,
  gitlab,
  bearer,
  mtls,
}

function sameAsOneOf(keys: readonly string[], given: string) {
  return keys.map((key) => isSameText(given, longEnough(key))).includes(true)
}

// `now` is in milliseconds since the epoch.
function verifyStandardWebhook(keys: readonly string[], request: HookRequest, now: number): Verification {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(request, name),
  )
  if (id === undefined || id === '' || timestamp === undefined || signatures === undefined)
    return refused('it has no webhook-id, webhook-timestamp or webhook-signature')
  if (!/^\d{1,12}$/.test(timestamp)) return refused('webhook-timestamp is no time')
  const expected = keys.map((key) =>
    createHmac('sha256', signingKey(key)).update(`${id}.${timestamp}.`).update(request.body).digest(),
  )
  const given = signatures
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
  // All of them, so that the time says nothing of which one it is.
  const same = expected.flatMap((own) => given.map((one) => isSameBytes(one, own)))
  if (!same.includes(true)) return refused('its signature is not good')
  // Behind the signature: whoever has no key learns nothing of this clock.
  const age = Math.floor(now / 1000) - Number(timestamp)
  if (Math.abs(age) <= TOLERANCE) return { ok: true, id }
  const when = age > 0 ? `${age} s ago` : `${-age} s from now`
  return refused(`it was signed ${when}, and ${TOLERANCE} s are allowed`)
}

// The mark of a key of Standard Webhooks 1.0.0, section "Signature scheme".
const MARK = 'whsec_'
// A shorter key can be guessed: Standard Webhooks demands 24 bytes, and what people type has about as much in so many characters.
const SHORTEST = 16

function isSigningKey(secret: string) {
  return secret.startsWith(MARK)
}

// The bytes of a key of Standard Webhooks: base64, with its mark or without. Throws `secret` where it is none.
function signingKey(secret: string) {
  const text = isSigningKey(secret) ? secret.slice(MARK.length) : secret
  const bytes = Buffer.from(text, 'base64')
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && bytes.length >= SHORTEST) return bytes
  throw new EosflowError('secret', 'the key of a sender of events is no key of Standard Webhooks', {
    hint: `It is \`${MARK}\` and the base64 of 24 to 64 random bytes.`,
  })
}

// Throws `secret` where it is so short that it can be guessed.
function longEnough(secret: string) {
  if (secret.length >= SHORTEST) return secret
  throw new EosflowError('secret', `the secret of a sender of events has less than ${SHORTEST} characters`, {
    hint: 'Make a long one: openssl rand -hex 32',
  })
}
