import { chmodSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Io } from '../../../src/doors/cli/terminal/io.ts'
import { features } from '../../../src/features/index.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { openProjectFile } from '../../../src/project/app/store/project-store.ts'
import { stepUp } from '../../../src/project/approval/decide.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { lastLogin, tokenCache } from '../../../src/project/identity/oidc/logins.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { hintWords } from '../../../src/report/hint-words.ts'
import { recordsIn } from '../../change/record/store-file.ts'
import { everyNth } from '../../extent.ts'
import { exits } from '../../lab/lab.ts'
import { browserOf, type Person, personWith, type Setting } from './person.ts'
import { AUDIENCE, startProvider, type TestProvider } from './test-provider.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

const settings = (issuer = provider.issuer) => `version: 1
identity:
  issuers:
    - { name: corp, issuer: "${issuer}", audience: "${AUDIENCE}", clientId: eosflow, groupsClaim: groups, personClaim: employee_id }
    - { name: robot, issuer: "${issuer}", audience: "${AUDIENCE}", kind: service, clientId: robot, clientSecret: '\${env:ROBOT_SECRET}' }
`

/** Logs in with a browser that goes where it is told to. */
async function logIn(person: Person, account = '00u1', setting: Setting = {}) {
  let url = ''
  let page: Promise<{ text: string }> | undefined
  const reads = (text: string) => {
    const shown = / {2}(http\S+)/.exec(text)?.[1]
    if (shown === undefined || page !== undefined) return
    url = shown
    page = browserOf(account).go(shown)
  }
  const said = await person.eosflow({ atTerminal: true, reads, ...setting }, 'login --issuer corp')
  return { ...said, url, page: (await page)?.text ?? '' }
}

/** What is on the record of the project: of which type, and by whom. */
function recordsOf(person: Person) {
  const records = recordsIn(join(person.dir, '.eosflow/store.db'))
  return records.map(({ body }) => JSON.parse(body)).map(({ type, actor }) => [type, actor] as const)
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile())

function cached(person: Person) {
  const [file = ''] = filesOf(join(person.state, 'tokens')).filter((name) => name.endsWith('.json'))
  return JSON.parse(readFileSync(join(person.state, 'tokens', file), 'utf8'))
}

/** Every text that is a token, of all files of the state folder. */
function tokensOf(person: Person) {
  return Object.entries(cached(person)).flatMap(([name, value]) => (name.endsWith('Token') ? [value] : []))
}

const whoami = async (person: Person, setting: Setting = {}) =>
  JSON.parse((await person.eosflow(setting, 'whoami --json')).out).identity ?? {}

