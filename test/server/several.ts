import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { OPEN } from '../cli/served.ts'
import { freePort } from '../free-ports.ts'
import { listen } from '../lab/listen.ts'
import { startBuilt } from '../lab/process.ts'
import { ask, enter, logIn, type Told } from '../lab/visitor.ts'
import { pause, type Team } from '../worker/team.ts'

/** So long without a sign of life is death here, in milliseconds: a machine with much else to do is slow. */
export const SERVER_TTL = 6_000

/** How often the proxy asks each server whether it is ready, and how long it waits for the answer, in milliseconds. */
const PROBE = 200
const PATIENCE = 1_000

/** One server of the built command. */
export interface OneServer {
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
export interface Visitor {
  readonly cookie: string
  get(path: string, server?: number): Promise<Told>
  post(path: string, body?: object, server?: number): Promise<Told>
}

/** Servers of one store behind a proxy that asks each in turn, of those that say that they are ready. */
export interface Several {
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

/** Starts so many servers of the project of a team: each in a folder as on a machine of its own, with the same keys. `settings`: further ones. */
export async function startSeveral(team: Team, many: number, settings = ''): Promise<Several> {
  const places: (OneServer & { isUp: boolean })[] = []
  const secrets: string[] = []
  const answered: number[] = Array.from({ length: many }, () => 0)
  const agent = new Agent({ keepAlive: false })
  let turn = 0
  /** Passes a request on to a server that is up; to the next one where it does not take the connection. */
  const pass = (asked: IncomingMessage, body: Buffer, response: ServerResponse, tries: number): void => {
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
  const proxy: Server = createServer((asked, response) => {
    const pieces: Buffer[] = []
    asked.on('data', (piece: Buffer) => pieces.push(piece))
    asked.on('end', () => pass(asked, Buffer.concat(pieces), response, 1))
  })
  const origin = `http://localhost:${await listen(proxy)}`
  const start = async (place: number): Promise<void> => {
    const before = places[place]
    const port = before === undefined ? await freePort() : Number(new URL(before.origin).port)
    const dir = join(team.dir, `server-${place}`)
    if (before === undefined) {
      mkdirSync(dir)
      for (const file of ['eosflow.yaml', 'inventory.yaml', 'vlan.yaml', '.eosflow'])
        cpSync(join(team.dir, file), join(dir, file), { recursive: true })
      const server = `server: { listen: "127.0.0.1:${port}", publicUrl: "${origin}" }\n`
      const own = readFileSync(join(dir, 'eosflow.yaml'), 'utf8')
      writeFileSync(join(dir, 'eosflow.yaml'), own + server + settings)
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
  const to = (server: number | undefined): string => (server === undefined ? origin : (places[server]?.origin ?? ''))
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
      proxy.closeAllConnections()
      proxy.close()
    },
  }
}

async function serversIn({ app }: Team): Promise<readonly string[]> {
  return ((await app.shared?.workers.list()) ?? []).filter(({ kind }) => kind === 'server').map(({ id }) => id)
}

async function begun(dir: string): Promise<Pick<OneServer, 'process' | 'link' | 'said' | 'ended'>> {
  const { child, text, ended, said } = startBuilt(dir, ['serve'])
  const [, , link = ''] = await said(OPEN)
  const over = ended.then(({ code, signal }) => code ?? signal ?? -1)
  return { process: child, link, said: () => text.out + text.err, ended: over }
}
