import { type AwaitedToken, awaitedToken } from '../../app/awaited-token.ts'
import type { Asking } from '../../app/caller.ts'
import { InputError } from '../../app/input-error.ts'
import { type About, requireAllowed } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import type { ProjectStore } from '../../app/project-store.ts'
import { cursorBehind, isBehind } from '../../journal/cursor.ts'
import type { EventBody } from '../../journal/event.ts'
import type { Signal } from '../../journal/store.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { problemOf } from '../../model/problem.ts'
import { isTaskToken, taskTokenDigest } from '../../model/task-token.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

type Answer = Extract<EventBody, { type: 'SignalSent' }>['answer']

/** The largest output of a state, bytes of JSON: that of AWS Step Functions, whose machines run here. */
const LONGEST_OUTPUT = 262_144
const LONE_SURROGATE = /[\ud800-\udfff]/u

/**
 * Answers in the place of an outside system: whoever has a task token says how the task went, or that it still goes on.
 * The digest of the token goes on record, never the token.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const token = tokenFrom(args[0] ?? io.env.EOSFLOW_TASK_TOKEN ?? '')
  const answer = answerFrom(options)
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const digest = taskTokenDigest(token)
    const awaited = await requireWaiting(app, digest)
    await requireAllowed(app, caller, 'execution.start', { ...(await aboutWaiting(app, awaited)), underway: true })
    const sent = await send(app, caller, awaited, digest, answer)
    const { execution, path, state } = awaited
    const { signal } = answer
    if (global.json) {
      io.out(`${JSON.stringify({ version: 1, execution, path, state, signal, at: sent.at, actor: sent.actor })}\n`)
    } else {
      const said = signal === 'heartbeat' ? 'still at work' : signal
      io.out(`${state} of ${execution}: ${said}, on record as ${sent.actor}\n`)
      io.out(`Next: eosflow ${signal === 'heartbeat' ? 'show' : 'resume'} ${execution}\n`)
    }
    return 0
  })
}

function tokenFrom(text: string): string {
  if (isTaskToken(text)) return text
  // A text that is nearly a token is not repeated: a few guesses would complete it.
  throw badUsage(
    'token',
    'this is not a task token',
    'A task token is eosflow-task- and 43 more characters: paste all of it.',
  )
}

function answerFrom({ output, error, cause, heartbeat }: Invocation['options']): Answer {
  const failed = error !== undefined || cause !== undefined
  if ([output !== undefined, failed, heartbeat === true].filter(Boolean).length !== 1) {
    throw badUsage(
      'signal',
      'one answer is needed',
      'Give --output JSON, or --error NAME with --cause TEXT, or --heartbeat.',
    )
  }
  if (heartbeat === true) return { signal: 'heartbeat' }
  if (!failed) return { signal: 'success', output: outputFrom(String(output)) }
  return { signal: 'failure', error: textFrom('--error', error), cause: textFrom('--cause', cause) }
}

function outputFrom(text: string): Json {
  if (Buffer.byteLength(text) > LONGEST_OUTPUT) {
    throw badUsage('--output', `it is longer than ${LONGEST_OUTPUT} bytes`, 'Give a reference to what is long.')
  }
  try {
    return JSON.parse(text, storable) as Json
  } catch (error) {
    if (error instanceof InputError) throw error
    throw badUsage('--output', 'it is not JSON', `A text is JSON in double quotes: --output '"done"'.`)
  }
}

/** Requires of each member that a record can hold it. */
function storable(name: string, value: unknown): unknown {
  requireWhole('--output', name)
  if (typeof value === 'string') requireWhole('--output', value)
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw badUsage('--output', 'it holds a number that is too large', 'Write it as a text.')
}

function textFrom(flag: string, given: unknown): string | null {
  if (given === undefined) return null
  const text = String(given)
  requireWhole(flag, text)
  return text
}

function requireWhole(flag: string, text: string): void {
  if (LONE_SURROGATE.test(text)) throw badUsage(flag, 'it holds half a character', 'Write whole characters.')
}

function badUsage(file: string, message: string, hint: string): InputError {
  return new InputError([problemOf(file, 'bad-signal', message, hint)])
}

/** What the execution is about that waits for the token. */
async function aboutWaiting({ store }: ProjectStore, { execution }: AwaitedToken): Promise<About> {
  const started = (await store.read(execution)).find((event) => event.type === 'ExecutionStarted')
  return started === undefined ? {} : aboutExecution(started)
}

/** Throws `not-approved` for a token that this store has not given, and `stale` for one that counts no more. */
async function requireWaiting({ store }: ProjectStore, digest: string): Promise<AwaitedToken> {
  const awaited = await awaitedToken(store, digest)
  if (awaited === undefined) {
    throw new EosflowError('not-approved', 'no state of this store waits for this token', {
      hint: 'Give the token as the outside system got it, and the store of the execution (-C, --store).',
    })
  }
  const restored = await store.restored()
  if (restored !== undefined && isBehind(restored, awaited.since)) {
    throw new EosflowError(
      'stale',
      `the token of ${awaited.state} counts no more: the store was restored from a backup at ${restored.at}`,
      {
        hint: `An answer may be in the records that are lost. eosflow stop ${awaited.execution} --restored ends the execution.`,
      },
    )
  }
  const first = firstAnswer(await store.signals([digest], awaited.since))
  if (first !== undefined) throw alreadyAnswered(awaited, first)
  if (awaited.over !== undefined) {
    const { at, why } = awaited.over
    throw new EosflowError('stale', `the token of ${awaited.state} is no longer valid: ${why} at ${at}`, {
      hint: `eosflow history ${awaited.execution}`,
    })
  }
  return awaited
}

/** Puts the answer on record. Of two that are sent at once the first on record counts, and the second one is told so. */
async function send(
  app: ProjectStore,
  caller: Asking,
  awaited: AwaitedToken,
  digest: string,
  answer: Answer,
): Promise<Sent> {
  const [sent] = await app
    .journalAs(caller.principal)
    .append(undefined, [{ type: 'SignalSent', token: digest, answer }])
  if (sent === undefined) throw new EosflowError('bug', 'the journal has written nothing')
  const first = firstAnswer(await app.store.signals([digest], awaited.since))
  if (first !== undefined && isBehind(sent, cursorBehind(first))) throw alreadyAnswered(awaited, first)
  return sent
}

type Sent = Pick<Signal, 'seq' | 'at' | 'actor'>

function firstAnswer(signals: readonly Signal[]): Signal | undefined {
  return signals.find(({ answer }) => answer.signal !== 'heartbeat')
}

function alreadyAnswered({ state, execution }: AwaitedToken, { answer, at, actor }: Signal): EosflowError {
  return new EosflowError('stale', `${state} was already answered: ${answer.signal} at ${at}, by ${actor}`, {
    hint: `eosflow history ${execution}`,
  })
}