describe('a login in the browser', () => {
  test('by code and PKCE: the commands that follow act as the person', async () => {
    const person = personWith(settings())
    const said = await logIn(person)
    expect(said.err).toMatch(/^Log in at corp, within 5 minutes, in the browser of this machine:\n {2}http:/)
    expect(said).toMatchObject({ code: 0, page: expect.stringContaining('close this window') })
    expect(said.out).toMatch(/^1 login: Alice Example \(corp:00u1\), its token until 20.*Z\nNext: eosflow whoami\n$/)
    expect(Object.fromEntries(new URL(said.url).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'eosflow',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'openid offline_access eosflow:plan eosflow:run',
      resource: AUDIENCE,
      max_age: '86400',
      prompt: 'consent',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
    const who = await person.eosflow({}, 'whoami --json')
    expect(JSON.parse(who.out)).toEqual({
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

  test('is kept for its owner only, and shown to nobody', async () => {
    const person = personWith(settings())
    const said = await logIn(person)
    const who = await person.eosflow({}, 'whoami --json -vv')
    const modes = ['', 'tokens', 'keys'].map((folder) => statSync(join(person.state, folder)).mode & 0o777)
    expect(modes).toEqual([0o700, 0o700, 0o700])
    const files = filesOf(person.state)
    expect(files.filter((name) => /^(tokens|keys)\/[0-9a-f]{64}\.json$/.test(name))).toHaveLength(2)
    for (const name of files.filter((one) => one.endsWith('.json'))) {
      expect(statSync(join(person.state, name)).mode & 0o777).toBe(0o600)
    }
    const tokens = tokensOf(person)
    expect(tokens).toHaveLength(3)
    for (const token of tokens) expect(said.url + said.out + said.err + who.out + who.err).not.toContain(token)
  })

  test('whose answer names another issuer is refused (RFC 9207), and one with an error as well', async () => {
    const answers = [
      'code=x&iss=https%3A%2F%2Fevil.example',
      'code=x',
      'error=access_denied&error_description=%1b%5b31mno',
    ]
    const said: string[] = []
    for (const answer of answers) {
      const person = personWith(settings())
      const reads = (text: string) => {
        const shown = / {2}(http\S+)/.exec(text)?.[1]
        if (shown === undefined) return
        const asked = new URL(shown).searchParams
        const iss = answer.startsWith('error') ? `&iss=${encodeURIComponent(provider.issuer)}` : ''
        void fetch(`${asked.get('redirect_uri')}?state=${asked.get('state')}&${answer}${iss}`)
      }
      const ended = await person.eosflow({ atTerminal: true, reads }, 'login')
      said.push(`${ended.code} ${ended.err.split('\n').find((line) => line.startsWith('✖')) ?? ''}`)
    }
    expect(said).toEqual([
      expect.stringMatching(/^10 ✖ protocol: corp: what the identity provider answered cannot be used: /),
      expect.stringMatching(/^10 ✖ protocol: corp: what the identity provider answered cannot be used: /),
      '4 ✖ not-authorised: corp: it was refused there (access_denied)',
    ])
  })

  test('hears one answer, at its own address, to its own question; the rest is not found', async () => {
    const person = personWith(settings())
    const statuses: (readonly [string, number])[] = []
    let browsing: Promise<unknown> = Promise.resolve()
    const reads = (text: string) => {
      const shown = / {2}(http\S+)/.exec(text)?.[1]
      if (shown === undefined) return
      const asked = new URL(shown).searchParams
      const redirect = asked.get('redirect_uri') ?? ''
      const state = asked.get('state')
      const knock = async (what: string, url: string, options: RequestInit = {}) => {
        statuses.push([what, (await fetch(url, options)).status])
      }
      browsing = (async () => {
        await knock('the root', new URL('/', redirect).href)
        await knock('another path', `${new URL('/favicon.ico', redirect)}?state=${state}&code=x`)
        await knock('no state', `${redirect}?code=x`)
        await knock('another state', `${redirect}?state=guessed&code=x`)
        await knock('two states', `${redirect}?state=${state}&state=guessed&code=x`)
        await knock('a form', `${redirect}?state=${state}&code=x`, { method: 'POST' })
        await knock(
          'another name for this machine',
          `${redirect.replace('127.0.0.1', 'localhost')}?state=${state}&code=x`,
        )
        const { url, status } = await browserOf('00u1').go(shown)
        statuses.push(['the browser', status])
        await knock('the answer again', url).catch(() => statuses.push(['the answer again', 404]))
      })()
    }
    await exits(0, person.eosflow({ atTerminal: true, reads }, 'login'))
    await browsing
    expect(statuses).toEqual([
      ['the root', 404],
      ['another path', 404],
      ['no state', 404],
      ['another state', 404],
      ['two states', 404],
      ['a form', 404],
      ['another name for this machine', 404],
      ['the browser', 200],
      ['the answer again', 404],
    ])
  })

  test('ends with an interrupt', async () => {
    const stop = new AbortController()
    const reads = (text: string) => {
      if (text.includes('http')) stop.abort()
    }
    const ended = await personWith(settings()).eosflow({ atTerminal: true, reads, stop: stop.signal }, 'login')
    expect(ended).toMatchObject({ code: 11, err: expect.stringContaining('the login was interrupted') })
  })
})

describe('a login with a code', () => {
  test.each(
    everyNth(2, 'logins with a code', [
      ['asked for', true, ['--device']],
      ['where nobody sits at the terminal', false, []],
    ]),
  )('%s', async (_, atTerminal, flags) => {
    const person = personWith(settings())
    let typed: Promise<string> | undefined
    const reads = (text: string) => {
      const [, url = '', code = ''] = /^Go to (\S+) and type (\S+) \(good for 5 minutes\)\.$/m.exec(text) ?? []
      if (url !== '') typed = browserOf('00u2').typeCode(url, code)
    }
    const said = await person.eosflow({ atTerminal, reads }, 'login', ...flags)
    expect(await typed).toBe('done')
    expect(said.out).toContain('1 login: Bob Example (corp:00u2)')
    expect(await whoami(person)).toMatchObject({ id: '00u2', groups: ['netops'] })
  })
})

describe('a service', () => {
  const env = { ROBOT_SECRET: 'robot-secret-0123456789' }
  const robot = { issuer: 'robot', id: 'robot', kind: 'service', auth: 'oidc' }

  test('logs in with its secret, by name or by EOSFLOW_ISSUER', async () => {
    const person = personWith(settings())
    await exits(0, person.eosflow({ env }, 'login --issuer robot'))
    expect(await whoami(person)).toEqual(robot)
    const other = personWith(settings())
    expect(await whoami(other, { env: { ...env, EOSFLOW_ISSUER: 'robot' } })).toEqual(robot)
  })

  test('and a person of one project: the last login counts, or the one that EOSFLOW_ISSUER names', {
    tags: ['long', 'turn'],
  }, async () => {
    const person = personWith(settings())
    await person.eosflow({ env }, 'login --issuer robot')
    await logIn(person)
    expect(await whoami(person)).toMatchObject({ issuer: 'corp', id: '00u1' })
    expect(await whoami(person, { env: { EOSFLOW_ISSUER: 'robot' } })).toEqual(robot)
    await person.eosflow({ env }, 'login --issuer robot')
    expect(await whoami(person)).toEqual(robot)
    const unknown = await person.eosflow({ env: { EOSFLOW_ISSUER: 'corpp' } }, 'whoami')
    expect(unknown).toMatchObject({ code: 4, err: expect.stringContaining('It lists: corp, robot') })
  })

  test('gets another token when its own runs out', async () => {
    const person = personWith(settings())
    await person.eosflow({ env }, 'login --issuer robot')
    const [before] = tokensOf(person)
    expect(await whoami(person, { env, ahead: 580_000 })).toEqual(robot)
    expect(tokensOf(person)).not.toContain(before)
  })

  test('with another secret is refused, and neither is shown', async () => {
    const person = personWith(settings())
    const ended = await person.eosflow({ env: { ROBOT_SECRET: 'wrong-secret-987654321' } }, 'login --issuer robot -vv')
    expect(ended).toMatchObject({
      code: 4,
      err: expect.stringContaining('robot: the identity provider refuses: invalid_client'),
    })
    expect(ended.err).not.toContain('wrong-secret')
    expect(recordsOf(person)).toEqual([['LoginFailed', expect.stringMatching(/^local:/)]])
  })
})

describe('a login that goes on', () => {
  const ALMOST = 580_000

  test('is renewed when its token runs out, and the token of renewal with it', async () => {
    const person = personWith(settings())
    await logIn(person)
    const before = cached(person)
    expect(await whoami(person, { ahead: ALMOST })).toMatchObject({ id: '00u1', authenticatedAt: expect.any(String) })
    const after = cached(person)
    expect(after.since).toBe(before.since)
    expect([after.accessToken === before.accessToken, after.refreshToken === before.refreshToken]).toEqual([
      false,
      false,
    ])
    const again = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'eosflow',
        refresh_token: before.refreshToken ?? '',
      }),
    })
    expect([again.status, ((await again.json()) as { error: string }).error]).toEqual([400, 'invalid_grant'])
    // The provider takes the whole login back when a used token comes again.
    const ended = await person.eosflow({ ahead: ALMOST }, 'whoami')
    expect(ended).toMatchObject({ code: 4, err: expect.stringContaining('    eosflow login --issuer corp') })
  })

  test('is not lost when the keys cannot be fetched right after its token of renewal was used', {
    tags: ['long', 'turn'],
  }, async () => {
    const person = personWith(settings())
    await logIn(person)
    const project = openProject({ cwd: person.dir } as Io, {})
    const [corp] = project.settings.identity?.issuers ?? []
    if (corp === undefined) throw new Error('the settings list an issuer')
    const hold = () => undefined
    const silent = async (): Promise<never> => {
      throw new EosflowError('unreachable', 'the keys cannot be fetched', { retryable: true })
    }
    const ports = {
      clock: { ...systemClock, now: () => systemClock.now() + ALMOST },
      keys: { of: silent, keep: async () => undefined },
      cache: tokenCache(person.state, hold),
      hold,
      secretOf: silent,
      alone: async <T>(work: () => Promise<T>) => work(),
    }
    await expect(lastLogin([corp], ports)).rejects.toMatchObject({ kind: 'unreachable' })
    expect(await whoami(person, { ahead: ALMOST })).toMatchObject({ id: '00u1' })
  })

  test('is renewed by one of several commands at a time', { tags: ['long', 'turn'] }, async () => {
    const person = personWith(settings())
    await logIn(person)
    const all = await Promise.all([1, 2, 3].map(() => person.eosflow({ ahead: ALMOST }, 'whoami')))
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0])
  })

  test('needs no provider while its token and the keys are good; then nobody is let in', {
    tags: ['long', 'turn'],
  }, async () => {
    const person = personWith(settings())
    await logIn(person)
    provider.down = true
    try {
      expect(await whoami(person)).toMatchObject({ id: '00u1' })
      const late = await person.eosflow({ ahead: ALMOST }, 'whoami')
      const login = await person.eosflow({}, 'login')
      for (const ended of [late, login]) {
        expect(ended).toMatchObject({
          code: 10,
          err: expect.stringContaining('    Nothing was done. Try again when'),
        })
      }
    } finally {
      provider.down = false
    }
    expect(await whoami(person, { ahead: ALMOST })).toMatchObject({ id: '00u1' })
  })

  test('ends with logout, here and there', { tags: ['long', 'turn'] }, async () => {
    const person = personWith(settings())
    await logIn(person)
    const { refreshToken = '' } = cached(person)
    const ended = await person.eosflow({}, 'logout')
    expect(ended.out).toBe('corp: forgotten here and revoked there\n1 login ended\nNext: eosflow login\n')
    expect(filesOf(join(person.state, 'tokens')).filter((name) => name.endsWith('.json'))).toEqual([])
    const again = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'eosflow', refresh_token: refreshToken }),
    })
    expect(again.status).toBe(400)
    await exits(4, person.eosflow({}, 'whoami'))
    expect((await person.eosflow({}, 'logout')).out).toContain('0 logins ended')
    expect(recordsOf(person)).toEqual([
      ['LoggedIn', 'corp:00u1'],
      ['LoggedOut', 'corp:00u1'],
    ])
  })

  test('is forgotten here when the provider is silent, and that is said', { tags: ['long', 'turn'] }, async () => {
    const person = personWith(settings())
    await logIn(person)
    provider.down = true
    try {
      expect((await person.eosflow({}, 'logout')).out).toContain(
        'corp: forgotten here; its tokens are good there until',
      )
    } finally {
      provider.down = false
    }
    await exits(4, person.eosflow({}, 'whoami'))
  })
})

