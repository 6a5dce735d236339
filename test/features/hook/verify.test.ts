import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import type { HookRequest } from '../../../src/features/hook/event/hook-event.ts'
import { verifyHook } from '../../../src/features/hook/event/verify.ts'
import type { HookVerification } from '../../../src/project/files/settings/event-settings.ts'

const NOW = Date.UTC(2026, 0, 5, 8)

const verified = (
  way: HookVerification['way'],
  keys: readonly string[],
  headers: HookRequest['headers'],
  { body = '{}', now = NOW, certificate }: { body?: string; now?: number; certificate?: string } = {},
) => {
  const request = { headers, body: Buffer.from(body), ...(certificate === undefined ? {} : { certificate }) }
  const made = verifyHook({ way, keys }, request, now)
  return made.ok ? `ok ${made.id ?? ''}`.trim() : made.reason
}

/** docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation". */
const GITHUB = {
  secret: "It's a Secret to Everybody",
  body: 'Hello, World!',
  signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
}
/** SHA-256 of `Hello, World!`. */
const HELLO = 'dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f'

describe('NetBox', () => {
  // printf 'Hello, World!' | openssl dgst -sha512 -hmac "It's a Secret to Everybody"
  const signature =
    '11ed355a617e98134e842012a7944ccf59c10256cb182357bd7e3a42013ff07c376f8c14cf5cc1923da20b51d64256b2fb8ebbf100aa67a61326f61fea8111bc'
  const { secret, body } = GITHUB
  const judged = (given: string, key = secret, text = body) =>
    verified('netbox', [key], { 'x-hook-signature': given }, { body: text })
  test('[E13] HMAC-SHA-512 of the body, in hex, is good, and nothing else is', () => {
    expect(judged(signature)).toBe(`ok ${HELLO}`)
    expect(judged(signature, "It's a Secret to Nobody!!")).toBe('its signature is not good')
    expect(judged(signature, secret, 'Hello, world!')).toBe('its signature is not good')
    for (const other of ['', signature.slice(1), signature.toUpperCase(), `sha512=${signature}`])
      expect(judged(other)).toBe('it has no X-Hook-Signature')
  })
})

describe('GitHub', () => {
  const { secret, body, signature } = GITHUB
  test('the vector of its documentation is good, and what tells the event apart is what was signed', () => {
    expect(verified('github', [secret], { 'x-hub-signature-256': signature }, { body })).toBe(`ok ${HELLO}`)
    // While a secret is replaced either is good.
    const two = ['another secret of everybody', secret]
    expect(verified('github', two, { 'x-hub-signature-256': signature }, { body })).toBe(`ok ${HELLO}`)
    expect(verified('github', two.toReversed(), { 'x-hub-signature-256': signature }, { body })).toBe(`ok ${HELLO}`)
  })

  test.each<[string, { secret?: string; body?: string; signature?: string }, string]>([
    ['another secret', { secret: "It's a Secret to Nobody!!" }, 'its signature is not good'],
    ['a changed byte', { body: 'Hello, world!' }, 'its signature is not good'],
    ['a byte more', { body: 'Hello, World!\n' }, 'its signature is not good'],
    ['a changed digit', { signature: signature.replace(/7$/, '8') }, 'its signature is not good'],
    ['half a signature', { signature: signature.slice(0, 39) }, 'it has no X-Hub-Signature-256'],
    ['no signature', { signature: '' }, 'it has no X-Hub-Signature-256'],
    ['SHA-1', { signature: signature.replace('sha256', 'sha1') }, 'it has no X-Hub-Signature-256'],
    ['large digits', { signature: signature.toUpperCase() }, 'it has no X-Hub-Signature-256'],
    ['two header fields', { signature: `${signature}, ${signature}` }, 'it has no X-Hub-Signature-256'],
    ['a line more', { signature: `${signature}\r\nx: y` }, 'it has no X-Hub-Signature-256'],
  ])('%s is not good', (_name, change, reason) => {
    const given = { ...GITHUB, ...change }
    expect(verified('github', [given.secret], { 'x-hub-signature-256': given.signature }, given)).toBe(reason)
  })
})

/** The vector that the libraries of Standard Webhooks share. */
const STANDARD = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const AT = 1_614_265_330_000

const standardHeaders = ({ id, timestamp, signature }: typeof STANDARD) => ({
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
})

