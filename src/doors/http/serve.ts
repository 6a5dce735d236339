import { openOutbox } from '../../features/notify/outbox.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { askedWorkflowProblems } from '../../project/authoring/validate/asked-workflows.ts'
import { whileLeading } from '../../project/execution/resume/leader.ts'
import type { Project } from '../../project/files/project.ts'
import { isForThisMachine, type ServerSettings } from '../../project/files/settings/server-settings.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
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
import { FrontSupervisor, type FrontSupervisorOptions } from './front-supervisor.ts'
import type { Rehearse } from './jobs/rehearsals.ts'
import { logWords } from './log-words.ts'
import { metricsFor } from './metrics/metrics-for.ts'

export interface ServeOptions extends FrontSupervisorOptions {
  readonly console: Pick<Console, 'tell' | 'stop' | 'heed'>
  readonly settings: ServerSettings
  readonly rehearse: Rehearse
  verify(): Promise<AuditVerification>
}

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
