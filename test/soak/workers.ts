import { setup } from '../build.ts'
import { percentile, storm } from '../worker/storm.ts'
import { startTeam, TTL } from '../worker/team.ts'

export const usage =
  'workers [EXECUTIONS [SEED]]: changes by three workers on PostgreSQL, one of which is killed or frozen every 2 s; default 1000, seed 1'

const SWITCHES = 48
const AT_ONCE = 24
/** How often the database is killed, in milliseconds. */
const OUTAGES = 45_000

/** Has workers make changes while they and their database die, and prints every end that is not true on the switches. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [executions = 1000, seed = 1] = args.map(Number)
  if (!Number.isSafeInteger(executions) || !Number.isSafeInteger(seed) || executions < 1) return undefined
  setup()
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const team = await startTeam(SWITCHES)
  try {
    say(`${executions} changes on ${SWITCHES} switches, seed ${seed}`)
    const options = { executions, workers: 3, atOnce: AT_ONCE, seed, faultEvery: 2000, outageEvery: OUTAGES, say }
    const { outcomes, faults, untrue, unsettled, armed, failovers, takeovers, seconds } = await storm(team, options)
    say(`${seconds.toFixed(0)} s, ends ${JSON.stringify(outcomes)}, ${JSON.stringify(faults)}, ${takeovers} takeovers`)
    const [middle, last] = [percentile(failovers, 0.5), percentile(failovers, 0.99)]
    const longest = Math.max(0, ...failovers)
    say(`nobody drove: p50 ${middle} ms, p99 ${last} ms, longest ${longest} ms, of ${failovers.length}`)
    for (const line of untrue) say(`WRONG: ${line}`)
    for (const id of unsettled) say(`WRONG: ${id} has no end`)
    for (const name of armed) say(`WRONG: a commit timer runs on ${name}`)
    const isLong = longest > TTL + 35_000
    if (isLong) say('WRONG: an execution was without a worker for too long')
    return untrue.length + unsettled.length + armed.length === 0 && !isLong ? 0 : 1
  } finally {
    await team.close()
  }
}