describe('without a login', () => {
  test('no command that acts or reads records goes on: exit 4 and what to do', async () => {
    const person = personWith(settings())
    person.write('inventory.yaml', 'version: 1\ndevices: {}\n')
    const commands = [
      ['whoami'],
      ['executions'],
      ['history', '@latest'],
      ['approve', 'x.plan'],
      ['resume'],
      ['stop', 'x'],
      ['snapshot', 'list'],
    ]
    for (const command of commands) {
      const ended = await person.eosflow({}, ...command)
      expect([command.join(' '), ended.code, ended.err]).toEqual([
        command.join(' '),
        4,
        '✖ not-authorised: nobody is logged in\n    eosflow login --issuer corp\n',
      ])
    }
    expect(commands).toHaveLength(7)
  })

  test('and without a provider there is the local user, marked as such', async () => {
    const said = await personWith('version: 1\n').eosflow({}, 'whoami')
    expect(said.out).toMatch(
      /^local:\d+:.*@.*\nauth: os \(the login on this machine; no identity provider is asked\)\n1 identity\n/,
    )
    const login = await personWith('version: 1\n').eosflow({}, 'login')
    expect(login).toMatchObject({
      code: 4,
      err: expect.stringContaining('lists no identity provider: you are the local user'),
    })
  })

  test('doctor looks on, and says so', { tags: ['long', 'turn'] }, async () => {
    const person = personWith(settings())
    const points = async () => {
      const { out } = await person.eosflow({}, 'doctor --json')
      const sections = JSON.parse(out).sections as { title: string; points: unknown }[]
      return sections.find(({ title }) => title === 'Identity')?.points
    }
    expect(await points()).toEqual([
      { health: 'warning', says: 'nobody is logged in', mend: 'eosflow login --issuer corp' },
    ])
    await logIn(person)
    expect(await points()).toEqual([{ health: 'good', says: 'commands act as Alice Example (corp:00u1)' }])
  })
})

