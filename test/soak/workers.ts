import { loadavg } from 'node:os'
import { setup } from '../build.ts'
import { storm, stormLines } from '../project/worker/storm.ts'
import { startTeam } from '../project/worker/team.ts'

export const usage =
  'workers [EXECUTIONS [SEED [EVERY [DATESTYLE]]]]: changes by three workers on PostgreSQL and its standby, with a fault every so many milliseconds; default 1000, seed 1, 2000. DATESTYLE: that of the servers, as "SQL, DMY"'

const SWITCHES = 48
const AT_ONCE = 24

/** Has workers make changes while they, their networks and their database die, and prints everything that is not as the record says. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [executions = 1000, seed = 1, faultEvery = 2000] = args.slice(0, 3).map(Number)
  const dateStyle = args[3]
  if (![executions, seed, faultEvery].every((number) => Number.isSafeInteger(number) && number > 0)) return undefined
  setup()
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const team = await startTeam(SWITCHES, { isReplicated: true, dateStyle })
  try {
    say(`${executions} changes on ${SWITCHES} switches, seed ${seed}, load ${loadavg()[0]?.toFixed(1)}`)
    const trace = (line: string) => say(`${new Date().toISOString()} ${line}`)
    const end = await storm(team, { executions, workers: 3, atOnce: AT_ONCE, seed, faultEvery, say, trace })
    for (const line of stormLines(end)) say(line)
    say(`load ${loadavg()[0]?.toFixed(1)}`)
    return end.wrong.length + end.unmet.length === 0 ? 0 : 1
  } finally {
    await team.close()
  }
}
