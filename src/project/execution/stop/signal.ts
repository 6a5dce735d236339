import { foldAll } from '../../../change/engine/fold.ts'
import { cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { Signal } from '../../../change/record/store/store.ts'
import { EosflowError } from '../../../model/error.ts'
import { taskTokenDigest } from '../../../model/task-token.ts'
import { type AllowedAct, requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import { aboutPlanned } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { wake } from '../../app/dispatch/worker-dispatch.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { type AwaitedToken, awaitedToken } from '../../history/requests/awaited-token.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'

export type SignalAnswer = Extract<EventBody, { type: 'SignalSent' }>['answer']

/** The digest of the token goes on record, never the token. Throws `not-approved` for a token that this store has not given, `stale` for one that counts no more, and as the policy does. */
export async function sendSignal(
  app: App,
  caller: SilentCaller,
  { token, answer }: { readonly token: string; readonly answer: SignalAnswer },
): Promise<{ readonly awaited: AwaitedToken; readonly sent: SignalReceipt }> {
  const digest = taskTokenDigest(token)
  const awaited = await requireWaiting(app, digest)
  const events = await app.store.read(awaited.execution)
  const begun = events.find((event) => event.type === 'ExecutionStarted')
  const isJudgedAsPublished = begun?.bundle !== undefined || app.project.published !== undefined
  const folded = () => foldAll(awaited.execution, events)
  const judging = isJudgedAsPublished ? await judgingApp(app, folded()) : app
  const about = begun === undefined ? {} : await aboutPlanned(judging, begun, folded)
  const allowed = await requireAllowed(judging, caller, 'execution.start', { ...about, underway: true })
  const sent = await send(app, caller, allowed, awaited, { token: digest, answer })
  if (answer.signal !== 'heartbeat') await wake(app, awaited.execution, sent.seq)
  return { awaited, sent }
}

// Throws `not-approved` for a token that this store has not given, and `stale` for one that counts no more.
async function requireWaiting(app: RecordApp, digest: string) {
  const awaited = await awaitedToken(app.store, digest)
  if (awaited === undefined) {
    throw new EosflowError(
      'not-approved',
      'no state of this store waits for this token',
      hinted(app, { code: 'other-token' }),
    )
  }
  const restored = await app.store.restored()
  if (restored !== undefined && isBehind(restored, awaited.since)) {
    throw new EosflowError(
      'stale',
      `the token of ${awaited.state} counts no more: the store was restored from a backup at ${restored.at}`,
      hinted(app, { code: 'stop-restored', execution: awaited.execution }),
    )
  }
  const first = firstAnswer(await app.store.signals([digest], awaited.since))
  if (first !== undefined) throw alreadyAnswered(app, awaited, first)
  if (awaited.over !== undefined) {
    const { at, why } = awaited.over
    throw new EosflowError(
      'stale',
      `the token of ${awaited.state} is no longer valid: ${why} at ${at}`,
      hinted(app, { code: 'history', execution: awaited.execution }),
    )
  }
  return awaited
}

// Of two that are sent at once the first on record counts, and the second one is told so.
async function send(
  app: RecordApp,
  caller: SilentCaller,
  allowed: AllowedAct,
  awaited: AwaitedToken,
  said: { readonly token: string; readonly answer: SignalAnswer },
): Promise<SignalReceipt> {
  const [sent] = await writeAllowed(app, caller, allowed, () => [{ type: 'SignalSent', ...said }])
  if (sent === undefined) throw new EosflowError('bug', 'the journal has written nothing')
  const first = firstAnswer(await app.store.signals([said.token], awaited.since))
  if (first !== undefined && isBehind(sent, cursorBehind(first))) throw alreadyAnswered(app, awaited, first)
  return sent
}

export type SignalReceipt = Pick<Signal, 'seq' | 'at' | 'actor'>

function firstAnswer(signals: readonly Signal[]): Signal | undefined {
  return signals.find(({ answer }) => answer.signal !== 'heartbeat')
}

function alreadyAnswered(app: WordedHost, { state, execution }: AwaitedToken, { answer, at, actor }: Signal) {
  return new EosflowError(
    'stale',
    `${state} was already answered: ${answer.signal} at ${at}, by ${actor}`,
    hinted(app, { code: 'history', execution }),
  )
}
