import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { CHROMIUM, startChromium } from '../control-room/chromium.ts'
import { type OpenStream, openStream } from '../control-room/open-stream.ts'
import { SCREEN } from '../control-room/person.ts'
import { soon } from '../lab/soon.ts'
import { pause, startTeam, type Team } from '../worker/team.ts'
import { SERVER_TTL, type Several, startSeveral, type Visitor } from './several.ts'

const DEVICES = ['pod1-spine1', 'pod1-spine2', 'pod1-leaf3'] as const

/** What decides about an instant. */
const DECISIONS: readonly string[] = ['ScheduleFired', 'ScheduleSkipped', 'ScheduleMissed']

/** Due with each minute. */
const SCHEDULES = `schedules:
  - { name: look, cron: '* * * * *', tz: UTC, do: drift }
  - { name: keep, cron: '* * * * *', tz: UTC, do: snapshot }
  - { name: prepare, cron: '* * * * *', tz: UTC, do: plan, workflow: vlan.yaml, params: { vlan: 77 }, targets: pod1-leaf3 }
`

describe('three servers of one store behind a proxy', () => {
  let team: Team
  let several: Several
  beforeAll(async () => {
    team = await startTeam(3)
    const settings = join(team.dir, 'eosflow.yaml')
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace(/ttl: [\d.]+s, beat: [\d.]+s/, `ttl: ${SERVER_TTL / 1000}s, beat: 1s`),
    )
    await team.worker()
    several = await startSeveral(team, 3, SCHEDULES)
  }, 180_000)
  // As systemd does with one that was silent for too long: this machine may have much else to do.
  beforeEach(async () => {
    for (const [place, { process }] of several.servers.entries()) if (process.exitCode === 9) await several.start(place)
  }, 60_000)
  afterAll(async () => {
    await several?.close()
    await team?.close()
  })

  const until = (what: string, holds: () => Promise<boolean>, within = 60_000): Promise<void> =>
    soon(holds, within, what)
  /** A link that is good, as a terminal would show it. */
  const linkNow = async (): Promise<string> => {
    const secret = randomBytes(32).toString('hex')
    const digest = createHash('sha256').update(secret).digest('hex')
    await team.app.notes.put('link', digest, '', { lasts: 60_000 })
    return secret
  }
  const statuses = async (visitor: { get(path: string, server: number): Promise<{ status: number }> }) =>
    Promise.all([0, 1, 2].map(async (server) => (await visitor.get('/api/v1/me', server)).status))
  /** Approves what an execution waits for, asking one server after the other. */
  const approved = async (visitor: Visitor, id: string): Promise<void> => {
    const read = (server?: number) => visitor.get(`/api/v1/executions/${id}`, server)
    await until('it waits', async () => ((await read()).json.waitingFor as unknown[] | undefined)?.length === 1)
    const plan = String((await read()).json.plan)
    const decided = await visitor.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve', comment: '' })
    expect(decided.status, decided.text).toBe(200)
  }
  const begin = async (visitor: Visitor, device: string, vlan: number): Promise<string> => {
    const begun = await visitor.post('/api/v1/executions', { workflow: 'vlan.yaml', params: { vlan }, targets: device })
    expect(begun.status, begun.text).toBe(202)
    return String(begun.json.execution)
  }
  const ends = async (id: string): Promise<string | undefined> => {
    const last = (await team.app.store.read(id)).at(-1)
    return last?.type === 'ExecutionEnded' ? last.outcome : undefined
  }

  test('the link of the terminal of one is good at another; who is logged in there acts at the third', {
    tags: 'night',
    timeout: 120_000,
  }, async () => {
    const visitor = await several.logIn(several.servers[0]?.link ?? '', 1)
    expect(await statuses(visitor)).toEqual([200, 200, 200])
    expect((await several.enter(several.servers[0]?.link ?? '', 2)).status).toBe(401)
    const begun = await visitor.post(
      '/api/v1/executions',
      { workflow: 'vlan.yaml', params: { vlan: 100 }, targets: DEVICES[0] },
      2,
    )
    expect(begun.status, begun.text).toBe(202)
    const id = String(begun.json.execution)
    await approved(visitor, id)
    await until('it ends', async () => (await ends(id)) !== undefined)
    expect(await ends(id)).toBe('succeeded')
  })

  test('who logs out at one is logged out at all, with the next request, and streams end', async () => {
    const visitor = await several.logIn(await linkNow(), 0)
    const other = await several.logIn(await linkNow(), 2)
    // By turns: each server has one.
    const streams = [0, 1, 2].map(() => openStream(several.origin, '/api/v1/stream?topics=overview', visitor.cookie))
    const said = (stream: OpenStream) => stream.events.at(-1)
    try {
      await until('they watch', async () => streams.every(({ events }) => events.length > 0))
      expect(await statuses(visitor)).toEqual([200, 200, 200])
      expect((await visitor.post('/logout', {}, 1)).status).toBe(303)
      const left = performance.now()
      expect(await statuses(visitor)).toEqual([401, 401, 401])
      await until('goodbye', async () => streams.every((stream) => said(stream)?.event === 'bye'), 5_000)
      expect(performance.now() - left).toBeLessThan(5_000)
      for (const stream of streams) expect(said(stream)?.data).toEqual({ why: 'the session has ended' })
      expect(await statuses(other)).toEqual([200, 200, 200])
    } finally {
      for (const stream of streams) stream.close()
    }
  }, 60_000)

  test('of two servers that are given one link at the same moment one takes it: 50 times', async () => {
    let taken = 0
    for (let round = 0; round < 50; round += 1) {
      const link = await linkNow()
      const [one, other] = [round % 3, (round + 1) % 3]
      const answers = await Promise.all([several.enter(link, one), several.enter(link, other)])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 401])
      taken += 1
    }
    expect(taken).toBe(50)
  }, 120_000)

  test('servers are killed one after the other in the middle of a change: the session goes on, and no stream has a gap or anything twice', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const visitor = await several.logIn(await linkNow())
    const id = await begin(visitor, DEVICES[1], 300)
    const first = Buffer.from('after 0').toString('base64url')
    const path = `/api/v1/stream?topics=execution:${id}&after=${first}`
    const streams = [0, 1, 2].map(() => openStream(several.origin, path, visitor.cookie))
    try {
      for (const place of [0, 1, 2]) {
        await pause(700)
        if (place === 1) await approved(visitor, id)
        several.servers[place]?.process.kill('SIGKILL')
        await several.servers[place]?.ended
        // Asked at once, before anybody has noticed.
        expect((await visitor.get('/api/v1/me')).status).toBe(200)
        await several.start(place)
      }
      await until('it ends', async () => (await ends(id)) !== undefined)
      expect(await ends(id)).toBe('succeeded')
      const written = (await team.app.store.read(id)).map(({ seq }) => seq)
      const shown = ({ events }: OpenStream) =>
        events.flatMap(({ event, data }) => (event === 'record' ? [data.seq] : []))
      await until(
        'they have all',
        async () => streams.every((stream) => shown(stream).length >= written.length),
        20_000,
      )
      await pause(1_000)
      for (const stream of streams) expect(shown(stream)).toEqual(written)
      expect(written.length).toBeGreaterThan(20)
      expect(streams.map(({ connections }) => connections > 1)).toEqual([true, true, true])
      expect(await statuses(visitor)).toEqual([200, 200, 200])
    } finally {
      for (const stream of streams) stream.close()
    }
  })

  // Needs the Debian package chromium.
  test.skipIf(CHROMIUM === undefined)(
    'a page that is open in a browser shows a change to its end while servers are killed, and is never loaded again',
    { tags: 'night', timeout: 180_000 },
    async () => {
      const browser = await startChromium()
      try {
        const page = await (await browser.newContext(SCREEN)).newPage()
        const faults: string[] = []
        page.on('pageerror', (error) => faults.push(error.message))
        await page.goto(`${several.origin}/login?link=${await linkNow()}`)
        await page.getByRole('button').first().click()
        await page.waitForURL(`${several.origin}/`)
        const visitor = await several.logIn(await linkNow())
        const id = await begin(visitor, DEVICES[2], 400)
        await page.goto(`${several.origin}/executions/${id}`)
        await page.evaluate('window.isTheSame = true')
        await approved(visitor, id)
        for (const place of [0, 1, 2]) {
          several.servers[place]?.process.kill('SIGKILL')
          await several.servers[place]?.ended
          await pause(500)
          await several.start(place)
        }
        await until('it ends', async () => (await ends(id)) !== undefined)
        const line = page.getByRole('heading', { level: 1 })
        await until('the page shows it', async () =>
          /confirmed|succeeded|good/i.test(await page.locator('main').innerText()),
        )
        expect(await page.evaluate('window.isTheSame')).toBe(true)
        expect([await line.count(), faults]).toEqual([1, []])
        const { EOSFLOW_PICTURES: pictures } = process.env
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, 'several-servers.png'), fullPage: true })
        await page.goto(`${several.origin}/`)
        expect(await page.title()).not.toBe('')
      } finally {
        await browser.close()
      }
    },
  )

  test('while the database is away no server is ready and all say so; behind it everybody has their session', {
    tags: 'night',
    timeout: 120_000,
  }, async () => {
    const visitor = await several.logIn(await linkNow(), 1)
    await team.database.primary.stop('immediate')
    const probes = () => Promise.all([0, 1, 2].map(async (at) => (await visitor.get('/readyz', at)).status))
    const pages = () => Promise.all([0, 1, 2].map(async (at) => (await visitor.get('/', at)).status))
    try {
      expect(await probes()).toEqual([503, 503, 503])
      expect([await statuses(visitor), await pages()]).toEqual([
        [503, 503, 503],
        [503, 503, 503],
      ])
      expect(await Promise.all([0, 1, 2].map(async (at) => (await visitor.get('/healthz', at)).status))).toEqual([
        200, 200, 200,
      ])
      await pause(SERVER_TTL)
    } finally {
      await team.database.primary.start()
    }
    await until('they are ready', async () => (await probes()).every((status) => status === 200), 30_000)
    expect([await statuses(visitor), await pages()]).toEqual([
      [200, 200, 200],
      [200, 200, 200],
    ])
    expect(several.servers.map(({ process }) => process.exitCode)).toEqual([null, null, null])
  })

  test('each instant of a schedule is decided about once, also where the one that leads is killed or frozen, and thawed', {
    tags: 'night',
    timeout: 300_000,
  }, async () => {
    const leader = async (): Promise<number> => {
      const questions = await team.database.ask("SELECT worker FROM eosflow.hold WHERE name = 'serve'")
      return several.servers.findIndex(({ id }) => id === questions[0]?.worker)
    }
    const seen: JournalEvent[] = []
    const over = new AbortController()
    let fired: () => void = () => undefined
    const following = team.follow((event) => {
      seen.push(event)
      if (event.type === 'ScheduleFired') fired()
    }, over.signal)
    await until('one leads', async () => (await leader()) >= 0)
    const toMinute = (): number => 60_000 - (Date.now() % 60_000)
    // Killed right before an instant.
    const first = new Date(Math.ceil(Date.now() / 60_000) * 60_000).toISOString()
    await pause(Math.max(0, toMinute() - 2_000))
    const killed = await leader()
    several.servers[killed]?.process.kill('SIGKILL')
    const decidedAt = (instant: string) =>
      seen.flatMap((event) =>
        'instant' in event && event.instant === instant && DECISIONS.includes(event.type) ? [event] : [],
      )
    const until3 = (instant: string) =>
      until('another one decides', async () => decidedAt(instant).length === 3, 70_000).catch(() => {
        throw new Error(
          `of ${instant} is decided: ${JSON.stringify(seen)}; ${several.servers.map(({ said }) => said()).join()}`,
        )
      })
    await until3(first)
    await several.start(killed)
    // Frozen in the middle of what it has fired.
    const frozen = await leader()
    expect(frozen).not.toBe(killed)
    const second = new Date(Date.parse(first) + 60_000).toISOString()
    await new Promise<void>((resolve) => {
      fired = resolve
    })
    several.servers[frozen]?.process.kill('SIGSTOP')
    await until('another one leads', async () => ![frozen, -1].includes(await leader()), 30_000)
    await until3(second)
    await pause(SERVER_TTL)
    several.servers[frozen]?.process.kill('SIGCONT')
    expect(await several.servers[frozen]?.ended, several.servers[frozen]?.said()).toBe(9)
    await several.start(frozen)
    await pause(SERVER_TTL)
    over.abort()
    await following
    const decisions = seen.flatMap((event) =>
      DECISIONS.includes(event.type) && 'instant' in event ? [`${event.schedule} ${event.instant}`] : [],
    )
    const finished = seen.flatMap((event) =>
      event.type === 'ScheduleFinished' ? [`${event.schedule} ${event.instant}`] : [],
    )
    const expected = [first, second].flatMap((instant) =>
      ['keep', 'look', 'prepare'].map((name) => `${name} ${instant}`),
    )
    expect(decisions.filter((one) => expected.includes(one)).toSorted()).toEqual(expected.toSorted())
    expect(new Set(decisions).size).toBe(decisions.length)
    // What was skipped has no end.
    const begins = seen.flatMap((event) =>
      event.type === 'ScheduleFired' ? [`${event.schedule} ${event.instant}`] : [],
    )
    expect(finished.filter((one) => expected.includes(one)).toSorted()).toEqual(
      begins.filter((one) => expected.includes(one)).toSorted(),
    )
    expect(begins.length).toBeGreaterThanOrEqual(4)
    const begun = seen.flatMap((event) =>
      event.type === 'ExecutionStarted' && event.request !== undefined ? [event.request.key] : [],
    )
    expect(new Set(begun).size).toBe(begun.length)
    expect(begun.length).toBeLessThanOrEqual(begins.filter((one) => one.startsWith('prepare ')).length)
  })

  test('no byte of the database opens anything: neither a link nor what a browser holds', async () => {
    await several.logIn(await linkNow(), 2)
    const tables = await team.database.ask(
      "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname IN ('eosflow', 'dbos')",
    )
    let read = 0
    for (const { name } of tables) {
      const [row] = await team.database.ask(`SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM ${name} t`)
      const text = String(row?.text)
      read += text.length
      for (const secret of several.secrets) {
        expect(text.includes(secret), `${name} has what was used`).toBe(false)
        expect(text.includes(Buffer.from(secret).toString('hex')), `${name} has what was used, in hex`).toBe(false)
      }
    }
    expect(several.secrets.length).toBeGreaterThanOrEqual(3)
    expect([tables.length > 15, read > 10_000]).toEqual([true, true])
    const [kept] = await team.database.ask("SELECT count(*)::int AS sessions FROM eosflow.note WHERE kind = 'session'")
    expect(kept?.sessions).toBeGreaterThanOrEqual(1)
  }, 60_000)
})
