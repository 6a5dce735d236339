import type { Store } from './store.ts'

/** How a question reaches a store: it may be asked again, answered late or never, and holds back no answer that arrives. */
export type QuestionWrapper = <Given extends readonly unknown[], T>(
  question: (...given: Given) => Promise<T>,
) => (...given: Given) => Promise<T>

/** Asks again for as long as it fails by what passes, once `before` has done what comes before that. */
export function askedAgain(
  passes: (error: unknown) => boolean,
  before: () => Promise<void> = async () => {},
): QuestionWrapper {
  return (question) =>
    async (...given) => {
      for (;;) {
        try {
          return await question(...given)
        } catch (error) {
          if (!passes(error)) throw error
        }
        await before()
      }
    }
}

/** The same object, each method of which is called through another function: with the call, its name and what it is given. */
export function calledThrough<T extends object>(
  target: T,
  through: (call: () => unknown, name: string, given: readonly unknown[]) => unknown,
): T {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...given: readonly unknown[]) => through(() => Reflect.apply(member, target, given), String(name), given)
    },
  })
}

const QUESTIONS = [
  'read',
  'put',
  'get',
  'markOf',
  'knowsPlan',
  'executions',
  'openExecutions',
  'executionIds',
  'resolveExecution',
  'requested',
  'planMade',
  'approvals',
  'carried',
  'approvalUses',
  'planRuns',
  'freezes',
  'schedules',
  'policySeen',
  'snapshots',
  'bundles',
  'newestOf',
  'signals',
  'restored',
  'tail',
  'stopRequest',
  'suspendRequest',
  'head',
  'verifyChain',
] as const satisfies readonly (keyof Store)[]

/** The questions of a store, each asked through `ask`: for a store that is reached over something that can fail. */
export function questionsOf(store: Store, ask: QuestionWrapper): Pick<Store, 'id' | (typeof QUESTIONS)[number]> {
  const asked = QUESTIONS.map((name) => [
    name,
    ask((...given): Promise<unknown> => Reflect.apply(store[name], store, given)),
  ])
  return { id: store.id, ...Object.fromEntries(asked) }
}
