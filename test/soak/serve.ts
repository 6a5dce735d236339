import { setup } from '../build.ts'
import { workWithBothHands } from '../control-room/both-hands.ts'
import { startKilledServer } from '../control-room/killed-server.ts'

const ACTS = 200

export const usage = `serve [SEED]: kill -9 of the server and of its front at every record, then ${ACTS} acts by a command line and a server at once; default seed 1`

/** Kills everywhere, then works with both hands; prints everything that is not true. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [seed = 1] = args.map(Number)
  if (!Number.isSafeInteger(seed) || seed < 0) return undefined
  setup()
  const wrong = [...(await killedEverywhere('server')), ...(await killedEverywhere('front'))]
  const { wrong: untrue, ...hands } = await workWithBothHands(seed, ACTS)
  process.stdout.write(`${JSON.stringify(hands)}\n`)
  wrong.push(...untrue)
  for (const what of wrong) process.stdout.write(`WRONG: ${what}\n`)
  return wrong.length === 0 ? 0 : 1
}

async function killedEverywhere(what: 'server' | 'front') {
  const server = await startKilledServer()
  const wrong: string[] = []
  try {
    for (let records = 1; ; records += 1) {
      const end = await server.change({ what, records })
      const where = `${what} at ${records} of ${end.seqs.length}, ${end.killedAt ?? 'nothing'}: ${end.outcome}`
      process.stdout.write(`${where}\n`)
      wrong.push(...end.wrong.map((one) => `${where}: ${one}`))
      if (end.killedAt === undefined) return wrong
    }
  } finally {
    await server.close()
  }
}
