import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setup } from '../test/build.ts'
import { ended, type FleetProject, fleetProject, type Measured, planned, requireCount } from '../test/soak/fleet.ts'
import { fleetChange } from './fleet-change.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

/** How many switches are changed; another number by EOSFLOW_SWITCHES. */
const SWITCHES = Number(process.env.EOSFLOW_SWITCHES ?? 300)
/** So many of them at once. */
const CONCURRENCY = Number(process.env.EOSFLOW_CONCURRENCY ?? 50)
/** So many times each, in turns. */
const TURNS = Number(process.env.EOSFLOW_TURNS ?? 3)
/** How long a switch takes for an answer beside what the simulator takes, in milliseconds; another time by EOSFLOW_ANSWER_MS. */
const ANSWER_MS = Number(process.env.EOSFLOW_ANSWER_MS ?? 0)
/** How the switches are spoken to: `http`, or by EOSFLOW_PROTOCOL `https` or `ssh`. */
const PROTOCOL = (['https', 'ssh'] as const).find((one) => one === process.env.EOSFLOW_PROTOCOL) ?? 'http'
/** A leaf with the ports of a leaf: `show interfaces` of it is 100 kB. */
const PORTS = 48
/** The demand: what a switch of a change takes of the CPU, at most, by what the same requests take. */
const MOST_TIMES = 4

const RAW = fileURLToPath(
  PROTOCOL === 'ssh' ? new URL('raw-ssh.mjs', import.meta.url) : new URL('raw-process.mjs', import.meta.url),
)
const REQUESTS = new URL('floor-requests.json', import.meta.url)

/** What a change of all switches took. */
interface Taken {
  /** Own CPU and that of the system for it, in milliseconds a switch. */
  readonly plan: number
  readonly run: number
  readonly raw: number
  readonly runSeconds: number
  readonly rawSeconds: number
  readonly memory: number
}

/**
 * What a change costs beyond its requests: CPU of the built command, plan and run, by that of a process that sends the same requests and parses the
 * answers, alternated in one run, medians. The requests are those that eosflow once sent; fewer are to its credit. Exits 1 where it is more than the
 * demand allows.
 */
export async function floor(print: Print): Promise<void> {
  setup()
  const fleet = await fleetProject(SWITCHES, 'version: 1\n', {
    hosts: PORTS,
    seconds: ANSWER_MS / 1000,
    protocol: PROTOCOL,
  })
  const taken: Taken[] = []
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      taken.push(await inTurn(fleet, turn))
      print({
        bench: 'floor',
        switches: SWITCHES,
        concurrency: CONCURRENCY,
        protocol: PROTOCOL,
        answerMs: ANSWER_MS,
        ...taken.at(-1),
        load: loadavg()[0],
      })
    }
  } finally {
    fleet.close()
  }
  const middle = (of: (one: Taken) => number): number => rounded(median(taken.map(of)))
  const times = middle(({ plan, run, raw }) => (plan + run) / raw)
  const wall = middle(({ runSeconds, rawSeconds }) => runSeconds / rawSeconds)
  print({ bench: 'floor', switches: SWITCHES, times, most: MOST_TIMES, wall })
  if (times > MOST_TIMES) process.exitCode = 1
}

async function inTurn(fleet: FleetProject, turn: number): Promise<Taken> {
  const file = join(fleet.dir, 'raw.json')
  const { requests } = JSON.parse(readFileSync(REQUESTS, 'utf8')) as { readonly requests: unknown }
  writeFileSync(
    file,
    JSON.stringify({ ports: Object.values(fleet.ports), concurrency: CONCURRENCY, protocol: PROTOCOL, requests }),
  )
  const raw = await fleet.program(RAW, file)
  requireCount(raw, `{"answers":${SWITCHES * 14},`)
  fleet.write('floor.yaml', fleetChange('floor', 901 + turn, CONCURRENCY))
  const plan = await planned(fleet, 'floor')
  const run = await ended(fleet, [0], 'run', 'floor.plan')
  requireCount(run, `${SWITCHES} confirmed`)
  return {
    plan: each(plan),
    run: each(run),
    raw: each(raw),
    runSeconds: rounded(run.seconds),
    rawSeconds: rounded(raw.seconds),
    memory: Math.round(Math.max(plan.memory, run.memory)),
  }
}

const each = ({ cpu, system }: Measured): number => rounded((cpu + system) / SWITCHES)