describe('Standard Webhooks', () => {
  test('the published vector is good for five minutes on both sides, and no second longer', () => {
    const at = (now: number) =>
      verified('standardWebhooks', [STANDARD.secret], standardHeaders(STANDARD), { body: STANDARD.body, now })
    expect([at(AT), at(AT + 300_999), at(AT - 300_000)]).toEqual([
      'ok msg_p5jXN8AQM9LWM0D4loKWxJek',
      'ok msg_p5jXN8AQM9LWM0D4loKWxJek',
      'ok msg_p5jXN8AQM9LWM0D4loKWxJek',
    ])
    expect(at(AT + 301_000)).toBe('it was signed 301 s ago, and 300 s are allowed')
    expect(at(AT - 301_000)).toBe('it was signed 301 s from now, and 300 s are allowed')
  })

  test.each<[string, Partial<typeof STANDARD>, string]>([
    ['another secret', { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx' }, 'its signature is not good'],
    ['a changed byte', { body: '{"test": 2432232315}' }, 'its signature is not good'],
    ['a blank less', { body: '{"test":2432232314}' }, 'its signature is not good'],
    ['another id', { id: 'msg_p5jXN8AQM9LWM0D4loKWxJeK' }, 'its signature is not good'],
    ['another time', { timestamp: '1614265331' }, 'its signature is not good'],
    ['a time that is none', { timestamp: '1614265330.5' }, 'webhook-timestamp is no time'],
    ['a time behind a line', { timestamp: '1614265330\r\n' }, 'webhook-timestamp is no time'],
    ['another version', { signature: STANDARD.signature.replace('v1', 'v2') }, 'its signature is not good'],
    ['no version', { signature: STANDARD.signature.slice(3) }, 'its signature is not good'],
    ['nothing behind the version', { signature: 'v1,' }, 'its signature is not good'],
    ['no id', { id: '' }, 'it has no webhook-id, webhook-timestamp or webhook-signature'],
  ])('%s is not good', (_name, change, reason) => {
    const given = { ...STANDARD, ...change }
    const { secret, body } = given
    expect(verified('standardWebhooks', [secret], standardHeaders(given), { body, now: AT })).toBe(reason)
  })

  test('what the package of Standard Webhooks signs is good, by an old key and by a new one', () => {
    const [old, renewed, foreign] = [
      'b2xkLWtleS1vbGQta2V5LW9sZC1rZXk=',
      'bmV3LWtleS1uZXcta2V5LW5ldy1rZXk=',
      'Zm9yZWlnbi1rZXktZm9yZWlnbi1rZXk=',
    ]
    const body = '{"vid":140,"name":"Gäste"}'
    const time = new Date(NOW)
    const signed = (...keys: string[]) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': keys.map((key) => new Webhook(key).sign('msg_1', time, body)).join(' '),
    })
    const by = (keys: readonly string[], headers: HookRequest['headers']) =>
      verified('standardWebhooks', keys, headers, { body })
    expect(by([old], signed(old))).toBe('ok msg_1')
    expect(by([`whsec_${old}`], signed(old))).toBe('ok msg_1')
    // The sender has the new key first, or we have.
    expect(by([old], signed(renewed, old))).toBe('ok msg_1')
    expect(by([renewed, old], signed(old))).toBe('ok msg_1')
    expect(by([renewed, old], signed(renewed))).toBe('ok msg_1')
    expect(by([renewed, old], signed(foreign))).toBe('its signature is not good')
    expect(by([renewed], signed(foreign, old))).toBe('its signature is not good')
  })

  test.each(['whsec_', 'whsec_dG9vLXNob3J0', 'no base64 at all!', ''])(
    '%j is no key, which is said before anything is compared',
    (key) => {
      const run = () => verified('standardWebhooks', [key], standardHeaders(STANDARD), { now: AT })
      expect(run).toThrow(/no key of Standard Webhooks/)
    },
  )
})

describe('GitLab', () => {
  const token = 'a-secret-token-of-gitlab'
  test('its token is good, and nothing else in its place', () => {
    const by = (headers: HookRequest['headers']) => verified('gitlab', [token], headers)
    expect(by({ 'x-gitlab-token': token })).toBe('ok')
    expect(by({ 'x-gitlab-token': `${token}x` })).toBe('its token is not good')
    expect(by({ 'x-gitlab-token': token.slice(0, -1) })).toBe('its token is not good')
    expect(by({ 'x-gitlab-token': '' })).toBe('its token is not good')
    expect(by({})).toBe('it has no X-Gitlab-Token')
    expect(by({ 'x-gitlab-token': `${token}, ${token}` })).toBe('its token is not good')
  })

  test('its signing token is good as Standard Webhooks sign, and its token does not take the place of it', () => {
    const { secret, body } = STANDARD
    const by = (headers: HookRequest['headers']) => verified('gitlab', [secret], headers, { body, now: AT })
    expect(by(standardHeaders(STANDARD))).toBe('ok msg_p5jXN8AQM9LWM0D4loKWxJek')
    expect(by({ ...standardHeaders(STANDARD), 'webhook-id': 'msg_2' })).toBe('its signature is not good')
    expect(by({ 'x-gitlab-token': secret })).toBe('it has no webhook-signature')
    expect(by({})).toBe('it has no webhook-signature')
  })
})

describe('a token', () => {
  const token = 'alerts-0123456789abcdef'
  test.each([
    [`Bearer ${token}`, 'ok'],
    [`bearer ${token}`, 'ok'],
    [`Bearer ${token} `, 'it has no bearer token'],
    [`Bearer ${token}0`, 'its token is not good'],
    [`Bearer ${token.toUpperCase()}`, 'its token is not good'],
    ['Bearer ', 'it has no bearer token'],
    [`Basic ${token}`, 'it has no bearer token'],
    [token, 'it has no bearer token'],
  ])('%j: %s', (authorization, result) => {
    expect(verified('bearer', ['another-0123456789abcdef', token], { authorization })).toBe(result)
  })

  test('one that can be guessed is refused before it is compared', () => {
    expect(() => verified('bearer', ['hunter2'], { authorization: 'Bearer hunter2' })).toThrow(
      /less than 16 characters/,
    )
  })
})

test('a certificate is good by its SHA-256 alone', () => {
  const [own, other] = ['ab'.repeat(32), 'cd'.repeat(32)]
  expect(verified('mtls', [own], {}, { certificate: own })).toBe('ok')
  expect(verified('mtls', [own], {}, { certificate: other })).toBe(`the certificate ${other} is another one`)
  expect(verified('mtls', [own], { authorization: own })).toBe('it has shown no certificate')
})
