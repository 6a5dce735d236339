import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import type { NoteChange } from '../../change/record/store/sealed-notes.ts'
import { openOutbox } from '../../features/notify/outbox.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, problemOf } from '../../model/error.ts'
import { definedItems } from '../../model/json.ts'
import { aborted } from '../../model/linked-abort.ts'
import type { Principal } from '../../model/principal.ts'
import { underSeenPolicy } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { askedWorkflowProblems } from '../../project/authoring/validate/asked-workflows.ts'
import { whileLeading } from '../../project/execution/resume/leader.ts'
import type { Project } from '../../project/files/project.ts'
import { isForThisMachine, type ServerSettings } from '../../project/files/settings/server-settings.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { LOGOUTS } from '../../project/identity/login-ports.ts'
import {
  requireCommonServerKey,
  type ServerKeyParts,
  watchServerKey,
} from '../../project/identity/signers/common-server-key.ts'
import type { Console } from '../../project/system/process/console.ts'
import { InputError, problemText } from '../../project/system/process/input-error.ts'
import { SERVER_CLAIM } from '../../project/system/process/server-claim.ts'
import type { AuditVerification } from '../../report/event-words/audit-verification.ts'
import { type EngineThread, type EngineThreadOptions, openEngineThread } from './act/engine-thread.ts'
import type { ActReply, EngineMessage, FrontMessage } from './context/message.ts'
import type { Rehearse } from './jobs/rehearsals.ts'
import { logWords } from './log-words.ts'
import { metricsFor } from './metrics/metrics-for.ts'
import type { ServerMetrics } from './metrics/server-metrics.ts'
import { faultOf, RequestRefusal, refusalOf } from './request/readable.ts'
import { LINKS } from './session/one-time-link.ts'
import { SESSIONS } from './session/sessions.ts'
import { tellSecrets } from './shared-secrets.ts'

export interface ServeOptions extends FrontSupervisorOptions {
  readonly console: Pick<Console, 'tell' | 'stop' | 'heed'>
  readonly settings: ServerSettings
  readonly rehearse: Rehearse
  verify(): Promise<AuditVerification>
}

interface ServeEnd {
  readonly left: readonly string[]
}

/** Throws InputError where more than this machine would reach a server in which nobody is known, or everybody may do everything. */
export function requireServable({ settings, policyPresent }: Pick<Project, 'settings' | 'policyPresent'>): void {
  if (isForThisMachine(settings.server)) return
  const problems = definedItems(
    settings.identity === undefined &&
      problemOf(
        'eosflow.yaml',
        'server-without-identity',
        'beyond this machine the server must know who asks',
        'Add `identity:`, or listen on 127.0.0.1.',
      ),
    !policyPresent &&
      problemOf(
        'eosflow.yaml',
        'server-without-policy',
        'beyond this machine a policy must say who may do what',
        'Write policy.yaml, or listen on 127.0.0.1.',
      ),
  )
  if (problems.length > 0) throw new InputError(problems)
}

/** Throws `busy` where another server has the store for itself, and where others have declared this one dead; and what keeps the front from listening. */
export async function serve(options: ServeOptions): Promise<ServeEnd> {
  const { app, console: terminal, principal, settings, rehearse, verify } = options
  // What workers drive is no server's: any number of them serve it.
  const isOneOfMany = app.dispatch !== undefined && app.shared !== undefined
  // From there on the others see it.
  const claim = await (isOneOfMany ? app.claims.claim(`server ${app.shared?.workers.own}`) : claimed(app))
  const failed = (what: string, error: unknown) => terminal.tell(`! ${what}: ${logWords(error)}\n`)
  tellOfAsked(app.project, (text) => terminal.tell(text))
  const sharing = sharingOfKey(app, (text) => terminal.tell(text), failed)
  const agreed = sharing === undefined ? Promise.resolve() : requireCommonServerKey(sharing)
  const metrics = await agreed
    .then(() => metricsFor(app, terminal, failed))
    .catch(async (error: unknown) => {
      await claim.release()
      throw error
    })
  const pulse: EngineThreadOptions['pulse'] = (execution, note) => fronts.say({ kind: 'pulse', execution, pulse: note })
  const measured = metrics?.measured(app) ?? app
  const engine = openEngineThread({
    app: measured,
    console: terminal,
    most: settings.maxExecutions,
    failed,
    pulse,
    rehearse,
    ...(isOneOfMany
      ? { lead: (until, work) => whileLeading({ ...app, name: SERVER_CLAIM, failed }, until, work) }
      : {}),
  })
  const fronts = new FrontSupervisor(options, engine, metrics)
  const by: Caller = { ...terminal, interactive: false, ask: async () => undefined, principal }
  const outbox = openOutbox({ app: measured, by, failed, verify })
  const workers = app.shared?.workers
  const lost = workers?.lost
  const ended = new AbortController()
  const watching = sharing === undefined ? undefined : watchServerKey(sharing, ended.signal)
  const stop = workers === undefined ? terminal.stop : AbortSignal.any([terminal.stop, workers.lost, workers.draining])
  try {
    await fronts.begin()
    await engine.begin()
    await fronts.untilEnded(stop)
    if (lost?.aborted === true) throw silent()
    const { running } = engine
    if (running.length > 0)
      terminal.tell(`ending: nothing new begins, what is live is seen through: ${running.join(', ')}\n`)
    fronts.say({ kind: 'ending' })
    const isDone = await drained(app.clock, engine, settings.drain)
    return { left: isDone ? [] : engine.running }
  } finally {
    await fronts.close()
    await outbox.end()
    metrics?.close()
    ended.abort()
    await watching
    await claim.release()
  }
}

