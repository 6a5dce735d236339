import { foldAll } from '../../../change/engine/fold.ts'
import { patienceLeft } from '../../../change/engine/ledger.ts'
import { OutageError } from '../../../change/record/store/journal.ts'
import type { Leases } from '../../../change/record/store/lease.ts'
import { askedAgain, questionsOf } from '../../../change/record/store/questions.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { Clock } from '../../../model/clock.ts'
import type { RecordApp } from '../../app/app.ts'

// How long it is waited before a store that was away is asked again, in milliseconds.
const PAUSE = 1_000

/** A store behind a network, as a process has it that drives an execution: a question waits until the store is there again. What was announced before the store went away is given up where it returns too late. */
export function patientStore(store: Store, leases: Leases, clock: Clock): Store & Leases {
  const waiting = askedAgain(
    (error) => error instanceof OutageError,
    () => clock.sleep(PAUSE),
  )
  const questions = questionsOf(store, waiting)
  const fence = waiting((execution: string, device: string) => leases.fence(execution, device))
  return {
    ...questions,
    as: (actor) => {
      const journal = store.as(actor)
      return { append: (...given) => journal.append(...given), read: questions.read }
    },
    close: () => store.close(),
    quarantineSeconds: leases.quarantineSeconds,
    leaseOf: waiting((device) => leases.leaseOf(device)),
    liveLeases: waiting((of) => leases.liveLeases(of)),
    fence: async (execution, device) => {
      const since = clock.monotonic()
      try {
        return await leases.fence(execution, device)
      } catch (error) {
        if (!(error instanceof OutageError)) throw error
      }
      await clock.sleep(PAUSE)
      await fence(execution, device)
      const state = foldAll(execution, await questions.read(execution))
      if (patienceLeft(state, since, clock) <= 0)
        throw new OutageError(`${device}: the store came back too late: nothing was sent`)
      return leases.fence(execution, device)
    },
  }
}

export function patientApp<A extends RecordApp>(app: A): A {
  const patient = patientStore(app.store, app.leases, app.clock)
  return { ...app, store: patient, leases: patient }
}
