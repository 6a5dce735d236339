import { dirname } from 'node:path'
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import type { App } from '../app/app.ts'
import type { Caller } from '../app/caller.ts'
import type { Console } from '../app/console.ts'
import { InputError } from '../app/input-error.ts'
import { openOutbox } from '../app/notify/outbox.ts'
import { underSeenPolicy } from '../app/policy/seen-policy.ts'
import type { Project } from '../app/project.ts'
import { SERVER_CLAIM } from '../app/server-claim.ts'
import { isForThisMachine, type ServerSettings } from '../inventory/server-settings.ts'
import type { Clock } from '../model/clock.ts'
import { EosflowError } from '../model/error.ts'
import type { Principal } from '../model/principal.ts'
import { problemOf } from '../model/problem.ts'
import type { AuditVerification } from '../report/audit-verification.ts'
import { type EngineRoom, type EngineRoomOptions, openEngineRoom } from './engine-room.ts'
import { type Fault, faultOf, Refusal } from './fault.ts'
import { type KeptSession, type KeptSessions, keptSessions } from './kept-sessions.ts'
import type { ActReply, FromFront, ToFront } from './message.ts'
import type { Rehearse } from './rehearsals.ts'
import { tellSecrets } from './shared-secrets.ts'

/** A front that dies is started again after so long, in milliseconds. */
const AGAIN = 500
/** So long the front may take to say goodbye to its browsers, in milliseconds. */
const GOODBYE = 300

/** What a server is made of, on the main thread. */
export interface ServeOptions {
  readonly app: App
  /** Who runs the server. */
  readonly principal: Principal
  /** The terminal, or the log: its interrupt ends the server. */
  readonly console: Pick<Console, 'tell' | 'stop' | 'heed'>
  readonly settings: ServerSettings
  /** Starts a front; `port` is the one that it had before, `sessions` are those, and on `secrets` it hears what it must not show. */
  front(port: number | undefined, sessions: readonly KeptSession[], secrets: MessagePort): Worker
  /** Rehearses a plan in a thread of its own. */
  readonly rehearse: Rehearse
  /** Verifies the record in a thread of its own. */
  verify(): Promise<AuditVerification>
  /** It listens. */
  listening(origin: string): void
}

/** How a server ended: with everything settled or at rest, or with these executions left to the commit timers of their switches. */
export interface ServeEnd {
  readonly left: readonly string[]
}

/** Throws InputError where more than this machine would reach a server in which nobody is known, or everybody may do everything. */
export function requireServable({ settings, policyPresent }: Pick<Project, 'settings' | 'policyPresent'>): void {
  if (isForThisMachine(settings.server)) return
  const problems = [
    ...(settings.identity === undefined
      ? [
          problemOf(
            'eosflow.yaml',
            'server-without-identity',
            'beyond this machine the server must know who asks',
            'Add `identity:`, or listen on 127.0.0.1.',
          ),
        ]
      : []),
    ...(policyPresent
      ? []
      : [
          problemOf(
            'eosflow.yaml',
            'server-without-policy',
            'beyond this machine a policy must say who may do what',
            'Write policy.yaml, or listen on 127.0.0.1.',
          ),
        ]),
  ]
  if (problems.length > 0) throw new InputError(problems)
}

/**
 * Serves a store until it must end: then nothing new begins, what is not live rests, and what is live is seen through. Throws `busy`
 * where another server has the store, and what keeps the front from listening.
 */
export async function serve(options: ServeOptions): Promise<ServeEnd> {
  const { app, console: terminal, principal, settings, rehearse, verify } = options
  if (await app.claims.isClaimed(SERVER_CLAIM)) {
    throw new EosflowError('busy', 'another server serves this store', {
      hint: 'One server is enough for a store: use that one.',
    })
  }
  const claim = await app.claims.claim(SERVER_CLAIM)
  const failed = (what: string, error: unknown): void => terminal.tell(`! ${what}: ${wordsOf(error)}\n`)
  const pulse: EngineRoomOptions['pulse'] = (execution, note) => fronts.say({ kind: 'pulse', execution, pulse: note })
  const room = openEngineRoom({ app, console: terminal, most: settings.maxExecutions, failed, pulse, rehearse })
  const fronts: Fronts = new Fronts(options, room)
  const by: Caller = { ...terminal, interactive: false, ask: async () => undefined, principal }
  const outbox = openOutbox({ app, by, failed, verify })
  try {
    await fronts.begin()
    await room.begin()
    await fronts.untilEnded(terminal.stop)
    const { running } = room
    if (running.length > 0)
      terminal.tell(`ending: nothing new begins, what is live is seen through: ${running.join(', ')}\n`)
    fronts.say({ kind: 'ending' })
    const isDone = await drained(app.clock, room, settings.drain)
    return { left: isDone ? [] : room.running }
  } finally {
    await fronts.close()
    await outbox.end()
    await claim.release()
  }
}

/** Ends the room within so many seconds. True when that was done. */
async function drained(clock: Clock, room: EngineRoom, seconds: number): Promise<boolean> {
  const [over, limit] = [new AbortController(), new AbortController()]
  const late = clock.sleep(seconds * 1000, over.signal).then(
    () => limit.abort(),
    () => undefined,
  )
  try {
    return await room.end(limit.signal)
  } finally {
    over.abort()
    await late
  }
}

function wordsOf(error: unknown): string {
  const { kind, message, hint } = faultOf(error)
  if (kind === 'bug' && error instanceof Error) return error.stack ?? error.message
  return hint === undefined ? message : `${message} (${hint})`
}