describe('the file of a login', () => {
  const spoiled: readonly (readonly [string, (file: string) => void, string])[] = [
    ['readable by others', (file) => chmodSync(file, 0o644), 'may be used by others (mode 644)'],
    ['in a folder of others', (file) => chmodSync(dirname(file), 0o755), 'may be used by others (mode 755)'],
    [
      'a symbolic link',
      (file) => {
        renameSync(file, `${file}.real`)
        symlinkSync(`${file}.real`, file)
      },
      'is a symbolic link',
    ],
    [
      'a folder that is a link',
      (file) => {
        renameSync(dirname(file), `${dirname(file)}.real`)
        symlinkSync(`${dirname(file)}.real`, dirname(file))
      },
      'is not a folder',
    ],
    ['no login', (file) => writeFileSync(file, '{"v": 2}'), 'holds no login that this version of eosflow reads'],
  ]
  test.each(spoiled)('[G146] is refused when it is %s', async (_, spoil, why) => {
    const person = personWith(settings())
    await person.eosflow({ env: { ROBOT_SECRET: 'robot-secret-0123456789' } }, 'login --issuer robot')
    const [name = ''] = filesOf(join(person.state, 'tokens')).filter((one) => one.endsWith('.json'))
    spoil(join(person.state, 'tokens', name))
    const ended = await person.eosflow({}, 'whoami')
    expect(ended).toMatchObject({ code: 4, err: expect.stringContaining(why) })
  })
})

