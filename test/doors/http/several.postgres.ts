import type { ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OpenStream, openStream } from '../../control-room/server-process.ts'
import { freePort } from '../../free-ports.ts'
import { soon, startBuilt } from '../../lab/lab.ts'
import { openService } from '../../lab/service.ts'
import { ask, enter, logIn, type Told } from '../../lab/visitor.ts'
import { pause, startTeam, type Team } from '../../project/worker/team.ts'
import { OPEN } from '../cli/running.ts'

/** So long without a sign of life is death here, in milliseconds: a machine with much else to do is slow. */
const SERVER_TTL = 6_000

/** How often the proxy asks each server whether it is ready, and how long it waits for the answer, in milliseconds. */
const PROBE = 200
const PATIENCE = 1_000

/** One server of the built command. */
interface OneServer {
  readonly origin: string
  readonly process: ChildProcess
  /** Its id in the store. */
  readonly id: string
  /** The link that its terminal has shown first. */
  readonly link: string
  /** What it has said. */
  readonly said: () => string
  /** Resolves with its exit code, or its signal. */
  readonly ended: Promise<number | string>
  readonly isUp: boolean
}

/** A person in a browser, by way of the proxy unless a server is named. */
interface Visitor {
  readonly cookie: string
  get(path: string, server?: number): Promise<Told>
  post(path: string, body?: object, server?: number): Promise<Told>
}

/** Servers of one store behind a proxy that asks each in turn, of those that say that they are ready. */
interface Several {
  /** Where the proxy is: what browsers know. */
  readonly origin: string
  readonly servers: readonly OneServer[]
  /** Starts the server of a place again, where it was. */
  start(place: number): Promise<void>
  /** Every link, id of a session and token of forms that was used: nobody else may know one. */
  readonly secrets: readonly string[]
  /** How often each server has answered by way of the proxy. */
  readonly answered: readonly number[]
  /** Sends the secret of a link as the form of a page does. */
  enter(link: string, server?: number): Promise<Told>
  /** Logs in with a link at a server. */
  logIn(link: string, server?: number): Promise<Visitor>
  close(): Promise<void>
}

/** Starts so many servers of the project of a team: each in a folder as on a machine of its own, with the same keys. */
async function startSeveral(team: Team, many: number): Promise<Several> {
  const places: (OneServer & { isUp: boolean })[] = []
  const secrets: string[] = []
  const answered: number[] = Array.from({ length: many }, () => 0)
  const agent = new Agent({ keepAlive: false })
  let turn = 0
  /** Passes a request on to a server that is up; to the next one where it does not take the connection. */
  const pass = (asked: IncomingMessage, body: string, response: ServerResponse, tries: number) => {
    const up = places.filter(({ isUp }) => isUp)
    const one = up[turn++ % Math.max(1, up.length)]
    if (one === undefined || tries > many) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"kind":"no-server"}')
      return
    }
    const { hostname, port } = new URL(one.origin)
    const options = { host: hostname, port, path: asked.url, method: asked.method, headers: asked.headers, agent }
    const passed = request(options, (answer) => {
      const place = places.indexOf(one)
      answered[place] = (answered[place] ?? 0) + 1
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-served-by': String(place) })
      answer.pipe(response)
      answer.on('error', () => response.destroy())
      answer.on('aborted', () => response.destroy())
    })
    response.on('close', () => passed.destroy())
    passed.on('error', () => {
      if (response.headersSent) response.destroy()
      else if (!response.destroyed) pass(asked, body, response, tries + 1)
    })
    passed.end(body)
  }
  const proxy = await openService((asked, response, { body }) => pass(asked, body, response, 1))
  const origin = `http://localhost:${proxy.port}`
  const start = async (place: number) => {
    const before = places[place]
    const port = before === undefined ? await freePort() : Number(new URL(before.origin).port)
    const dir = join(team.dir, `server-${place}`)
    if (before === undefined) {
      mkdirSync(dir)
      for (const file of ['eosflow.yaml', 'inventory.yaml', 'vlan.yaml', '.eosflow'])
        cpSync(join(team.dir, file), join(dir, file), { recursive: true })
      const server = `server: { listen: "127.0.0.1:${port}", publicUrl: "${origin}" }\n`
      const own = readFileSync(join(dir, 'eosflow.yaml'), 'utf8')
      writeFileSync(join(dir, 'eosflow.yaml'), own + server)
    }
    const known = new Set(await serversIn(team))
    const running = await begun(dir)
    let id: string | undefined
    while (id === undefined) {
      id = (await serversIn(team)).find((one) => !known.has(one))
      await pause(20)
    }
    places[place] = { ...running, id, origin: `http://127.0.0.1:${port}`, isUp: true }
  }
  for (let place = 0; place < many; place += 1) await start(place)
  let isOver = false
  const probing = (async () => {
    while (!isOver) {
      await Promise.all(
        places.map(async (one) => {
          const isReady = await Promise.race([
            ask(one.origin, 'GET', '/readyz').then(
              ({ status }) => status === 200,
              () => false,
            ),
            pause(PATIENCE).then(() => false),
          ])
          one.isUp = isReady
        }),
      )
      await pause(PROBE)
    }
  })()
  const to = (server: number | undefined) => (server === undefined ? origin : (places[server]?.origin ?? ''))
  const enterAt: Several['enter'] = (link, server) => {
    secrets.push(link)
    return enter(to(server), link, origin)
  }
  return {
    origin,
    servers: places,
    start,
    answered,
    secrets,
    enter: enterAt,
    logIn: async (link, server) => {
      secrets.push(link)
      const { cookie, token, get, post } = await logIn(to(server), link, origin)
      secrets.push(cookie.slice(cookie.indexOf('=') + 1), token)
      return { cookie, get: (path, at) => get(path, to(at)), post: (path, body, at) => post(path, body, to(at)) }
    },
    close: async () => {
      isOver = true
      await probing
      for (const { process: child } of places) child.kill('SIGKILL')
      await proxy.close()
    },
  }
}