/** The front of a server, and the one after it when it dies. */
class Fronts {
  readonly #options: ServeOptions
  readonly #room: EngineRoom
  readonly #kept: KeptSessions
  #worker: Worker | undefined
  #port: number | undefined
  #isOver = false
  #dead: Promise<void> = Promise.resolve()
  #died: () => void = () => undefined
  /** Tells the front no secret any more. */
  #forget: () => void = () => undefined

  constructor(options: ServeOptions, room: EngineRoom) {
    this.#options = options
    this.#room = room
    this.#kept = keptSessions(dirname(options.app.project.store))
  }

  /** Resolves when the first front listens; throws what keeps it from that. */
  async begin(): Promise<void> {
    await this.#start()
  }

  say(message: ToFront): void {
    this.#worker?.postMessage(message)
  }

  /** Starts a front again as often as one dies, until the signal is aborted. */
  async untilEnded(stop: AbortSignal): Promise<void> {
    const { app, console: terminal } = this.#options
    const stopped = new Promise<void>((resolve) => {
      if (stop.aborted) resolve()
      else stop.addEventListener('abort', () => resolve(), { once: true })
    })
    while (!stop.aborted) {
      if (this.#worker !== undefined) await Promise.race([this.#dead, stopped])
      if (stop.aborted) return
      terminal.tell('! the front has ended; it is started again, and executions go on\n')
      await app.clock.sleep(AGAIN, stop).catch(() => undefined)
      if (!stop.aborted)
        await this.#start().catch((error: unknown) =>
          terminal.tell(`! the front cannot be started: ${wordsOf(error)}\n`),
        )
    }
  }

  async close(): Promise<void> {
    this.#isOver = true
    this.#forget()
    const worker = this.#worker
    if (worker === undefined) return
    this.say({ kind: 'close' })
    await this.#options.app.clock.sleep(GOODBYE)
    await worker.terminate()
  }

  async #start(): Promise<void> {
    const { app, principal, front } = this.#options
    // A policy that is new goes on record here: the front could not put it there.
    await underSeenPolicy(app.project, app, { principal })
    const secrets = new MessageChannel()
    this.#forget()
    this.#forget = tellSecrets(app.scrubber, secrets.port1)
    const worker = front(this.#port, this.#kept.read(), secrets.port2)
    this.#worker = worker
    this.#dead = new Promise((resolve) => {
      this.#died = resolve
    })
    await new Promise<void>((resolve, reject) => {
      let refuse = reject
      worker.on('message', (message: FromFront) => {
        if (message.kind === 'listening') {
          this.#listens(message)
          // Nobody waits for it any longer: what ends it from now on is told.
          refuse = this.#told
          resolve()
        } else if (message.kind === 'unable') this.#ended(worker, new Refusal(message.fault), refuse)
        else this.#heard(worker, message)
      })
      worker.on('error', (error) => this.#ended(worker, error, refuse))
      worker.on('exit', () =>
        this.#ended(worker, new Refusal({ kind: 'front-gone', message: 'the thread of the front has ended' }), refuse),
      )
    })
  }

  #told = (error: unknown): void => {
    const { tell } = this.#options.console
    tell(`! ${wordsOf(error)}\n`)
  }

  #listens({ port, origin }: Extract<FromFront, { readonly kind: 'listening' }>): void {
    const isFirst = this.#port === undefined
    this.#port = port
    if (isFirst) this.#options.listening(origin)
  }

  #heard(worker: Worker, message: Exclude<FromFront, { readonly kind: 'listening' | 'unable' }>): void {
    const { tell } = this.#options.console
    if (message.kind === 'act') this.#perform(worker, message)
    else if (message.kind === 'sessions') this.#keep(message.sessions)
    else if (message.kind === 'link')
      tell(`Open ${message.url}\n(good once, for 15 minutes; /login shows another one here)\n`)
    else tell(`! ${message.text}\n`)
  }

  /** Without them people log in again: nothing else depends on that. */
  #keep(sessions: readonly KeptSession[]): void {
    const { tell } = this.#options.console
    try {
      this.#kept.keep(sessions)
    } catch (error) {
      tell(`! sessions are not kept: ${wordsOf(error)}\n`)
    }
  }

  #ended(worker: Worker, error: unknown, reject: (error: unknown) => void): void {
    if (this.#isOver || this.#worker !== worker) return
    this.#worker = undefined
    reject(error)
    this.#died()
  }

  #perform(worker: Worker, { id, act, asker, input }: Extract<FromFront, { readonly kind: 'act' }>): void {
    this.#room.ask(act, asker, input).then(
      (value) => worker.postMessage(this.#scrubbed({ kind: 'done', id, value })),
      (error: unknown) => worker.postMessage(this.#scrubbed({ kind: 'failed', id, fault: this.#faultOf(act, error) })),
    )
  }

  /** Without the secrets that this thread has asked for: the front does not know them, and could not take them out. */
  #scrubbed(reply: ActReply): ActReply {
    return JSON.parse(this.#options.app.scrubber.scrub(JSON.stringify(reply))) as ActReply
  }

  /** The answer hides what a bug is; the log does not. */
  #faultOf(act: string, error: unknown): Fault {
    const fault = faultOf(error)
    const { tell } = this.#options.console
    if (fault.kind === 'bug') tell(`! ${act}: ${wordsOf(error)}\n`)
    return fault
  }
}
