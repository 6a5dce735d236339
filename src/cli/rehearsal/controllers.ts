import type { App } from '../../app/app.ts'
import { decide } from '../../app/approvals.ts'
import { begin } from '../../app/begin.ts'
import type { Caller } from '../../app/caller.ts'
import { resume } from '../../app/execution.ts'
import type { Project } from '../../app/project.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { noClaims } from '../../journal/claims.ts'
import { atRest } from '../../journal/sqlite/group-commit.ts'
import { openStore } from '../../journal/sqlite/open-store.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import type { Prepared } from '../../plan/prepare.ts'
import { requireRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import type { Fabric } from '../../sim/fabric/fabric.ts'
import { allowedHost } from '../../transport/http/allowed-host.ts'
import { memoryKeys } from '../../trial/memory-keys.ts'
import type { ControllerProcess, Controllers } from '../../trial/rehearsal/controller.ts'
import { exitCodeOfError, exitCodeOfOutcome } from '../exit-code.ts'
import { simulated } from '../workflow-test/execution.ts'
import { bareHost, silentConsole } from '../workflow-test/silent-console.ts'

/** The key of every digest in a rehearsal: the same each time, and of no other use. */
const KEY = 'rehearsals-have-a-key-that-is-no-secret'

const DETACHED = { detach: true }

/** Who begins, resumes and approves in a rehearsal. */
const APPROVER: Principal = { issuer: 'local', id: 'local:test:rehearsal@lab', kind: 'person', auth: 'os' }

/**
 * The code of `eosflow run --detach`, `approve` and `resume` for a rehearsal: on a store in memory, against simulated
 * switches instead of those of the inventory.
 */
export function rehearsalControllers(project: Project, prepared: Prepared, fabric: Fabric): Controllers {
  const app = (process: ControllerProcess): App => appOf(project, fabric, process)
  return {
    openStore: (clock) => openStore({ path: ':memory:', installKey: KEY, clock }),
    run: (process, execution) =>
      execution === undefined
        ? begin(app(process), callerOf(process), { purpose: 'run', prepared }, DETACHED)
        : resume(app(process), callerOf(process), execution, DETACHED),
    approve: async (process, { plan }) => {
      if (plan === undefined) return
      const waiting = requireRecordedPlan(await storedPlanText(process.store, plan.ref))
      await decide(app(process), callerOf(process), waiting, { decision: 'approve', comment: 'in a rehearsal' })
    },
    exitOf: (end) => (end instanceof EosflowError ? exitCodeOfError(end.kind) : exitCodeOf(end)),
  }
}

function exitCodeOf({ outcome, compensation }: ExecutionState): number {
  return outcome === undefined ? 12 : exitCodeOfOutcome(outcome, compensation?.error)
}

const callerOf = ({ life }: ControllerProcess): Caller => ({ ...silentConsole(life.stop.signal), principal: APPROVER })

function appOf(project: Project, fabric: Fabric, process: ControllerProcess): App {
  const { life, twin, store, room, clock, random, transport } = process
  const inventory = simulated(project.inventory(), fabric)
  const switches = new Map(inventory.devices.map(({ host, name }) => [host, name]))
  const hosts = project.settings.http?.hosts ?? []
  const host = bareHost(project.dir, {
    clock,
    random,
    moment: atRest,
    journal: (inner) => inner,
    transport: () => transport,
    http: () => twin.http(life, switches, (url, name) => void allowedHost(hosts, url, name)),
  })
  return {
    ...host,
    insecureTls: false,
    project: { ...project, inventory: () => inventory, policy: () => undefined },
    store,
    journalAs: (actor) => store.as(actor),
    claims: noClaims,
    leases: store,
    room,
    isLost: () => false,
    clock,
    key: KEY,
    keys: memoryKeys(KEY),
  }
}
