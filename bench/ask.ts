import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setup } from '../test/build.ts'
import { ended, type FleetProject, fleetProject, requireCount } from '../test/soak/fleet.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

/** How many switches are asked; another number by EOSFLOW_SWITCHES. */
const SWITCHES = Number(process.env.EOSFLOW_SWITCHES ?? 200)
/** So many times each, in turns. */
const TURNS = Number(process.env.EOSFLOW_TURNS ?? 5)
const COMMANDS = ['show version', 'show interfaces', 'show ip bgp summary vrf all']
/** The demand: seconds of the command by those of the same requests raw. */
const MOST_TIMES = 2

const RAW = fileURLToPath(new URL('raw-process.mjs', import.meta.url))

/**
 * How long `eosflow ask` takes of all switches, by what a process takes that sends the same requests, as many at once, which is all, over a connection
 * each, with the same login, and looks at the status and parses the JSON of each answer. Both are a Node of their own, and its start is in the times of
 * both. In turns, medians. Exits 1 where it is more than the demand allows.
 */
export async function ask(print: Print): Promise<void> {
  setup()
  const fleet = await fleetProject(SWITCHES)
  const times: number[] = []
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const row = await inTurn(fleet)
      times.push(row.times)
      print({ bench: 'ask', switches: SWITCHES, ...row, load: loadavg()[0] })
    }
  } finally {
    fleet.close()
  }
  const middle = rounded(median(times))
  print({ bench: 'ask', switches: SWITCHES, times: middle, most: MOST_TIMES })
  if (middle > MOST_TIMES) process.exitCode = 1
}

async function inTurn(
  fleet: FleetProject,
): Promise<{ readonly seconds: number; readonly raw: number; readonly times: number }> {
  const file = join(fleet.dir, 'raw.json')
  const params = { version: 1, format: 'text', cmds: COMMANDS }
  const requests = [{ connection: 0, body: { jsonrpc: '2.0', method: 'runCmds', id: '1', params } }]
  writeFileSync(file, JSON.stringify({ ports: Object.values(fleet.ports), concurrency: SWITCHES, requests }))
  const raw = await fleet.program(RAW, file)
  requireCount(raw, `{"answers":${SWITCHES},`)
  const asked = await ended(fleet, [0], 'ask', ...COMMANDS)
  requireCount(asked, `${SWITCHES} answered`)
  return { seconds: rounded(asked.seconds), raw: rounded(raw.seconds), times: rounded(asked.seconds / raw.seconds) }
}
