import type { RunningFabric } from '../../src/lab/trial/start-fabric.ts'
import { DC1, type Death, type Ended, inPair, isSaved, openLab, whereIs } from '../lab/lab.ts'

/** One execution that is killed, and goes on. */
export interface Crash extends Death {
  /** The switches of the change, in the order of their waves. */
  readonly switches: readonly string[]
  readonly workflow: string
  /** The settings of the project; absent: nothing is set. */
  readonly settings?: string
  /** Seconds by which the switches' clock is put forward between the kill and the resume. */
  readonly later?: number
  /** How the switches are spoken to; default: eAPI. */
  readonly transport?: 'ssh'
  /** Called with the project's folder when the process is dead, and when the execution was resumed. */
  readonly look?: (dir: string, when: 'killed' | 'resumed') => Promise<void>
}

/** What came of it. */
export interface CrashEnd {
  readonly signal: string | null
  readonly code: number
  /** Where each switch is, by its own running-config; `+` when startup-config holds the same. */
  readonly ends: readonly string[]
  /** Where the output says that each switch is. */
  readonly said: readonly string[]
  readonly again: { readonly code: number; readonly said: readonly string[]; readonly requests: number }
  readonly text: string
}

/** Runs a change in a process of its own until it dies; then the next commands of the same person resume it twice. */
export async function crashAndResume({
  switches,
  workflow,
  settings = 'version: 1\n',
  later = 0,
  transport,
  look,
  ...death
}: Crash): Promise<CrashEnd> {
  const lab = await openLab({
    world: 'processes',
    switches: { folder: DC1 },
    tags: inPair,
    transport,
    files: { 'eosflow.yaml': settings, 'workflow.yaml': workflow },
  })
  const { dir, fabric, clock } = lab
  const answers = Array.from({ length: 9 }, () => 'yes')
  const resume = (...id: readonly string[]) => lab.eosflowWith({ answers }, 'resume', ...id)
  const signal = await lab.killAt(death, 'run', 'workflow.yaml')
  await look?.(dir, 'killed')
  clock.jump(later * 1000)
  const first = await resume()
  const before = requestsOf(fabric)
  await look?.(dir, 'resumed')
  // One that has ended is shown by its id.
  const second = await resume(...(/^Execution (\S+):/m.exec(first.out)?.slice(1) ?? []))
  return {
    signal,
    code: first.code,
    ends: switches.map((name) => {
      const device = fabric.device(name)
      return whereIs(device) + (isSaved(device) ? '+' : '')
    }),
    said: saidOf(first, switches),
    again: { code: second.code, said: saidOf(second, switches), requests: requestsOf(fabric) - before },
    text: first.out + first.err,
  }
}

function saidOf({ out }: Ended, switches: readonly string[]): readonly string[] {
  return switches.map((name) => new RegExp(`^${name}\\s.*?(BEFORE|AFTER|UNKNOWN)`, 'm').exec(out)?.[1] ?? 'nothing')
}

function requestsOf(fabric: RunningFabric): number {
  return fabric.devices.reduce((sum, device) => sum + device.counters().requests, 0)
}
