import type { App } from '../../app/app.ts'
import { decide } from '../../app/approvals.ts'
import { begin } from '../../app/begin.ts'
import type { Caller } from '../../app/caller.ts'
import { resume } from '../../app/execution.ts'
import { InputError, orProblems, problemText } from '../../app/input-error.ts'
import type { Project } from '../../app/project.ts'
import type { ProjectStore } from '../../app/project-store.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { Inventory } from '../../inventory/inventory.ts'
import { noClaims } from '../../journal/claims.ts'
import { unlimitedRoom } from '../../journal/room.ts'
import { atRest } from '../../journal/sqlite/group-commit.ts'
import { openStore } from '../../journal/sqlite/open-store.ts'
import type { Store } from '../../journal/store.ts'
import { EosflowError } from '../../model/error.ts'
import type { AllowedHost, HttpPort } from '../../model/http-port.ts'
import type { Principal } from '../../model/principal.ts'
import type { Plan } from '../../plan/plan.ts'
import { prepare } from '../../plan/prepare.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import type { Fabric } from '../../sim/fabric/fabric.ts'
import { allowedHost } from '../../transport/http/allowed-host.ts'
import { memoryKeys } from '../../trial/memory-keys.ts'
import { SeededRandom } from '../../trial/seeded-random.ts'
import type { Executed } from '../../trial/workflow-test/evidence.ts'
import type { Lab } from '../../trial/workflow-test/lab.ts'
import type { Execute } from '../../trial/workflow-test/run-case.ts'
import type { TestCase } from '../../trial/workflow-test/test-case.ts'
import { exitCodeOfError, exitCodeOfOutcome } from '../exit-code.ts'
import { bareHost, silentConsole } from './silent-console.ts'

/** The key of every digest in a test: the same each time, and of no other use. */
const KEY = 'workflow-tests-have-a-key-that-is-no-secret'

const DETACHED = { detach: true }

/**
 * Executes the workflow of a test as `eosflow run --detach`, then `approve` or `reject`, then `resume` do it: the same
 * code on a store in memory, against the switches of the lab instead of those of the inventory.
 */
export function testExecution(project: Project): Execute {
  return async (testCase, lab) => {
    const kept = openTestStore(lab)
    try {
      const app = appOf({ ...project, files: testCase.files }, testCase.fabric, kept, lab)
      return await execute(testCase, lab, app, { ...silentConsole(lab.stop), principal: person('tester') })
    } catch (error) {
      return refused(error)
    } finally {
      await kept.store.close()
    }
  }
}

async function execute(testCase: TestCase, lab: Lab, app: App, caller: Caller): Promise<Executed> {
  const { project, store } = app
  const { workflow, given, target, approvals } = testCase
  const prepared = orProblems(
    prepare({
      workflow,
      given,
      inventory: project.inventory(),
      files: project.files,
      ...(target === undefined ? {} : { only: target }),
    }),
  )
  let state = await begin(app, caller, { purpose: 'run', prepared }, DETACHED)
  const plan = await planOf(store, state)
  if (state.status !== 'ended' && plan !== undefined && approvals.length > 0) {
    for (const { by, decision, after = 0, comment } of approvals) {
      await lab.clock.sleep(after * 1000)
      await decide(app, { principal: person(by) }, plan, { decision, comment })
    }
    state = await resume(app, caller, state.id, DETACHED)
  }
  return {
    state,
    events: await store.read(state.id),
    ...(plan === undefined ? {} : { plan }),
    exit: state.outcome === undefined ? 12 : exitCodeOfOutcome(state.outcome, state.compensation?.error),
    error: errorOf(state),
  }
}

async function planOf(store: Store, { plan }: ExecutionState): Promise<Plan | undefined> {
  return plan === undefined ? undefined : readRecordedPlan(await storedPlanText(store, plan.ref))
}

function errorOf({ compensation, ends }: ExecutionState): string {
  if (compensation === undefined) return ''
  const { kind, message, hint, device } = compensation.error
  const whose = device === undefined || message.includes(device) ? '' : `${device}: `
  const details = [...ends.sortBy((_, device) => device)].map(
    ([device, { end, detail }]) => `${device} ${end}: ${detail}`,
  )
  return [`error (${kind}): ${whose}${message}`, ...(hint === undefined ? [] : [hint]), ...details].join('\n')
}

/** What stops an execution before it has a state of its own. */
function refused(error: unknown): Executed {
  if (error instanceof InputError) {
    return { events: [], exit: 3, error: error.problems.map(problemText).join('\n') }
  }
  if (!(error instanceof EosflowError)) throw error
  return { events: [], exit: exitCodeOfError(error.kind), error: `error (${error.kind}): ${error.message}` }
}

function openTestStore(lab: Lab): ProjectStore {
  const store = openStore({ path: ':memory:', installKey: KEY, clock: lab.clock })
  return {
    store,
    journalAs: (actor) => ({
      append: async (execution, events, after) => {
        const written = await store.as(actor).append(execution, events, after)
        lab.saw(written)
        return written
      },
      read: (execution) => store.read(execution),
    }),
    claims: noClaims,
    leases: store,
    room: unlimitedRoom,
    isLost: () => false,
    clock: lab.clock,
    key: KEY,
    keys: memoryKeys(KEY),
  }
}

function person(name: string): Principal {
  return { issuer: 'local', id: `local:test:${name}@lab`, kind: 'person', auth: 'os' }
}

function appOf(project: Project, fabric: Fabric, kept: ProjectStore, lab: Lab): App {
  const inventory = simulated(project.inventory(), fabric)
  const host = bareHost(project.dir, {
    clock: lab.clock,
    // The same test takes the same way each time, however its rounds are spread.
    random: new SeededRandom(),
    moment: atRest,
    journal: (journal) => journal,
    transport: () => lab.transport,
    http: () => allowedOnly(lab.services.http, project.settings.http?.hosts ?? []),
  })
  return {
    ...host,
    ...kept,
    insecureTls: false,
    // Whoever approves in a test is made up: what a policy says is tested by its own table.
    project: { ...project, inventory: () => inventory, policy: () => undefined },
  }
}

/** Services of a test that the settings do not allow are refused as they are outside of one. */
function allowedOnly(http: HttpPort, hosts: readonly AllowedHost[]): HttpPort {
  return {
    scrub: (text) => http.scrub(text),
    send: async (request, signal) => {
      allowedHost(hosts, new URL(request.url), request.name)
      return http.send(request, signal)
    },
  }
}

/** The inventory with the invented login of the fabric in the place of every credential: a test knows no secret. */
export function simulated(inventory: Inventory, { credentials: { username, password } }: Fabric): Inventory {
  const login = { username, password: { provider: 'simulated', text: password } } as const
  const names = Object.keys(inventory.credentials)
  return { ...inventory, credentials: Object.fromEntries(names.map((name) => [name, login])) }
}
