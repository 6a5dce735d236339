import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type KeptSession, keptSessions } from '../../src/server/kept-sessions.ts'
import { isStillKnown } from '../../src/server/local-user.ts'
import { Sessions } from '../../src/server/session.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'

const ANN = { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' } as const
const MINUTE = 60_000

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-sessions-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

test('a browser finds its session with the next server, and no file holds what its cookie or its forms hold', () => {
  const dir = folder()
  const [file, clock] = [keptSessions(dir), { at: 1_000_000, now: () => clock.at }]
  expect(file.read()).toEqual([])
  const first = new Sessions(clock, new SeededRandom(), { before: [], keep: file.keep })
  const [id, other] = [first.open(ANN), first.open({ ...ANN, id: 'local:1001:ben@box' })]
  const session = first.find(id)
  first.close(other)
  const text = readFileSync(join(dir, 'sessions.json'), 'utf8')
  expect([id, session?.token, session?.mark].filter((secret) => text.includes(String(secret)))).toEqual([])
  expect(statSync(join(dir, 'sessions.json')).mode & 0o777).toBe(0o600)

  const second = new Sessions(clock, new SeededRandom(2), { before: file.read(), keep: file.keep })
  const again = second.find(id)
  expect([again?.principal, again?.token, again?.mark, again?.ends]).toEqual([
    ANN,
    session?.token,
    session?.mark,
    session?.ends,
  ])
  // Whoever has logged out is out.
  expect(second.find(other)).toBeUndefined()
  // Whoever asked for nothing in half an hour too, whichever server it was asked of: it is kept to the minute.
  clock.at += 20 * MINUTE
  expect(second.find(id)).toBeDefined()
  clock.at += 29 * MINUTE
  expect(new Sessions(clock, new SeededRandom(3), { before: file.read(), keep: file.keep }).find(id)).toBeDefined()
  clock.at += 30 * MINUTE
  expect(new Sessions(clock, new SeededRandom(4), { before: file.read(), keep: file.keep }).find(id)).toBeUndefined()
})

test('a session ends 12 hours after its login, however many servers have taken it over meanwhile', () => {
  const [file, clock] = [keptSessions(folder()), { at: 1_000_000, now: () => clock.at }]
  const id = new Sessions(clock, new SeededRandom(), { before: [], keep: file.keep }).open(ANN)
  let servers = 0
  const isKnown = (): boolean => {
    servers += 1
    return (
      new Sessions(clock, new SeededRandom(servers), { before: file.read(), keep: file.keep }).find(id) !== undefined
    )
  }
  for (clock.at += 20 * MINUTE; isKnown() && servers < 100; clock.at += 20 * MINUTE);
  expect([servers, clock.at - 1_000_000]).toEqual([36, 12 * 60 * MINUTE])
})

test('what is no list of sessions is nobody', () => {
  const dir = folder()
  for (const text of ['', '{', '{"version":2,"sessions":[]}', '{"version":1,"sessions":[{"digest":"x"}]}']) {
    writeFileSync(join(dir, 'sessions.json'), text)
    expect([text, keptSessions(dir).read()]).toEqual([text, []])
  }
})

test('a session is taken over only for somebody who still logs in here', () => {
  const front = (identity?: object) =>
    ({ app: { project: { settings: { identity } }, seams: { principal: ANN } } }) as unknown as Parameters<
      typeof isStillKnown
    >[0]
  const corp: KeptSession['principal'] = { issuer: 'corp', id: 'ann', kind: 'person', auth: 'oidc' }
  const providers = front({ issuers: [{ name: 'corp' }] })
  expect([isStillKnown(front(), ANN), isStillKnown(front(), { ...ANN, id: 'local:0:root@box' })]).toEqual([true, false])
  expect([isStillKnown(front(), corp), isStillKnown(providers, corp)]).toEqual([false, true])
  expect([isStillKnown(providers, ANN), isStillKnown(providers, { ...corp, issuer: 'old' })]).toEqual([false, false])
})
