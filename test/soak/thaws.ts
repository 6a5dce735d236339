import { setup } from '../build.ts'
import { withoutAge } from '../worker/built-command.ts'
import { startTeam } from '../worker/team.ts'
import { type ThawEnd, thaws } from '../worker/thaws.ts'

export const usage =
  'thaws [THAWS [MUTANTS]]: workers that are frozen when they have found that they may write, and thawed when others have ended all; default 200. MUTANTS more (default a tenth) do not judge the age of a fence, and all of these must be late'

const SWITCHES = 48

/** Freezes and thaws workers, and prints what they have sent too late; then the same with workers that do not judge the age of a fence, which all must be. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [wanted = 200, mutants = Math.ceil(wanted / 10)] = args.map(Number)
  if (args.length > 2 || ![wanted, mutants].every((count) => Number.isSafeInteger(count) && count > 0)) return undefined
  setup()
  const mutant = withoutAge()
  try {
    const end = await frozen('as shipped', wanted)
    const without = await frozen('without the age', mutants, mutant.command)
    return end.late.length + end.wrong.length === 0 && without.late.length >= mutants ? 0 : 1
  } finally {
    mutant.remove()
  }
}

async function frozen(what: string, wanted: number, command?: string): Promise<ThawEnd> {
  const say = (line: string) => void process.stdout.write(`${what}: ${line}\n`)
  const team = await startTeam(SWITCHES)
  try {
    const end = await thaws(team, { thaws: wanted, say, ...(command === undefined ? {} : { command }) })
    const all = Object.values(end.frozen).reduce((total, count) => total + count, 0)
    say(
      `late: ${end.late.length} requests of ${all} thaws, ${end.reached} reached a switch, ${end.seconds.toFixed(0)} s`,
    )
    for (const { act, device, commands } of end.late) say(`LATE ${act}: ${device}: ${commands.join('; ')}`)
    for (const line of command === undefined ? end.wrong : []) say(`WRONG: ${line}`)
    return end
  } finally {
    await team.close()
  }
}