function tellOfAsked(project: Project, tell: (text: string) => void) {
  const settings = project.files('eosflow.yaml')
  if (settings === undefined) return
  for (const problem of askedWorkflowProblems(settings, 'eosflow.yaml', project)) tell(`! ${problemText(problem)}\n`)
}

function sharingOfKey(
  { dispatch, shared, notes, keys, clock, project }: RecordApp,
  tell: ServerKeyParts['tell'],
  failed: ServerKeyParts['failed'],
): ServerKeyParts | undefined {
  if (dispatch === undefined || shared === undefined) return undefined
  const { workers } = shared
  return project.settings.identity === undefined ? undefined : { notes, workers, keys, clock, tell, failed }
}

// Throws `busy`.
async function claimed({ claims }: Pick<RecordApp, 'claims'>) {
  const claim = (await claims.isClaimed(SERVER_CLAIM)) ? undefined : await claims.claim(SERVER_CLAIM)
  // Two may have looked at the same moment.
  if (claim !== undefined && (await claim.renew())) return claim
  throw new EosflowError('busy', 'another server serves this store', {
    hint: 'One server is enough for a store, unless workers drive its executions: use that one.',
  })
}

function silent() {
  return new EosflowError('busy', 'this server gave no sign of life, and others have taken over what it did', {
    hint: 'Start it again: browsers go on with the session that they have.',
  })
}

// Ends the room within so many seconds.
async function drained(clock: Clock, engine: EngineThread, seconds: number) {
  const [over, limit] = [new AbortController(), new AbortController()]
  const late = clock.sleep(seconds * 1000, over.signal).then(
    () => limit.abort(),
    () => undefined,
  )
  try {
    return await engine.end(limit.signal)
  } finally {
    over.abort()
    await late
  }
}

// A front that dies is started again after so long, in milliseconds.
const AGAIN = 500
// So long the front may take to say goodbye to its browsers, in milliseconds.
const GOODBYE = 300

// The kinds of notes that a front writes: who takes it over makes nothing that the main thread goes by (ADR 57).
const OF_FRONT: ReadonlySet<string> = new Set([SESSIONS, LINKS, LOGOUTS])

interface FrontSupervisorOptions {
  readonly app: App
  readonly principal: Principal
  readonly console: Pick<Console, 'tell'>
  // Starts a front; `port` is the one that it had before, and on `secrets` it hears what it must not show.
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
  #dead = Promise.resolve()
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
    const stopped = aborted(stop)
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

  async #start() {
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
      worker.on('exit', () => this.#ended(worker, refusalOf('front-gone', 'the thread of the front has ended'), refuse))
    })
  }

  #told = (error: unknown) => {
    const { tell } = this.#options.console
    tell(`! ${logWords(error)}\n`)
  }

  #listens({ port, origin }: Extract<FrontMessage, { readonly kind: 'listening' }>) {
    const isFirst = this.#port === undefined
    this.#port = port
    if (isFirst) this.#options.listening(origin)
  }

  #heard(worker: Worker, message: Exclude<FrontMessage, { readonly kind: 'listening' | 'unable' }>) {
    const { tell } = this.#options.console
    if (message.kind === 'act') this.#perform(worker, message)
    else if (message.kind === 'notes') this.#changeNotes(worker, message)
    else if (message.kind === 'measured' || message.kind === 'counted') this.#metrics?.take(message)
    else if (message.kind === 'link')
      tell(`Open ${message.url}\n(good once, for 15 minutes; /login shows another one here)\n`)
    else tell(`! ${message.text}\n`)
  }

  #ended(worker: Worker, error: unknown, reject: (error: unknown) => void) {
    if (this.#isOver || this.#worker !== worker) return
    this.#worker = undefined
    reject(error)
    this.#died()
  }

  #perform(worker: Worker, { id, act, asker, input }: Extract<FrontMessage, { readonly kind: 'act' }>) {
    this.#engine.ask(act, asker, input).then(
      (value) => worker.postMessage(this.#scrubbed({ kind: 'done', id, value })),
      (error: unknown) => worker.postMessage(this.#scrubbed({ kind: 'failed', id, fault: this.#faultOf(act, error) })),
    )
  }

  #changeNotes(worker: Worker, { id, of, change }: Extract<FrontMessage, { readonly kind: 'notes' }>) {
    this.#changed(of, change).then(
      (value) => worker.postMessage({ kind: 'done', id, value } satisfies ActReply),
      (error: unknown) =>
        worker.postMessage(this.#scrubbed({ kind: 'failed', id, fault: this.#faultOf('notes', error) })),
    )
  }

  async #changed(of: string, change: NoteChange) {
    const { file } = this.#options.app
    if (file !== undefined && OF_FRONT.has(of)) return file.changeNotes(of, change)
    throw new EosflowError('bug', `the front has no note of the kind "${of}" to keep`)
  }

  #scrubbed(reply: ActReply) {
    return JSON.parse(this.#options.app.scrubber.scrub(JSON.stringify(reply))) as ActReply
  }

  #faultOf(act: string, error: unknown) {
    const fault = faultOf(error)
    const { tell } = this.#options.console
    if (fault.kind === 'bug') tell(`! ${act}: ${logWords(error)}\n`)
    return fault
  }
}
