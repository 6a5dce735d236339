import { loadavg } from 'node:os'
import { setup } from '../test/build.ts'
import { startCluster } from '../test/postgres/cluster.ts'
import { ended, type FleetProject, fleetProject, type Measured, planned, requireCount } from '../test/soak/fleet.ts'
import { fleetChange } from './fleet-change.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

/** How many switches are changed; another number by EOSFLOW_SWITCHES. */
const SWITCHES = Number(process.env.EOSFLOW_SWITCHES ?? 1000)
/** So many of them at once. */
const CONCURRENCY = Number(process.env.EOSFLOW_CONCURRENCY ?? 200)
/** So many times each, in turns. */
const TURNS = Number(process.env.EOSFLOW_TURNS ?? 2)
const WORKERS = 2
/** The demand: own CPU with workers on PostgreSQL, at most, by that of one process on SQLite. */
const MOST_TIMES = 1.3

/** What a change took of the CPU of all processes of eosflow, in milliseconds a switch, and of the wall, in seconds. */
interface Taken {
  readonly milliseconds: number
  readonly seconds: number
}

/**
 * Own CPU of a change, planned and run: by one command on a store in a file, and by two workers on PostgreSQL, with the commands that hand it to them;
 * in turns, medians. What the database takes is not eosflow's own. Exits 1 where the second is more than the demand allows.
 */
export async function workers(print: Print): Promise<void> {
  setup()
  const server = await startCluster({ settings: ['max_connections = 200'] })
  const fleet = await fleetProject(SWITCHES, 'version: 1\n', { hosts: 4 })
  const taken: { readonly file: Taken; readonly postgres: Taken }[] = []
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      fleet.write('eosflow.yaml', 'version: 1\n')
      const file = await change(fleet, 901 + 2 * turn)
      fleet.write('eosflow.yaml', settingsOf(server.url('postgres')))
      if (turn === 0) await ended(fleet, [0], 'store', 'init')
      const postgres = await withWorkers(fleet, 902 + 2 * turn)
      taken.push({ file, postgres })
      print({ bench: 'workers', switches: SWITCHES, workers: WORKERS, file, postgres, load: loadavg()[0] })
    }
  } finally {
    fleet.close()
    await server.end()
  }
  const times = rounded(median(taken.map(({ file, postgres }) => postgres.milliseconds / file.milliseconds)))
  print({ bench: 'workers', switches: SWITCHES, times, most: MOST_TIMES })
  if (times > MOST_TIMES) process.exitCode = 1
}

const settingsOf = (url: string): string =>
  `version: 1\nstore: ${url}\nworkers: { dispatch: dbos, durability: single, idleTimeout: 0s }\n`

async function withWorkers(fleet: FleetProject, vlan: number): Promise<Taken> {
  const crew = Array.from({ length: WORKERS }, () => fleet.begin('worker'))
  const changing = change(fleet, vlan)
  await Promise.allSettled([changing])
  const worked = await Promise.all(crew.map((one) => one.end()))
  const { milliseconds, seconds } = await changing
  for (const { code, out } of worked)
    if (code !== 0) throw new Error(`a worker ended with ${code}:\n${out.slice(-500)}`)
  return { milliseconds: rounded(milliseconds + each(worked)), seconds }
}

async function change(fleet: FleetProject, vlan: number): Promise<Taken> {
  fleet.write('fleet.yaml', fleetChange('fleet', vlan, CONCURRENCY))
  const plan = await planned(fleet, 'fleet')
  const run = await ended(fleet, [0], 'run', 'fleet.plan')
  requireCount(run, `${SWITCHES} confirmed`)
  return { milliseconds: rounded(each([plan, run])), seconds: rounded(plan.seconds + run.seconds) }
}

const each = (all: readonly Measured[]): number =>
  all.reduce((sum, { cpu, system }) => sum + cpu + system, 0) / SWITCHES
