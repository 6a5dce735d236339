import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserOf } from './browser.ts'
import { type Person, personWith, type Said, type Setting } from './person.ts'
import { AUDIENCE, startProvider, type TestProvider } from './test-provider.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

const settings = (issuer = provider.issuer): string => `version: 1
identity:
  issuers:
    - { name: corp, issuer: "${issuer}", audience: "${AUDIENCE}", clientId: eosflow, groupsClaim: groups, personClaim: employee_id }
    - { name: robot, issuer: "${issuer}", audience: "${AUDIENCE}", kind: service, clientId: robot, clientSecret: '\${env:ROBOT_SECRET}' }
`

/** Logs in with a browser that goes where it is told to. */
async function logIn(
  person: Person,
  account = '00u1',
  setting: Setting = {},
): Promise<Said & { readonly url: string; readonly page: string }> {
  let url = ''
  let page: Promise<{ text: string }> | undefined
  const reads = (text: string): void => {
    const shown = / {2}(http\S+)/.exec(text)?.[1]
    if (shown === undefined || page !== undefined) return
    url = shown
    page = browserOf(account).go(shown)
  }
  const said = await person.eosflow({ atTerminal: true, reads, ...setting }, 'login', '--issuer', 'corp')
  return { ...said, url, page: (await page)?.text ?? '' }
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile())

function cached(person: Person): Record<string, string> {
  const [file = ''] = filesOf(join(person.state, 'tokens')).filter((name) => name.endsWith('.json'))
  return JSON.parse(readFileSync(join(person.state, 'tokens', file), 'utf8'))
}

describe('a login in the browser', () => {
  test('by code and PKCE: the commands that follow act as the person', async () => {
    const person = personWith(settings())
    const said = await logIn(person)
    expect(said.err).toMatch(/^Log in at corp, within 5 minutes, in the browser of this machine:\n {2}http:/)
    expect(said).toMatchObject({ code: 0, page: expect.stringContaining('close this window') })
    expect(said.out).toMatch(/^1 login: Alice Example \(corp:00u1\), its token until 20.*Z\nNext: eosflow whoami\n$/)
    const asked = new URL(said.url).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid offline_access eosflow:plan eosflow:run',
      resource: AUDIENCE,
    })
    expect([...asked.keys()].sort()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'resource',
      'response_type',
      'scope',
      'state',
    ])
    const who = await person.eosflow({}, 'whoami', '--json')
    expect(JSON.parse(who.out)).toMatchObject({
      version: 1,
      identity: {
        issuer: 'corp',
        id: '00u1',
        kind: 'person',
        auth: 'oidc',
        display: 'Alice Example',
        groups: ['netops', 'net-leads'],
        person: 'E100',
        authenticatedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      },
      expires: expect.stringMatching(/^20\d\d-.*Z$/),
    })
  })
})
