import { isDeepStrictEqual } from 'node:util'
import type { AwaitedToken, Inbox, TaskAnswer, TaskCall, TaskPort } from '../../change/engine/ports.ts'
import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import type { Journal } from '../../change/record/store/journal.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'

/** One answer of a mocked task: `output`, or `error` and `cause` (null as a service gives them), or `never`. */
export interface MockAnswer {
  readonly input?: Json
  readonly output?: Json
  readonly error?: string | null
  readonly cause?: string | null
  /** The task never answers: a time-out or a heartbeat has to end it. */
  readonly never?: boolean
  /** What a task that waits for a token, or for its job, gives at once; the answer itself comes by the token. */
  readonly submitOutput?: Json
}

export type Mocks = Readonly<Record<string, readonly MockAnswer[]>>

type SignalAnswer = Extract<EventBody, { type: 'SignalSent' }>['answer']

/** Of a state's unused answers the first whose `input` equals what the task was given is taken, else the first of all. */
export class MockedTasks implements TaskPort, Inbox {
  readonly isAttended = true
  readonly #left: ReadonlyMap<string, MockAnswer[]>
  readonly #promised = new Map<string, SignalAnswer>()
  readonly #waiting = new Set<() => void>()
  readonly #journal: Journal

  constructor(mocks: Mocks, journal: Journal) {
    this.#left = new Map(Object.entries(mocks).map(([state, answers]) => [state, [...answers]]))
    this.#journal = journal
  }

  async run({ state, attempt, arguments: given, token, signal }: TaskCall): Promise<TaskAnswer> {
    const answer = this.#take(state.name, given)
    if (answer === undefined) return this.#unanswered(state.name, attempt, signal)
    if (token !== undefined && answer.submitOutput !== undefined) {
      if (answer.never !== true) this.#promised.set(sha256(token), signalOf(answer))
      return { answer: 'submitted', output: answer.submitOutput }
    }
    if (answer.never === true) return untilEnded(signal)
    if (answer.error === undefined) return { answer: 'done', output: answer.output ?? null }
    const { error: name, cause } = answer
    const message = [name, cause].filter((part) => typeof part === 'string').join(': ')
    throw new EosflowError('state-failed', message, { fault: { name, ...definedMembers({ cause }) } })
  }

  giveUp(): boolean {
    const waiting = [...this.#waiting]
    for (const fail of waiting) fail()
    return waiting.length > 0
  }

  rollBack(): Promise<void> {
    return Promise.resolve()
  }

  endAround(): Promise<void> {
    return Promise.resolve()
  }

  endProbes(): Promise<void> {
    return Promise.resolve()
  }

  rest(): Promise<void> {
    return Promise.resolve()
  }

  readNetwork(): Promise<void> {
    return Promise.resolve()
  }

  takeBack(): Promise<void> {
    return Promise.resolve()
  }

  async wait(tokens: readonly AwaitedToken[], signal: AbortSignal): Promise<readonly JournalEvent[]> {
    const sent = tokens.flatMap(({ digest: token }): EventBody[] => {
      const answer = this.#promised.get(token)
      this.#promised.delete(token)
      return answer === undefined ? [] : [{ type: 'SignalSent', token, answer }]
    })
    return sent.length === 0 ? untilEnded(signal) : this.#journal.append(undefined, sent)
  }

  token(execution: string, key: string): { readonly token: string; readonly digest: string } {
    const token = sha256(`${execution}/${key}`).slice('sha256:'.length)
    return { token, digest: sha256(token) }
  }

  #unanswered(state: string, attempt: number, signal: AbortSignal): Promise<never> {
    const error = new EosflowError('bug', `state '${state}': the mocks hold no answer for attempt ${attempt}`, {
      hint: `add one: { "${state}": [{ "output": … }] }`,
    })
    return new Promise((_, reject) => {
      const fail = () => {
        this.#waiting.delete(fail)
        reject(signal.aborted ? signal.reason : error)
      }
      this.#waiting.add(fail)
      if (signal.aborted) fail()
      else signal.addEventListener('abort', fail, { once: true })
    })
  }

  #take(state: string, given: Json): MockAnswer | undefined {
    const answers = this.#left.get(state) ?? []
    const fitting = answers.findIndex(({ input }) => isDeepStrictEqual(input, given))
    return answers.splice(Math.max(0, fitting), 1)[0]
  }
}

function signalOf({ output, error, cause }: MockAnswer): SignalAnswer {
  if (error === undefined) return { signal: 'success', output: output ?? null }
  return { signal: 'failure', error, cause: cause ?? null }
}

function untilEnded(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
