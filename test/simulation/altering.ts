import type { Alterations } from '../../simulate/controller.ts'
import type { Wanted } from '../../simulate/scenario.ts'
import type { Ledger } from '../../src/change/engine/ledger.ts'
import type { TaskCall, TaskPort } from '../../src/change/engine/ports.ts'
import type { ApprovalJudgement } from '../../src/change/policy/approval-case.ts'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { type Device, type DeviceCaller, type SessionState, wrapDevice } from '../../src/eos/device/device.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { Act } from '../../src/model/act.ts'
import { EosflowError } from '../../src/model/error.ts'

/** One way in which the protocol could be wrong: something that works is replaced by something that does not. */
export interface Mutant {
  readonly name: string
  /** The rows of docs/fault-model.md whose line of the protocol it takes out. */
  readonly rows: readonly number[]
  /** The invariants that may be the first to see it. */
  readonly caughtBy: readonly string[]
  /** Made anew for each history. */
  make(): Alterations
  readonly fixed?: Wanted
}

/** A mutant by its members; `fixed` holds what its histories have in common. */
export function mutant(
  name: string,
  rows: Mutant['rows'],
  caughtBy: Mutant['caughtBy'],
  make: Mutant['make'],
  fixed?: Mutant['fixed'],
): Mutant {
  return { name, rows, caughtBy, make, ...(fixed === undefined ? {} : { fixed }) }
}

/** What is replaced of a device. */
export type Change = (device: Device) => Partial<Device>

/** Replaces verbs of every device. */
export function devices(change: (life: Life) => Change): Pick<Alterations, 'transport'> {
  return {
    transport: (transport, life) => {
      const changeOf = change(life)
      return {
        connect: async (target, credential, fence) => {
          const device = await transport.connect(target, credential, fence)
          return Object.assign(replaceable(device), changeOf(replaceable(device)))
        },
      }
    },
  }
}

/** A device whose verbs can be replaced one by one: they know no other state than the device that they are handed on to. */
export function replaceable(device: Device): Device {
  const through: DeviceCaller = (call) => call(device)
  return wrapDevice({ name: device.name, close: () => device.close() }, { read: through, write: through })
}

/** Replaces how a task is run. */
export function tasks(run: (call: TaskCall, act: Acting, ask: Asking) => Promise<unknown>): Pick<Alterations, 'tasks'> {
  return {
    tasks: (port, ledger, { fleet }) => ({
      ...port,
      run: async (call) => {
        const act: Acting = async (kind, name, session, send) => {
          const device = await fleet.device(name)
          await ledger.append({ type: 'ActIntended', device: name, act: kind, session })
          const outcome = await send(device).then(
            () => 'done' as const,
            () => 'unknown' as const,
          )
          await ledger.append({ type: 'ActFinished', device: name, act: kind, session, outcome })
        }
        const answer = await run(
          call,
          act,
          async (name) => (await (await fleet.device(name)).look([])).sessions.sessions,
        )
        return (answer ?? (await port.run(call))) as Awaited<ReturnType<TaskPort['run']>>
      },
    }),
  }
}

/** Does an act and puts it on record. */
export type Acting = (
  kind: Act,
  name: string,
  session: string,
  send: (device: Device) => Promise<unknown>,
) => Promise<void>
/** Asks a switch for its sessions. */
export type Asking = (name: string) => Promise<Readonly<Record<string, SessionState>>>

/** Replaces what is written. */
export function writing(
  append: (ledger: Ledger, events: readonly EventBody[]) => Promise<void>,
): Pick<Alterations, 'ledger'> {
  return {
    ledger: (ledger) => ({
      get state() {
        return ledger.state
      },
      append: (...events) => append(ledger, events),
      appendProvided: (provided, ...events) => ledger.appendProvided(provided, ...events),
      written: () => ledger.written(),
      get onlyBack() {
        return ledger.onlyBack
      },
    }),
  }
}

/** Whether an answer was lost. */
export const isLost = (error: unknown) => error instanceof EosflowError && error.kind === 'lost-answer'

/** What comes instead where the answer was lost. */
export async function unlessLost<T>(work: () => Promise<T>, instead: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isLost(error)) throw error
    return instead()
  }
}

/** The config session of an execution on a switch. */
export const sessionOf = (ledger: Ledger, name: string) => ledger.state.devices.get(name)?.session ?? ''

/** The first approval is taken for granted from then on. */
export function judgedOnce(): Pick<Alterations, 'ports'> {
  let first: ApprovalJudgement | undefined
  return {
    ports: (ports) => ({
      ...ports,
      approvals: {
        ...ports.approvals,
        judge: async (question) => {
          const judged = first ?? (await ports.approvals.judge(question))
          if (judged.status === 'approved') first = judged
          return judged
        },
      },
    }),
  }
}
