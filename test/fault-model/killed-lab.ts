import { expect } from 'vitest'
import { EosflowError } from '../../src/model/error.ts'
import { type Kill, killingCount, killingJournal, killingTransport } from '../e2e/entry/kill-at.ts'
import type { Ended } from '../e2e/harness.ts'
import { type Lab, type LabOptions, startLab } from '../e2e/in-memory.ts'
import { type Reach, reachedJournal, reachedTransport } from '../lab/reached.ts'

/** A lab whose processes can be killed without ending the test's own. */
export interface KilledLab {
  readonly lab: Lab
  /** Plans the change, or takes a saved plan, has it approved and runs it until the process dies at the point (as in crash.ts). */
  killAt(point: string, on?: string, saved?: string): Promise<void>
  /** Runs one command line until its process dies at the point; without a point, until it is killed by `kill`. */
  killIn(command: () => Promise<Ended>, point?: string, on?: string): Promise<void>
  /** Kills the process that `killIn` runs. */
  kill(): void
  /** The next command of the same person: `eosflow resume`. */
  resume(): Promise<Ended>
}

const gone = (): EosflowError => new EosflowError('store', 'this process was killed')

/** Makes a lab of switches in memory. What a killed process would still write or send is refused: nobody hears of it. */
export function startKilledLab(options: LabOptions = {}): KilledLab {
  let at: { readonly point: string; readonly on: string } | undefined
  let died = false
  let killNow = (): void => undefined
  const lab = startLab({
    ...options,
    seams: (given) => {
      const seams = options.seams?.(given) ?? given
      if (at === undefined) return seams
      const { point, on } = at
      let alive = true
      killNow = () => {
        alive = false
        died = true
      }
      const kill: Kill = () => {
        killNow()
        return Promise.reject(gone())
      }
      const reach: Reach = (work) => (alive ? work() : Promise.reject(gone()))
      const counting = killingCount(point, kill)
      return {
        ...seams,
        journal: (journal) => reachedJournal(counting(killingJournal(point, on, kill)(seams.journal(journal))), reach),
        transport: (transport) =>
          reachedTransport(killingTransport(point, on, kill)(seams.transport(transport)), reach),
        http: (http) => {
          const client = seams.http?.(http) ?? http
          return { ...client, send: (...given) => reach(() => client.send(...given)) }
        },
      }
    },
  })
  const killIn: KilledLab['killIn'] = async (command, point = 'kill', on = 'leaf1') => {
    at = { point, on }
    died = false
    const { out, err } = await command()
    at = undefined
    expect(died, `${point} was not come to:\n${out}${err}`).toBe(true)
  }
  return {
    lab,
    killIn,
    kill: () => killNow(),
    killAt: async (point, on = 'leaf1', saved) => {
      const file = saved ?? 'change.plan'
      if (saved === undefined) expect((await lab.eosflow('plan', 'workflow.yaml', '-o', file)).code).toBe(0)
      expect((await lab.eosflow('approve', file)).code).toBe(0)
      await killIn(() => lab.eosflow('run', file), point, on)
    },
    resume: () => lab.eosflow('resume'),
  }
}
