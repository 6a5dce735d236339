import { MessageChannel } from 'node:worker_threads'
import type { Client } from '@modelcontextprotocol/client'
import { onTestFinished } from 'vitest'
import type { AgentOptions } from './agent.ts'
import type { Lab } from './lab.ts'
import { seamsOf, whileTimePasses } from './memory.ts'
import { hostIn, openAppIn } from './opened-app.ts'
import { PEOPLE } from './people.ts'
import {
  type App,
  type EngineThread,
  EosflowError,
  type FrontContext,
  type Journal,
  type NoteChange,
  type Principal,
  type Rehearse,
  SeededRandom,
  type Session,
  type StreamSeats,
  serverSources,
  silentConsole,
} from './sources.ts'

/** Where the server of a bench is reached. */
export const ORIGIN = 'http://localhost:7474'

/** A request of a test. */
export interface Asked {
  /** The token of a program, as the bench knows it. */
  readonly token?: string
  /** The cookie of a session. */
  readonly session?: string
  readonly body?: unknown
  /** A form, as a browser sends it. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** The address that it comes from; absent: no network. */
  readonly from?: string
}

/** An answer, read. */
export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Record<string, unknown>
}

/** A server without a socket: both of its threads in this process, over simulated switches and a clock that only waiting moves. */
export interface ServerBench {
  readonly lab: Lab
  readonly app: App
  readonly front: FrontContext
  readonly room: EngineThread
  /** The links that the terminal of the server has shown. */
  readonly links: string[]
  /** What went wrong behind answers. */
  readonly failures: string[]
  /** Tells the front that the server ends. */
  end(): void
  /** How many requests the switches have had. */
  requests(): number
  ask(method: string, path: string, asked?: Asked): Promise<Told>
  /** The same, without reading the answer. */
  open(method: string, path: string, asked?: Asked): Promise<Response>
  /** The official client of an agent that has a token, whose requests come without a socket. */
  agent(token: string, options?: AgentOptions): Promise<Client>
  /** A browser in which a person has logged in: asks as a page of the server does. */
  browser(principal: Principal): Browser
}

/** A browser with a session. */
export interface Browser {
  readonly id: string
  readonly session: Session
  get(path: string): Promise<Told>
  post(path: string, body?: unknown, headers?: Asked['headers']): Promise<Told>
  form(path: string, fields?: Asked['form']): Promise<Told>
  /** Begins a change: its execution. */
  begin(workflow?: string): Promise<string>
  /** What the API says of an execution. */
  seen(execution: unknown): Promise<Told['json']>
  /** Waits until an execution waits for somebody. */
  waits(execution: unknown): Promise<void>
  /** Waits until an execution has ended. */
  ends(execution: unknown): Promise<void>
}

/** How a lab is served. */
export interface ServeOptions {
  /** Whom a token names. */
  readonly tokens?: Readonly<Record<string, Principal>>
  readonly env?: Readonly<Record<string, string>>
  readonly now?: () => number
  /** What rehearses plans. Default: nothing ends. */
  readonly rehearse?: Rehearse
  /** How many streams there are for each. Default: as of a server. */
  readonly seats?: StreamSeats
  /** For how long a token is good, in milliseconds from the start of the server. Default: for ever. */
  readonly lasts?: Readonly<Record<string, number>>
  /** What stands between the engine and its journal. */
  readonly journal?: (journal: Journal) => Journal
}

const NO_REHEARSAL: Rehearse = () => new Promise(() => undefined)

