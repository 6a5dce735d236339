import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import type { NoteChange } from '../../change/record/store/sealed-notes.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { underSeenPolicy } from '../../project/access/policy/authority.ts'
import type { App } from '../../project/app/app.ts'
import { LOGOUTS } from '../../project/identity/login-ports.ts'
import type { Console } from '../../project/system/process/console.ts'
import type { EngineThread } from './act/engine-thread.ts'
import type { ActReply, EngineMessage, FrontMessage } from './context/message.ts'
import { logWords } from './log-words.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import { faultOf, type RequestFault, RequestRefusal } from './request/fault.ts'
import { LINKS } from './session/one-time-link.ts'
import { SESSIONS } from './session/sessions.ts'
import { tellSecrets } from './shared-secrets.ts'

// A front that dies is started again after so long, in milliseconds.
const AGAIN = 500
// So long the front may take to say goodbye to its browsers, in milliseconds.
const GOODBYE = 300

// The kinds of notes that a front writes: who takes it over makes nothing that the main thread goes by (ADR 57).
const OF_FRONT: ReadonlySet<string> = new Set([SESSIONS, LINKS, LOGOUTS])

export interface FrontSupervisorOptions {
  readonly app: App
  readonly principal: Principal
  readonly console: Pick<Console, 'tell'>
  /** Starts a front; `port` is the one that it had before, and on `secrets` it hears what it must not show. */
  front(port: number | undefined, secrets: MessagePort): Worker
  listening(origin: string): void
}

/** The front of a server, and the one after it when it dies. */
export class FrontSupervisor {
  readonly #options: FrontSupervisorOptions
  readonly #engine: EngineThread
  readonly #metrics: ServerMetrics | undefined
  #worker: Worker | undefined
  #port: number | undefined
  #isOver = false
  #dead: Promise<void> = Promise.resolve()
  #died: () => void = () => undefined
  #forget: () => void = () => undefined

  constructor(options: FrontSupervisorOptions, engine: EngineThread, metrics: ServerMetrics | undefined) {
    this.#options = options
    this.#engine = engine
    this.#metrics = metrics
  }

  async begin(): Promise<void> {
    await this.#start()
  }

  say(message: EngineMessage): void {
    this.#worker?.postMessage(message)
  }

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
          terminal.tell(`! the front cannot be started: ${logWords(error)}\n`),
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
    const worker = front(this.#port, secrets.port2)
    this.#worker = worker
    this.#dead = new Promise((resolve) => {
      this.#died = resolve
    })
    await new Promise<void>((resolve, reject) => {
      let refuse = reject
      worker.on('message', (message: FrontMessage) => {
        if (message.kind === 'listening') {
          this.#listens(message)
          // Nobody waits for it any longer: what ends it from now on is told.
          refuse = this.#told
          resolve()
        } else if (message.kind === 'unable') this.#ended(worker, new RequestRefusal(message.fault), refuse)
        else this.#heard(worker, message)
      })
      worker.on('error', (error) => this.#ended(worker, error, refuse))
      worker.on('exit', () =>
        this.#ended(
          worker,
          new RequestRefusal({ kind: 'front-gone', message: 'the thread of the front has ended' }),
          refuse,
        ),
      )
    })
  }

  #told = (error: unknown) => {
    const { tell } = this.#options.console
    tell(`! ${logWords(error)}\n`)
  }

  #listens({ port, origin }: Extract<FrontMessage, { readonly kind: 'listening' }>): void {
    const isFirst = this.#port === undefined
    this.#port = port
    if (isFirst) this.#options.listening(origin)
  }

  #heard(worker: Worker, message: Exclude<FrontMessage, { readonly kind: 'listening' | 'unable' }>): void {
    const { tell } = this.#options.console
    if (message.kind === 'act') this.#perform(worker, message)
    else if (message.kind === 'notes') this.#changeNotes(worker, message)
    else if (message.kind === 'measured' || message.kind === 'counted') this.#metrics?.take(message)
    else if (message.kind === 'link')
      tell(`Open ${message.url}\n(good once, for 15 minutes; /login shows another one here)\n`)
    else tell(`! ${message.text}\n`)
  }

  #ended(worker: Worker, error: unknown, reject: (error: unknown) => void): void {
    if (this.#isOver || this.#worker !== worker) return
    this.#worker = undefined
    reject(error)
    this.#died()
  }

  #perform(worker: Worker, { id, act, asker, input }: Extract<FrontMessage, { readonly kind: 'act' }>): void {
    this.#engine.ask(act, asker, input).then(
      (value) => worker.postMessage(this.#scrubbed({ kind: 'done', id, value })),
      (error: unknown) => worker.postMessage(this.#scrubbed({ kind: 'failed', id, fault: this.#faultOf(act, error) })),
    )
  }

  #changeNotes(worker: Worker, { id, of, change }: Extract<FrontMessage, { readonly kind: 'notes' }>): void {
    this.#changed(of, change).then(
      (value) => worker.postMessage({ kind: 'done', id, value } satisfies ActReply),
      (error: unknown) =>
        worker.postMessage(this.#scrubbed({ kind: 'failed', id, fault: this.#faultOf('notes', error) })),
    )
  }

  async #changed(of: string, change: NoteChange): Promise<boolean> {
    const { file } = this.#options.app
    if (file !== undefined && OF_FRONT.has(of)) return file.changeNotes(of, change)
    throw new EosflowError('bug', `the front has no note of the kind "${of}" to keep`)
  }

  #scrubbed(reply: ActReply): ActReply {
    return JSON.parse(this.#options.app.scrubber.scrub(JSON.stringify(reply))) as ActReply
  }

  #faultOf(act: string, error: unknown): RequestFault {
    const fault = faultOf(error)
    const { tell } = this.#options.console
    if (fault.kind === 'bug') tell(`! ${act}: ${logWords(error)}\n`)
    return fault
  }
}
