import type { Alterations } from '../../simulate/controller.ts'
import type { Planned, Wanted } from '../../simulate/scenario.ts'
import type { DeviceHistory, OwnerSession } from '../../src/device/history.ts'
import type { ExecutionState } from '../../src/engine/state.ts'
import { devices, type Mutant } from './altering.ts'
import { behind, manyCalm, THREE_SECONDS } from './many-calm.ts'

/** A history of one switch in which each process keeps an owner session there. */
const owning = (disturbances: readonly Planned[], more: Wanted = {}): Wanted => ({
  ...manyCalm(disturbances),
  ownerSession: true,
  ...more,
})

/** Requests show no owner session, though the record says so. */
const unheld = (): Alterations => devices(() => (device) => ({ heldBy: () => device }))

/** Takes owner sessions out of what a process knows of a switch. */
const forgetting = (
  isKept: (owner: OwnerSession, known: DeviceHistory, state: ExecutionState) => boolean,
): (() => Alterations) => {
  return () => ({
    ledger: (ledger) => ({
      get state() {
        const { state } = ledger
        const devices = state.devices.map(({ owners = [], ...known }) => {
          const kept = owners.filter((owner) => isKept(owner, known, state))
          return kept.length === 0 ? known : { ...known, owners: kept }
        })
        return { ...state, devices }
      },
      append: (...events) => ledger.append(...events),
      appendProvided: (...given) => ledger.appendProvided(...given),
      written: () => ledger.written(),
      get onlyBack() {
        return ledger.onlyBack
      },
    }),
  })
}

/** Mutants of the owner sessions that processes keep on switches. */
export const OWNER_SESSION_MUTANTS: readonly Mutant[] = [
  {
    name: 'owner sessions: a request does not show it',
    rows: [18],
    caughtBy: ['I34'],
    fixed: owning([behind('sent save', 'kill', 0)], { late: 'save' }),
    make: unheld,
  },
  {
    name: 'owner sessions: that of who was taken over is not ended',
    rows: [18],
    caughtBy: ['I34'],
    fixed: owning([behind('sent save', 'kill', 0)], { late: 'save' }),
    make: forgetting(({ record }, _, { resumed }) => record >= resumed),
  },
  {
    name: 'owner sessions: a save that its own process has given up does not show it',
    rows: [18],
    caughtBy: ['I42'],
    fixed: owning([behind('before ExecutionEnded', 'rival execution', THREE_SECONDS)], {
      late: 'save',
      rivalStore: 'same',
    }),
    make: unheld,
  },
  {
    name: 'owner sessions: it is not ended with the change',
    rows: [18],
    caughtBy: ['I41'],
    fixed: owning([]),
    make: forgetting((_, { phase }) => phase !== 'saved'),
  },
]
