import { relative } from 'node:path'
import type { Plan } from '../../change/plan/plan.ts'
import type { PreparedChange } from '../../change/plan/prepare.ts'
import { recordedPlan } from '../../change/plan/stored-plan.ts'
import { openStore } from '../../change/record/sqlite/open-store.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { allowedHost } from '../../eos/transport/http/allowed-host.ts'
import { EosflowError, problemOf } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { decideLocally } from '../../project/approval/approvals.ts'
import { beginAndRun, resumeHere } from '../../project/execution/run/run.ts'
import { fabricFolders, readFabric, withVouchedForms } from '../../project/files/fabric-folder.ts'
import type { Project } from '../../project/files/project.ts'
import { projectAt } from '../../project/history/bundle/read-bundle.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { askedBy, preparedAgain } from '../../project/plan/definition/definition-of.ts'
import { askedFor, switchesOf } from '../../project/plan/planning.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import { filesAt } from '../../text/source/files.ts'
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
      const waiting = await recordedPlan(controller.store, plan.ref)
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
    seams: { random, unasked: 'it could not be judged: a rehearsal asks no monitoring system' },
    key: KEY,
    words,
    transport,
    http: twin.http(life, switches, (url, name) => void allowedHost(hosts, url, name)),
  })
}

export interface Subject {
  readonly prepared: PreparedChange
  readonly fabric: Fabric
}

/** Throws InputError where that is missing, or has not every switch of the change. */
export function onTwin(host: FabricHost, project: Project, prepared: PreparedChange, folder?: string): Subject {
  const { typed, fabric } = fabricFor(host, project, folder)
  const missing = prepared.devices.filter(({ name }) => !fabric.devices.some((device) => device.name === name))
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    throw new InputError([
      bad(typed, `the fabric has no twin of ${names}`, 'Record those switches too, or narrow the rehearsal with -t.'),
    ])
  }
  return { prepared, fabric: orProblems(withVouchedForms(fabric, project.files)) }
}

/** Throws InputError, and `stale` when a file of the change is not as it was. */
export function preparedFrom(project: Project, plan: Plan): PreparedChange {
  const { workflow, devices, leftOut } = plan.content
  const asked = askedBy(plan.content)
  const prepared = preparedAgain(project, asked, switchesOf(plan), askedFor(plan))
  if (prepared.digest === workflow.digest) {
    if (leftOut === undefined) return prepared
    return preparedAgain(
      project,
      asked,
      devices.map(({ name }) => name),
      { exact: true },
    )
  }
  throw new EosflowError('stale', 'the workflow or one of its files has changed since the plan was made', {
    hint: 'Plan again and rehearse the new plan.',
  })
}

export async function projectOf(host: Pick<Host, 'env'>, folder: Project, plan: Plan): Promise<Project> {
  const { commit } = plan.content.workflow
  if (commit === undefined) return folder
  const { files, ...project } = await projectAt(host, folder, commit)
  return { ...project, files: filesAt(files, (path) => path) }
}

type FabricHost = Parameters<typeof readFabric>[0]

function fabricFor(io: FabricHost, project: Project, named: string | undefined) {
  if (named !== undefined) return { typed: named, fabric: readFabric(io, named) }
  const folders = fabricFolders(project)
  const [only] = folders
  if (only !== undefined && folders.length === 1) return { typed: relative(io.cwd, only), fabric: readFabric(io, only) }
  const hint = 'Name one with --fabric DIR; `eosflow record -o DIR` makes one of your switches.'
  const found = folders.length === 0 ? 'no fabric' : `${folders.length} fabrics`
  throw new InputError([bad('--fabric', `the project has ${found} under fabrics/`, hint)])
}

function bad(file: string, message: string, hint: string) {
  return problemOf(file, 'bad-usage', message, hint)
}
