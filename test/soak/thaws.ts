import { setup } from '../build.ts'
import { withoutAge } from '../worker/built-command.ts'
import { startTeam } from '../worker/team.ts'
import { thaws } from '../worker/thaws.ts'

export const usage =
  'thaws [THAWS [SEED [without-age]]]: workers that are frozen when they have been told that they may write, and thawed when others have ended all; default 200, seed 1'

const SWITCHES = 48

/** Freezes and thaws workers, and prints what they have sent too late. Of workers that do not judge the age of a fence the number alone is of interest. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [wanted = 200, seed = 1] = args.slice(0, 2).map(Number)
  const without = args[2]
  if (!Number.isSafeInteger(wanted) || !Number.isSafeInteger(seed) || wanted < 1) return undefined
  if (without !== undefined && without !== 'without-age') return undefined
  setup()
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const mutant = without === undefined ? undefined : withoutAge()
  const team = await startTeam(SWITCHES)
  try {
    const command = mutant === undefined ? {} : { command: mutant.command }
    const end = await thaws(team, { thaws: wanted, seed, ...command, say })
    const all = Object.values(end.acts).reduce((total, count) => total + count, 0)
    say(`${end.seconds.toFixed(0)} s, seed ${seed}: ${end.workers} workers frozen with ${end.executions} executions`)
    say(
      `late: ${end.late.length} requests of ${all} thaws ${JSON.stringify(end.acts)}, ${end.reached} reached a switch`,
    )
    for (const { device, commands } of end.late) say(`LATE: ${device}: ${commands.join('; ')}`)
    for (const line of end.wrong) say(`WRONG: ${line}`)
    return mutant !== undefined || end.late.length + end.wrong.length === 0 ? 0 : 1
  } finally {
    await team.close()
    mutant?.remove()
  }
}