async function serversIn({ app }: Team) {
  return ((await app.shared?.workers.list()) ?? []).filter(({ kind }) => kind === 'server').map(({ id }) => id)
}

async function begun(dir: string): Promise<Pick<OneServer, 'process' | 'link' | 'said' | 'ended'>> {
  const { child, text, ended, said } = startBuilt(dir, ['serve'])
  const [, , link = ''] = await said(OPEN)
  const over = ended.then(({ code, signal }) => code ?? signal ?? -1)
  return { process: child, link, said: () => text.out + text.err, ended: over }
}

const DEVICES = ['pod1-spine1', 'pod1-spine2', 'pod1-leaf3'] as const

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
    several = await startSeveral(team, 3)
  }, 180_000)
  // As systemd does with one that was silent for too long: this machine may have much else to do.
  beforeEach(async () => {
    for (const [place, { process }] of several.servers.entries()) if (process.exitCode === 9) await several.start(place)
  }, 60_000)
  afterAll(async () => {
    await several?.close()
    await team?.close()
  })

  const until = (what: string, holds: () => Promise<boolean>, within = 60_000) => soon(holds, within, what)
  /** A link that is good, as a terminal would show it. */
  const linkNow = async () => {
    const secret = randomBytes(32).toString('hex')
    const digest = createHash('sha256').update(secret).digest('hex')
    await team.app.notes.put('link', digest, '', { lasts: 60_000 })
    return secret
  }
  const statuses = async (visitor: { get(path: string, server: number): Promise<{ status: number }> }) =>
    Promise.all([0, 1, 2].map(async (server) => (await visitor.get('/api/v1/me', server)).status))
  /** Approves what an execution waits for, asking one server after the other. */
  const approved = async (visitor: Visitor, id: string) => {
    const read = (server?: number) => visitor.get(`/api/v1/executions/${id}`, server)
    await until('it waits', async () => ((await read()).json.waitingFor as unknown[] | undefined)?.length === 1)
    const plan = String((await read()).json.plan)
    const decided = await visitor.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve', comment: '' })
    expect(decided.status, decided.text).toBe(200)
  }
  const begin = async (visitor: Visitor, device: string, vlan: number) => {
    const begun = await visitor.post('/api/v1/executions', { workflow: 'vlan.yaml', params: { vlan }, targets: device })
    expect(begun.status, begun.text).toBe(202)
    return String(begun.json.execution)
  }
  const ends = async (id: string) => {
    const last = (await team.app.store.read(id)).at(-1)
    return last?.type === 'ExecutionEnded' ? last.outcome : undefined
  }

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

  test('no byte of the database opens anything: neither a link nor what a browser holds', {
    tags: 'turn',
    timeout: 60_000,
  }, async () => {
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
    expect([tables.length > 15, read > 1_000]).toEqual([true, true])
    const [kept] = await team.database.ask("SELECT count(*)::int AS sessions FROM eosflow.note WHERE kind = 'session'")
    expect(kept?.sessions).toBeGreaterThanOrEqual(1)
  })
})
