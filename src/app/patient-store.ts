import { foldAll } from '../engine/fold.ts'
import { patienceLeft } from '../engine/outage.ts'
import type { Leases } from '../journal/lease.ts'
import { OutageError } from '../journal/outage.ts'
import type { Store } from '../journal/store.ts'
import type { Clock } from '../model/clock.ts'
import type { App } from './app.ts'

/** How long it is waited before a store that was away is asked again, in milliseconds. */
const PAUSE = 1_000

/**
 * A store behind a network, as a process has it that drives an execution: a question waits until the store is there again. An append does
 * not: the engine knows how long an act may wait. What was announced before the store went away is given up where it returns too late.
 */
export function patientStore(store: Store, leases: Leases, clock: Clock): Store & Leases {
  const waiting =
    <Given extends readonly unknown[], T>(ask: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      for (;;) {
        try {
          return await ask(...given)
        } catch (error) {
          if (!(error instanceof OutageError)) throw error
          await clock.sleep(PAUSE)
        }
      }
    }
  const read = waiting((execution: string) => store.read(execution))
  const fence = waiting((execution: string, device: string) => leases.fence(execution, device))
  return {
    id: store.id,
    as: (actor) => {
      const journal = store.as(actor)
      return { append: (...given) => journal.append(...given), read }
    },
    read,
    put: waiting((text) => store.put(text)),
    get: waiting((ref) => store.get(ref)),
    knowsPlan: waiting((digest) => store.knowsPlan(digest)),
    executions: waiting((page) => store.executions(page)),
    openExecutions: waiting(() => store.openExecutions()),
    executionIds: waiting(() => store.executionIds()),
    resolveExecution: waiting((word) => store.resolveExecution(word)),
    requested: waiting((key) => store.requested(key)),
    planMade: waiting((digest) => store.planMade(digest)),
    approvals: waiting((plan) => store.approvals(plan)),
    approvalUses: waiting((plan) => store.approvalUses(plan)),
    freezes: waiting((at) => store.freezes(at)),
    schedules: waiting(() => store.schedules()),
    policySeen: waiting(() => store.policySeen()),
    snapshots: waiting(() => store.snapshots()),
    bundles: waiting((limit) => store.bundles(limit)),
    signals: waiting((tokens, after) => store.signals(tokens, after)),
    restored: waiting(() => store.restored()),
    tail: waiting((after) => store.tail(after)),
    stopRequest: waiting((execution, after) => store.stopRequest(execution, after)),
    suspendRequest: waiting((execution, after) => store.suspendRequest(execution, after)),
    head: waiting(() => store.head()),
    verifyChain: waiting((from) => store.verifyChain(from)),
    close: () => store.close(),
    quarantineSeconds: leases.quarantineSeconds,
    leaseOf: waiting((device) => leases.leaseOf(device)),
    fence: async (execution, device) => {
      const since = clock.monotonic()
      try {
        return await leases.fence(execution, device)
      } catch (error) {
        if (!(error instanceof OutageError)) throw error
      }
      await clock.sleep(PAUSE)
      await fence(execution, device)
      const state = foldAll(execution, await read(execution))
      if (patienceLeft(state, since, clock) <= 0)
        throw new OutageError(`${device}: the store came back too late: nothing was sent`)
      return leases.fence(execution, device)
    },
  }
}

/** An application whose questions to its store wait, for whoever drives an execution. */
export function patientApp(app: App): App {
  const patient = patientStore(app.store, app.leases, app.clock)
  return { ...app, store: patient, leases: patient }
}
