import { changeTasks } from '../src/change/engine/change-tasks.ts'
import { foldAll, readState } from '../src/change/engine/fold.ts'
import type { Ledger } from '../src/change/engine/ledger.ts'
import type { ChangePorts, TaskPort } from '../src/change/engine/ports.ts'
import type { ExecutionState } from '../src/change/engine/state.ts'
import type { Room } from '../src/change/record/room.ts'
import type { Journal } from '../src/change/record/store/journal.ts'
import type { Leases } from '../src/change/record/store/lease.ts'
import type { Store } from '../src/change/record/store/store.ts'
import type { Transport } from '../src/eos/device/device.ts'
import { type Life, silentConsole, trialApp } from '../src/lab/trial/trial-app.ts'
import type { Clock, Random } from '../src/model/clock.ts'
import type { App } from '../src/project/app/app.ts'
import type { AskMode } from '../src/project/approval/approvals.ts'
import { drive } from '../src/project/execution/resume/drive.ts'
import { requireRedrivable } from '../src/project/execution/resume/resume.ts'
import { resumeHere, run, takeUp } from '../src/project/execution/run/run.ts'
import type { Project } from '../src/project/files/project.ts'
import type { Caller } from '../src/project/identity/caller-of.ts'
import { KEY, OPERATOR } from './change-under-test.ts'
import type { Flaws } from './many/flaws.ts'
import type { SitePorts } from './many/site-ports.ts'

/** Where a test can put something broken in the place of something that works: a mutant of the protocol. */
export interface Alterations {
  /** What is taken out of the store of many machines, and of their processes. */
  readonly flaws?: Flaws
  /** What a process works with. */
  app?(app: App, life: Life): App
  transport?(transport: Transport, life: Life): Transport
  journal?(journal: Journal, life: Life): Journal
  ledger?(ledger: Ledger, life: Life): Ledger
  ports?(ports: ChangePorts, life: Life): ChangePorts
  tasks?(tasks: TaskPort, ledger: Ledger, ports: ChangePorts, life: Life): TaskPort
}

/** What a controller works with: one process of eosflow. */
export interface ControllerParts {
  readonly life: Life
  readonly project: Project
  /** As this process has it. */
  readonly store: Store & Leases
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  /** What the nonces of decisions are drawn from. */
  readonly names: Pick<Random, 'hex'>
  readonly transport: Transport
  readonly alterations: Alterations
  /** Whether an execution that has ended is started again from where it failed. */
  readonly redrives: boolean
  /** Whether somebody sits at its terminal who approves every plan. */
  readonly approves: boolean
  /** Whether it is a worker that was asked to drive the execution; else whoever has begun it goes on with it. */
  readonly isWorker: boolean
  /** What a worker has besides where a change is over several sites: it drives then as the shipped one does. */
  readonly sites?: SitePorts | undefined
  /** Whether whoever calls it knows that the store was restored from a backup. Absent: they do not. */
  readonly isRestored?: boolean
  /** Hears its notes and warnings. */
  tell(text: string): void
}

/** Goes on with an execution by the use cases of the command line. Gives the state in which it rests or has ended. Throws as they do. */
export async function runController(parts: ControllerParts): Promise<ExecutionState> {
  const { life, approves, redrives } = parts
  const app = appOf(parts)
  const caller: Caller = {
    ...silentConsole(life.stop.signal),
    tell: parts.tell,
    principal: OPERATOR,
    suspend: life.suspend.signal,
    review: async () => true,
  }
  if (parts.sites !== undefined) return driven(app, caller, life.execution)
  const ask: AskMode = { ...(approves ? {} : { detach: true }), restored: parts.isRestored === true }
  const events = await app.journalAs(OPERATOR).read(life.execution)
  const found = foldAll(life.execution, events)
  if (found.status === 'ended') return redrives ? redrive(app, caller, found, ask) : found
  // Whoever has begun it goes on with it.
  return events.length === 1 && !parts.isWorker ? run(app, caller, found, ask) : resumeHere(app, caller, found.id, ask)
}

/** As a worker does. */
async function driven(app: App, caller: Caller, id: string): Promise<ExecutionState> {
  await drive(app, caller, id)
  return readState(app.store, id)
}

/** As `eosflow redrive` does. */
async function redrive(app: App, caller: Caller, found: ExecutionState, ask: AskMode): Promise<ExecutionState> {
  await requireRedrivable(app, caller, found)
  return run(app, caller, await takeUp(app, caller, found.id, 'ExecutionRedriven'), ask)
}

function appOf(parts: ControllerParts): App {
  const { life, project, store, room, clock, random, names, transport, alterations, sites = {} } = parts
  const app = trialApp({
    project,
    store,
    room,
    clock,
    key: KEY,
    transport,
    journal: (journal) => alterations.journal?.(journal, life) ?? journal,
    seams: {
      random,
      names,
      principal: OPERATOR,
      tasks: (given, ledger) => {
        const ports = alterations.ports?.(given, life) ?? given
        const seen = alterations.ledger?.(ledger, life) ?? ledger
        const tasks = changeTasks(ports, seen)
        return alterations.tasks?.(tasks, seen, ports, life) ?? tasks
      },
    },
  })
  const whole = { ...app, ...sites }
  return alterations.app?.(whole, life) ?? whole
}
