import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { setup } from '../test/build.ts'
import type { Print } from './main.ts'
import { comparisonPage } from './peers/comparison-page.ts'
import { behind, type Figure, figureOf } from './peers/figure.ts'
import { measure, type Taken } from './peers/measure.ts'
import { PEERS, type Peer } from './peers/peer.ts'

const PAGE = new URL('../docs/beside-other-tools.md', import.meta.url)

const OPTIONS = {
  switches: { type: 'string', default: '1,100,500' },
  rounds: { type: 'string', default: '3' },
  width: { type: 'string', default: '50' },
  // Who has taken longer than so many seconds is not asked again.
  patience: { type: 'string', default: '120' },
  only: { type: 'string', default: '' },
  from: { type: 'string', multiple: true, default: [] as string[] },
  write: { type: 'boolean', default: false },
} as const

/**
 * The same safe change by eosflow and its peers, in turn: requests, bytes, time, CPU and memory. `--switches 1,100`, `--rounds 3`, `--width 50`,
 * `--patience SECONDS`, `--only PATTERN` choose; `--from FILE` adds the lines of an earlier run; `--write` writes the page. Exits 1 where eosflow takes
 * more time or CPU than a peer over the same way.
 */
export async function peers(print: Print): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: OPTIONS })
  const sizes = values.switches
    .split(',')
    .filter((size) => size !== '')
    .map(Number)
  const only = new RegExp(values.only)
  const chosen = PEERS.filter((peer) => only.test(`${peer.name}, ${peer.way}`))
  const there = chosen.filter((peer) => {
    const missing = peer.missing()
    if (missing !== undefined) process.stderr.write(`NOT COMPARED: ${peer.name}: ${missing}\n`)
    return missing === undefined
  })
  setup()
  const earlier = values.from.flatMap((file) => linesOf(file))
  const figures: Figure[] = []
  for (const size of sizes) {
    const taken = await inTurn(there, size, Number(values.width), Number(values.rounds), Number(values.patience))
    for (const peer of there) {
      const figure = figureOf(peer, size, Number(values.width), taken.get(peer) ?? [])
      if (figure !== undefined) figures.push(figure)
      if (figure !== undefined) print(figure)
    }
  }
  const isNew = new Set(figures.map(keyOf))
  const all = [...earlier.filter((one) => !isNew.has(keyOf(one))), ...figures]
  for (const line of behind(all)) {
    process.stderr.write(`BEHIND: ${line}\n`)
    process.exitCode = 1
  }
  if (values.write) writeFileSync(PAGE, comparisonPage(readFileSync(PAGE, 'utf8'), all))
}

const keyOf = ({ peer, way, switches }: Figure): string => `${peer} ${way} ${switches}`

function linesOf(file: string): readonly Figure[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('{"bench":"peers"')).map((line) => JSON.parse(line) as Figure)
}

/** Every peer makes the change once, then every peer again: a machine is not equally quick all the time. */
async function inTurn(
  peers: readonly Peer[],
  size: number,
  width: number,
  rounds: number,
  patience: number,
): Promise<ReadonlyMap<Peer, readonly Taken[]>> {
  const taken = new Map<Peer, Taken[]>()
  for (let round = 1; round <= rounds; round += 1) {
    for (const peer of peers) {
      const before = taken.get(peer) ?? []
      if (before.some(({ wall }) => wall > patience)) continue
      const one = await measure(peer, size, width)
      const what = `${peer.name} over ${peer.way}, ${size} switches, round ${round}`
      process.stderr.write(
        `${what}: ${one.wall.toFixed(1)} s, ${one.cpu.toFixed(1)} s CPU (${one.cpuOfEach.map((each) => each.toFixed(2)).join(' + ')}), ${one.memory.toFixed(0)} MB\n`,
      )
      if (one.failure === undefined) taken.set(peer, [...before, one])
      else process.stderr.write(`NOT COUNTED: ${what}: ${one.failure}\n`)
    }
  }
  return taken
}
