import { loadavg } from 'node:os'
import { setup } from '../test/build.ts'
import { startCluster } from '../test/postgres/cluster.ts'
import { ended, fleetProject, planned, requireCount } from '../test/soak/fleet.ts'
import type { Print } from './main.ts'

/** How many switches are changed, a multiple of 50; another number by EOSFLOW_SWITCHES. */
const SWITCHES = Number(process.env.EOSFLOW_SWITCHES ?? 1000)
/** The demand: what a change takes with its store in PostgreSQL, at most, by what it takes with SQLite. */
const MOST_TIMES = 1.15

const WORKFLOW = `name: fleet
targets: '*'
change:
  mode: merge
  lines: [vlan 998, '   name TESTED']
rollout: { waves: ['50%'], concurrency: 100 }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: { within: 8s, stableFor: 1s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** How long the plan and the run of a change took, and what the run took of the CPU beside database and switches, in seconds. */
interface Times {
  readonly plan: number
  readonly run: number
  readonly cpu: number
}

/**
 * A change of a fleet, a hundred switches at a time, through the built command, with its store in SQLite, in PostgreSQL (fsync on), and in SQLite once more:
 * a machine is not equally quick all the time. Exits 1 where PostgreSQL takes longer than the demand allows beside the mean of both.
 */
export async function fleet(print: Print): Promise<void> {
  setup()
  const rows: (Times & { readonly store: string })[] = []
  for (const store of ['sqlite', 'postgres', 'sqlite']) {
    const times = store === 'postgres' ? await inPostgres() : await changed('version: 1\n')
    rows.push({ store, ...times })
    print({ bench: 'fleet', switches: SWITCHES, store, ...times, load: loadavg()[0] })
  }
  const mean = (store: string, of: 'plan' | 'run'): number => {
    const values = rows.flatMap((row) => (row.store === store ? [row[of]] : []))
    return values.reduce((sum, one) => sum + one, 0) / values.length
  }
  const ratio = (of: 'plan' | 'run'): number => Number((mean('postgres', of) / mean('sqlite', of)).toFixed(2))
  print({ bench: 'fleet', switches: SWITCHES, plan: ratio('plan'), run: ratio('run'), most: MOST_TIMES })
  if (Math.max(ratio('plan'), ratio('run')) > MOST_TIMES) process.exitCode = 1
}

async function inPostgres(): Promise<Times> {
  const server = await startCluster()
  try {
    return await changed(`version: 1\nstore: ${server.url('postgres')}\nworkers: { durability: single }\n`, true)
  } finally {
    await server.end()
  }
}

/** Plans and runs the change in a project with these settings. `isMade`: its store is made before. */
async function changed(settings: string, isMade = false): Promise<Times> {
  const project = await fleetProject(SWITCHES, settings)
  try {
    project.write('fleet.yaml', WORKFLOW)
    if (isMade) await ended(project, [0], 'store', 'init')
    const plan = await planned(project, 'fleet')
    const run = await ended(project, [0], 'run', 'fleet.plan')
    requireCount(run, `${SWITCHES} confirmed`)
    return { plan: rounded(plan.seconds), run: rounded(run.seconds), cpu: rounded(run.cpu / 1000) }
  } finally {
    project.close()
  }
}

const rounded = (seconds: number): number => Number(seconds.toFixed(1))