/** Starts a server on a lab. */
export async function serveLab(
  lab: Lab,
  { tokens = {}, env = {}, now, rehearse = NO_REHEARSAL, lasts = {}, seats, journal }: ServeOptions = {},
): Promise<ServerBench> {
  const load = await serverSources()
  const failures: string[] = []
  const failed = (what: string, error: unknown) => {
    failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const seams = seamsOf(lab)
  const { sleep, monotonic } = lab.clock
  const begun = lab.clock.now()
  // What comes from a real provider is of today; what waits, waits in no time all the same.
  const clock =
    now === undefined ? lab.clock : { now, sleep: sleep.bind(lab.clock), monotonic: monotonic.bind(lab.clock) }
  const local: Principal = PEOPLE.local
  const opened = await openAppIn(lab.dir, local, {
    env,
    seams: { ...seams, clock, ...(journal === undefined ? {} : { journal }) },
  })
  const { app } = opened
  const room = load.engineThread.openEngineThread({ app, console: silentConsole(), most: 20, failed, rehearse })
  const changeNotes = async (kind: string, change: NoteChange) => (await app.file?.changeNotes(kind, change)) === true
  const frontHost = hostIn(lab.dir, { env, seams: { ...seams, clock, principal: local } })
  const frontApp = await load.frontThread.openFrontApp(
    frontHost,
    { project: lab.dir },
    { acts: room, changeNotes },
    failed,
  )
  const { port1, port2 } = new MessageChannel()
  const silent = load.sharedSecrets.tellSecrets(app.scrubber, port1)
  const hear = load.sharedSecrets.hearSecrets(port2, frontHost.scrubber)
  const links: string[] = []
  const random = new SeededRandom()
  const ending = new AbortController()
  const logins: Promise<unknown>[] = []
  const front: ServerBench['front'] = {
    app: frontApp,
    acts: room,
    address: load.publicAddress.publicAddress(load.serverSettings.serverSettings.parse({}), 7474),
    sessions: new load.sessions.Sessions({ notes: frontApp.notes, clock, random, isKnown: () => true }),
    allowance: new load.allowance.Allowance(clock, (principal, since) =>
      load.begunBy.begunBy(frontApp, principal, since),
    ),
    streams: seats ?? new load.streamSeats.StreamSeats(),
    strangers: new load.addressAllowance.AddressAllowance(clock),
    senders: new load.addressAllowance.AddressAllowance(clock, load.addressAllowance.EVENTS),
    link: new load.oneTimeLink.OneTimeLink(frontApp.notes, lab.clock, random, (path) => links.push(path)),
    whoIs: async (token) => {
      const principal = Object.hasOwn(tokens, token) ? tokens[token] : undefined
      if (principal === undefined) throw new EosflowError('not-authorised', 'the token is not taken')
      return { principal, ends: begun + (lasts[token] ?? Infinity) }
    },
    live: new load.liveRecords.LiveRecords({ app: frontApp, failed }),
    drift: new load.driftSeen.DriftSeen(),
    verification: new load.recordVerification.RecordVerification({
      app: frontApp,
      verify: async () => load.verifyRecord.verifyAsItLies(frontHost, frontApp.project),
      failed,
    }),
    web: { style: 'app-1.css', script: 'app-2.js', read: (name) => (name === 'app-1.css' ? 'body{}' : undefined) },
    ending: ending.signal,
    exitCodeOf: load.exitCode.exitCodeOfFault,
    scrub: (text) => {
      hear()
      return frontHost.scrubber.scrub(text)
    },
    failed,
  }
  onTestFinished(async () => {
    ending.abort()
    silent()
    await whileTimePasses(lab.clock, room.end(AbortSignal.timeout(20_000)))
    await frontApp.store.close()
    await opened.close()
  })
  const http = load.httpApp.httpApp(front)
  const open = async (method: string, path: string, asked: Asked = {}) => {
    const { token, session, body, form, headers, from } = asked
    await Promise.all(logins)
    hear()
    const init = {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(session === undefined ? {} : { cookie: `${load.session.COOKIE}=${session}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    }
    const answered = http.request(`${ORIGIN}${path}`, init, senderAt(from))
    return whileTimePasses(lab.clock, Promise.resolve(answered), { isServed: true })
  }
  const ask: ServerBench['ask'] = async (method, path, asked) => {
    const response = await open(method, path, asked)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} }
  }
  return {
    lab,
    app,
    front,
    room,
    links,
    failures,
    ask,
    open,
    end: () => ending.abort(),
    requests: () => lab.requests(),
    agent: async (token, options) => (await import('./agent.ts')).connected(ORIGIN, open, token, options),
    browser: (principal) => {
      const id = random.hex(32)
      const digest = load.session.digestOf(id)
      const ends = clock.now() + load.session.LONGEST
      // As a login would have begun it.
      logins.push(
        frontApp.notes.put('session', digest, JSON.stringify({ version: 1, digest, principal, ends }), {
          lasts: load.session.IDLE,
        }),
      )
      const session = { ...load.session.formsOf(id), principal, ends, over: new AbortController().signal }
      const own = { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }
      const get: Browser['get'] = (path) => ask('GET', path, { session: id })
      const seen: Browser['seen'] = async (execution) => (await get(`/api/v1/executions/${execution}`)).json
      const post: Browser['post'] = (path, body = {}, headers = {}) =>
        ask('POST', path, { session: id, body, headers: { ...own, 'x-eosflow-token': session.token, ...headers } })
      return {
        id,
        session,
        get,
        post,
        begin: async (workflow = 'workflow.yaml') =>
          String((await post('/api/v1/executions', { workflow })).json.execution),
        seen,
        waits: (execution) => until({ lab, failures }, async () => (await seen(execution)).waitingFor !== undefined),
        ends: (execution) => until({ lab, failures }, async () => (await seen(execution)).status === 'ended'),
        form: (path, fields = {}) =>
          ask('POST', path, { session: id, form: { csrf: session.token, ...fields }, headers: own }),
      }
    },
  }
}

/** Waits until nothing runs in a server. */
export const idle = (bench: ServerBench) => until(bench, async () => bench.room.running.length === 0)

const senderAt = (from: string | undefined) => (from === undefined ? {} : { sender: { address: from, isPlain: false } })

/** Waits, in the time of the lab, until something holds. */
export async function until(bench: Pick<ServerBench, 'lab' | 'failures'>, holds: () => Promise<boolean>) {
  for (let look = 0; look < 2_000; look += 1) {
    if (await holds()) return
    // What really reads and writes gets its turn: the time of the lab would run far ahead of it on a busy machine.
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (bench.lab.clock.sleeping > 0) await bench.lab.clock.next()
  }
  throw new Error(`it did not come to that: ${bench.failures.join('; ')}`)
}
