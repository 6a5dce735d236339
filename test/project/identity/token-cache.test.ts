import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Issuer } from '../../../src/model/principal.ts'
import { Secret } from '../../../src/model/secret.ts'
import { type Login, resourceOf, tokenCache, tokensOf } from '../../../src/project/identity/oidc/logins.ts'
import { temporaryFolder } from '../../lab/folder.ts'

const CORP: Issuer = {
  name: 'corp',
  issuer: 'https://idp.example',
  audience: 'https://eosflow.example/api',
  kind: 'person',
  clientId: 'eosflow',
  scopes: ['openid'],
  approveScope: 'eosflow:approve',
  require: {},
  typ: 'at+jwt',
  clockTolerance: 30,
  maxTokenAge: 86_400,
  resource: true,
}

/** What is learnt of tokens, before anyone can print them. */
function learning(): { readonly learnt: string[]; readonly hold: (token: Secret, name: string) => void } {
  const learnt: string[] = []
  return { learnt, hold: (token, name) => learnt.push(`${name}: ${token.reveal()}`) }
}

const ALL = ['access token of corp: aaaa', 'refresh token of corp: rrrr', 'ID token of corp: iiii']

test('every token is made known before it is used: those of an answer, and those that were kept', async () => {
  const folder = temporaryFolder()
  const fresh = learning()
  const answer = { access_token: 'aaaa', refresh_token: 'rrrr', id_token: 'iiii', token_type: 'bearer' } as const
  const tokens = tokensOf(CORP, answer, fresh.hold)
  expect(fresh.learnt).toEqual(ALL)

  const login: Login = { ...tokens, flow: 'browser', id: '00u1', since: '2026-11-20T06:00:00.000Z', expires: 1 }
  const kept = learning()
  const cache = tokenCache(join(folder, 'eosflow'), kept.hold)
  await cache.write(CORP, login)
  expect(await cache.read(CORP)).toEqual(login)
  expect(kept.learnt).toEqual(ALL)
  expect(JSON.stringify(login)).not.toMatch(/aaaa|rrrr|iiii/)
})

test('a login is for one issuer, client and audience', async () => {
  const folder = temporaryFolder()
  const cache = tokenCache(join(folder, 'eosflow'), () => undefined)
  const login: Login = { accessToken: new Secret('a'), flow: 'browser', id: '00u1', since: '', expires: 1 }
  await cache.write(CORP, login)
  const others = [{ issuer: 'https://idp.example/' }, { clientId: 'other' }, { audience: 'https://other.example' }]
  for (const other of others) expect(await cache.read({ ...CORP, ...other })).toBeUndefined()
  expect(await cache.read({ ...CORP, name: 'renamed' })).toEqual(login)
})

test('the audience is asked for where the provider knows how', () => {
  expect([resourceOf(CORP), resourceOf({ ...CORP, resource: false })]).toEqual([
    { resource: 'https://eosflow.example/api' },
    {},
  ])
})
