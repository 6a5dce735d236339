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

export type Questions = Omit<Store, 'as' | 'close'>

/** The questions of a store, each asked through `ask`: for a store that is reached over something that can fail. */
export function questionsOf(store: Store, ask: QuestionWrapper): Questions {
  return {
    id: store.id,
    read: ask((execution, types) => store.read(execution, types)),
    put: ask((text) => store.put(text)),
    get: ask((ref) => store.get(ref)),
    markOf: ask((ref) => store.markOf(ref)),
    knowsPlan: ask((digest) => store.knowsPlan(digest)),
    executions: ask((page) => store.executions(page)),
    openExecutions: ask(() => store.openExecutions()),
    executionIds: ask((most) => store.executionIds(most)),
    resolveExecution: ask((word) => store.resolveExecution(word)),
    requested: ask((key) => store.requested(key)),
    planMade: ask((digest, member) => store.planMade(digest, member)),
    approvals: ask((plan, toSend) => store.approvals(plan, toSend)),
    carried: ask((plan, toSend) => store.carried(plan, toSend)),
    approvalUses: ask((plan) => store.approvalUses(plan)),
    planRuns: ask((plan) => store.planRuns(plan)),
    freezes: ask((at) => store.freezes(at)),
    schedules: ask(() => store.schedules()),
    policySeen: ask(() => store.policySeen()),
    snapshots: ask(() => store.snapshots()),
    bundles: ask((limit) => store.bundles(limit)),
    newestOf: (type, limit) => ask(() => store.newestOf(type, limit))(),
    signals: ask((tokens, after) => store.signals(tokens, after)),
    restored: ask(() => store.restored()),
    tail: ask((after) => store.tail(after)),
    stopRequest: ask((execution, after) => store.stopRequest(execution, after)),
    suspendRequest: ask((execution, after) => store.suspendRequest(execution, after)),
    head: ask(() => store.head()),
    verifyChain: ask((from) => store.verifyChain(from)),
  }
}
