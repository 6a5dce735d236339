import { OutageError } from '../../../change/record/store/outage.ts'
import { askedAgain, type QuestionWrapper, questionsOf } from '../../../change/record/store/questions.ts'
import type { Workers } from '../../../change/record/store/workers.ts'
import type { RecordApp } from '../../app/app.ts'

// How long it is waited before a store that was away is asked again, and how long whoever watches waits for it, in milliseconds.
const PAUSE = 1_000
const PATIENCE = 300_000

/** Undefined where nobody watches any more, as where the store has not come back in five minutes. */
export async function whileWatching<A extends RecordApp, T>(
  app: A,
  stop: AbortSignal,
  watch: (patient: A) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await watch(patientWatch(app, stop))
  } catch (error) {
    if (error instanceof OutageError) return undefined
    throw error
  }
}

/** An application whose questions wait where the store is away, for as long as {@link whileWatching}; then they throw its OutageError. */
export function patientWatch<A extends RecordApp>(app: A, stop: AbortSignal): A {
  const { clock, store, claims, shared } = app
  const waiting: QuestionWrapper =
    (question) =>
    (...given) => {
      const begun = clock.monotonic()
      const passes = (error: unknown) =>
        error instanceof OutageError && !stop.aborted && clock.monotonic() - begun < PATIENCE
      return askedAgain(passes, () => clock.sleep(PAUSE, stop).catch(() => undefined))(question)(...given)
    }
  return {
    ...app,
    store: { ...questionsOf(store, waiting), as: (actor) => store.as(actor), close: () => store.close() },
    claims: { claim: (name) => claims.claim(name), isClaimed: waiting((name) => claims.isClaimed(name)) },
    ...(shared === undefined ? {} : { shared: { ...shared, workers: waitingWorkers(shared.workers, waiting) } }),
  }
}

function waitingWorkers(workers: Workers, waiting: QuestionWrapper): Workers {
  return {
    ...workers,
    list: waiting(() => workers.list()),
    hasDied: waiting((execution) => workers.hasDied(execution)),
    leave: waiting((execution) => workers.leave(execution)),
    onlyWatch: waiting(() => workers.onlyWatch()),
  }
}
