import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Issuer } from '../../../src/model/principal.ts'
import { Secret } from '../../../src/model/secret.ts'
import { spendToken, type VerifiedToken } from '../../../src/project/identity/oidc/verify-token.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const ISSUER: Issuer = {
  name: 'gitlab',
  issuer: 'https://gitlab.example',
  audience: 'https://eosflow.example/api',
  kind: 'service',
  scopes: [],
  approveScope: 'eosflow:approve',
  require: { project_id: '42' },
  typ: 'JWT',
  clockTolerance: 30,
  maxTokenAge: 3600,
  resource: true,
}

const verified = (claims: VerifiedToken['claims'], expires = 100_000, issuer = ISSUER): VerifiedToken => ({
  principal: { issuer: issuer.name, id: 'job', kind: 'service', auth: 'oidc' },
  issuer,
  claims,
  expires,
  thumbprint: '',
})

const folder = () => join(temporaryFolder(), 'begun')

const isSpent = (place: string, token: string, about: VerifiedToken, now = 0) =>
  spendToken(place, new Secret(token), about, now).then(
    () => true,
    (error: { kind: string; message: string }) => {
      expect(error).toMatchObject({
        kind: 'not-authorised',
        message: expect.stringContaining('has begun an execution'),
      })
      return false
    },
  )

test('a token begins one execution, whatever its signature: by jti, and by what was signed where there is none', async () => {
  const place = folder()
  const tries: readonly (readonly [string, VerifiedToken])[] = [
    ['h.p.s', verified({ jti: 'a' })],
    ['h.q.s', verified({ jti: 'a' })],
    ['h.p.s', verified({ jti: 'b' })],
    ['h.p.s', verified({})],
    ['h.p.t', verified({})],
    ['h.q.t', verified({})],
    ['h.p.s', verified({ jti: 'a' }, 100_000, { ...ISSUER, issuer: 'https://other.example' })],
  ]
  const spent: boolean[] = []
  for (const [token, about] of tries) spent.push(await isSpent(place, token, about))
  expect(spent).toEqual([true, false, true, true, false, true, true])
})

test('of two processes one begins', async () => {
  const place = folder()
  const all = await Promise.all([1, 2, 3, 4].map(() => isSpent(place, 'h.p.s', verified({ jti: 'a' }))))
  expect(all.filter(Boolean)).toHaveLength(1)
})

test('it is remembered for a day after it has run out: whoever verified it in time may begin later', async () => {
  const place = folder()
  expect(await isSpent(place, 'h.p.s', verified({ jti: 'a' }))).toBe(true)
  expect(await isSpent(place, 'h.p.s', verified({ jti: 'a' }), 129_999)).toBe(false)
  expect(await isSpent(place, 'h.p.s', verified({ jti: 'a' }), 130_001)).toBe(false)
  expect(await isSpent(place, 'h.p.s', verified({ jti: 'b' }, 90_000_000), 86_530_001)).toBe(true)
  expect(readdirSync(place)).toEqual([expect.stringMatching(/^90030000-[0-9a-f]{64}$/)])
})
