import { promotions } from '../postgres/promotions.ts'

export const usage =
  'promotions [KILLS [SEED]]: a server that dies for good while records are written, and its synchronous standby takes over; default 200, seed 1'

/** Kills servers, and prints every record that was acknowledged and is gone. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [kills = 200, seed = 1] = args.map(Number)
  if (!Number.isSafeInteger(kills) || !Number.isSafeInteger(seed) || kills < 1) return undefined
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const { acknowledged, settled, missing, other, seconds } = await promotions({ kills, seed, say })
  say(
    `${seconds.toFixed(0)} s, seed ${seed}: ${kills} kills, ${acknowledged} records acknowledged, ${settled} of them settled`,
  )
  for (const line of [...missing, ...other]) say(`WRONG: ${line}`)
  return missing.length + other.length === 0 ? 0 : 1
}
