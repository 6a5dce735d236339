import type { PreparedChange } from '../../change/plan/prepare.ts'
import { readRecordedPlan } from '../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../change/plan/stored-plan.ts'
import { openStore } from '../../change/record/sqlite/open-store.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { allowedHost } from '../../eos/transport/http/allowed-host.ts'
import type { Principal } from '../../model/principal.ts'
import { decideLocally } from '../../project/approval/approvals.ts'
import { beginAndRun, resumeHere } from '../../project/execution/run/run.ts'
import type { Project } from '../../project/files/project.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { adoptFabric, type FrontEnd, silentConsole, simulatedLogins, trialApp } from '../trial/trial-app.ts'
import type { ControllerProcess, Controllers } from './trial.ts'

// The key of every digest in a rehearsal: the same each time, and of no other use.
const KEY = 'rehearsals-have-a-key-that-is-no-secret'

const DETACHED = { detach: true }

const APPROVER: Principal = { issuer: 'local', id: 'local:test:rehearsal@lab', kind: 'person', auth: 'os' }

/**
 * The code of `eosflow run --detach`, `approve` and `resume` for a rehearsal: on a store in memory, against simulated
 * switches instead of those of the inventory.
 */
export function rehearsalControllers(
  project: Project,
  prepared: PreparedChange,
  fabric: Fabric,
  frontEnd: FrontEnd,
): Controllers {
  const app = (controller: ControllerProcess) => appOf(project, fabric, controller, frontEnd)
  return {
    openStore: async (clock) => {
      const store = await openStore({ path: ':memory:', installKey: KEY, clock })
      // What the rehearsed switches run is what they were meant to have: the plan itself says what nobody has declared.
      if (prepared.workflow.change.mode === 'replace')
        await adoptFabric(store, APPROVER, { fabric, takenAt: new Date(clock.now()).toISOString() })
      return store
    },
    run: (controller, execution) =>
      execution === undefined
        ? beginAndRun(
            app(controller),
            callerOf(controller),
            { judged: 'elsewhere', purpose: 'run', prepared },
            DETACHED,
          )
        : resumeHere(app(controller), callerOf(controller), execution, DETACHED),
    approve: async (controller, { plan }) => {
      if (plan === undefined) return
      const waiting = readRecordedPlan(await storedPlan(controller.store, plan.ref))
      await decideLocally(app(controller), callerOf(controller), waiting, {
        decision: 'approve',
        comment: 'in a rehearsal',
      })
    },
    exitOf: frontEnd.exitOf,
  }
}

const callerOf = ({ life }: ControllerProcess): Caller => ({ ...silentConsole(life.stop.signal), principal: APPROVER })

function appOf(project: Project, fabric: Fabric, controller: ControllerProcess, { words }: FrontEnd) {
  const { life, twin, store, room, clock, random, transport } = controller
  const inventory = simulatedLogins(project.inventory(), fabric)
  const switches = new Map(inventory.devices.map(({ host, name }) => [host, name]))
  const hosts = project.settings.http?.hosts ?? []
  return trialApp({
    project: { ...project, inventory: () => inventory, policy: () => undefined },
    store,
    room,
    clock,
    seams: { random, unaskedJudges: 'it could not be judged: a rehearsal asks no monitoring system' },
    key: KEY,
    words,
    transport,
    http: twin.http(life, switches, (url, name) => void allowedHost(hosts, url, name)),
  })
}