describe('a login for one approval', () => {
  const io = (person: Person, reads: (text: string) => void, interactive = true) => ({
    env: { XDG_STATE_HOME: dirname(person.state) },
    cwd: person.dir,
    out: () => undefined,
    err: reads,
    tell: reads,
    interactive,
    color: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
    scrubber: new Scrubber(),
    features,
    words: hintWords,
  })
  /** What names the decision. */
  const NONCE = 'dGhlIGRpZ2VzdCBvZiBhIHN0YXRlbWVudCwgMzIgYnl'
  const alice: Principal = { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc', display: 'Alice Example' }
  const asking = (account: string) => (text: string) => {
    const shown = / {2}(http\S+)/.exec(text)?.[1]
    if (shown !== undefined) void browserOf(account).go(shown)
    const [, url = '', code = ''] = /Go to (\S+) and type (\S+)/.exec(text) ?? []
    if (url !== '') void browserOf(account).typeCode(url, code)
  }
  const steppedUp = async (account: string, actor: Principal, interactive = true) => {
    const person = personWith(settings())
    const terminal = io(person, asking(account), interactive)
    const opened = openProject(terminal, {})
    const { store } = await openProjectFile(opened, terminal)
    try {
      return await stepUp({ ...terminal, project: opened, store }, { ...terminal, principal: actor }, NONCE)
    } finally {
      await store.close()
    }
  }

  test.each([
    ['in the browser', true],
    ['with a code', false],
  ])('%s says who it was, when, and by which key', { tags: 'long' }, async (_, interactive) => {
    const { principal, proof } = await steppedUp('00u1', alice, interactive)
    expect(principal).toMatchObject({ id: '00u1', kind: 'person', person: 'E100', groups: ['netops', 'net-leads'] })
    expect(Date.now() - Date.parse(principal.authenticatedAt ?? '')).toBeLessThan(60_000)
    expect(proof).toEqual({
      issuer: provider.issuer,
      thumbprint: expect.stringMatching(/^[\w-]{43}$/),
      claims: {
        iss: provider.issuer,
        sub: '00u1',
        aud: AUDIENCE,
        client_id: 'eosflow',
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.any(String),
        scope: 'eosflow:approve',
        auth_time: expect.any(Number),
        // The ID token of a login with a code names no decision (RFC 8628 has no nonce).
        ...(interactive ? { nonce: NONCE } : {}),
      },
    })
  })

  test('is refused to somebody else', async () => {
    await expect(steppedUp('00u2', alice)).rejects.toMatchObject({
      kind: 'not-authorised',
      message: 'somebody else has logged in at corp',
    })
  })

  test('is refused where the provider does not grant it', async () => {
    provider.withheld.add('eosflow:approve')
    try {
      await expect(steppedUp('00u1', alice)).rejects.toMatchObject({ kind: 'not-authorised' })
    } finally {
      provider.withheld.clear()
    }
  })

  test('is not for services and agents; the local user has none', async () => {
    for (const kind of ['service', 'agent'] as const) {
      await expect(steppedUp('00u1', { ...alice, kind })).rejects.toMatchObject({ kind: 'not-authorised' })
    }
    const local: Principal = { issuer: 'local', id: 'local:1:a@b', kind: 'person', auth: 'os' }
    expect(await steppedUp('00u1', local)).toEqual({ principal: local })
  })
})
