import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateFabric } from './generated-inventory.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const PAIRS = Number(process.env.INVENTORY_PAIRS ?? 7)
const MEGABYTE = 1_000_000

/**
 * How long the built command takes to print an inventory of 286 hosts and 2.5 MB, cold, by the time of `ansible-inventory --list` in the
 * same moment: alternated pairs, and both print the same bytes. Then what a host costs in 5,000 by what it costs in 1,250, and the memory.
 */
export function inventory(print: Print): void {
  if (!existsSync(COMMAND)) throw new Error('there is no built command: npm run build')
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    print(againstAnsible(folder(dir, 'paired'), PAIRS))
    print(growth(folder(dir, 'small'), folder(dir, 'large')))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function folder(dir: string, name: string): string {
  mkdirSync(join(dir, name))
  return join(dir, name)
}

function againstAnsible(dir: string, pairs: number): object {
  const { hosts, bytes, path } = generateFabric(dir, 286, 8_250)
  const [owns, others, ratios]: [number[], number[], number[]] = [[], [], []]
  for (let run = -1; run < pairs; run += 1) {
    const own = timed(process.execPath, [COMMAND, 'inventory', 'read', 'ansible', path], dir)
    const other = timed('ansible-inventory', ['-i', path, '--list'], dir)
    if (own.output !== other.output) throw new Error('eosflow and Ansible print different inventories')
    if (run < 0) continue
    owns.push(own.milliseconds)
    others.push(other.milliseconds)
    ratios.push(own.milliseconds / other.milliseconds)
  }
  return {
    bench: 'inventory',
    hosts,
    megabytes: rounded(bytes / MEGABYTE),
    milliseconds: rounded(median(owns)),
    ansible: rounded(median(others)),
    ratio: rounded(median(ratios)),
    limit: 0.2,
  }
}

function growth(small: string, large: string): object {
  const [few, many] = [generateFabric(small, 1_250, 2_000), generateFabric(large, 5_000, 2_000)]
  const ratios: number[] = []
  let memory = 0
  for (let run = 0; run < 3; run += 1) {
    const less = timed(process.execPath, [COMMAND, 'inventory', 'read', 'ansible', few.path], small)
    const more = timed(
      '/usr/bin/time',
      ['-f', '%M', process.execPath, COMMAND, 'inventory', 'read', 'ansible', many.path],
      large,
    )
    ratios.push(more.milliseconds / many.hosts / (less.milliseconds / few.hosts))
    memory = Math.max(memory, Number(more.errors.trim()) / 1024)
  }
  return {
    bench: 'inventory',
    hosts: many.hosts,
    megabytes: rounded(many.bytes / MEGABYTE),
    perHost: rounded(median(ratios)),
    memory: rounded(memory),
    limit: 200,
  }
}

function timed(
  program: string,
  argv: readonly string[],
  cwd: string,
): { milliseconds: number; output: string; errors: string } {
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, encoding: 'utf8', maxBuffer: 2 ** 29 })
  const milliseconds = performance.now() - begun
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: exit ${status}\n${stderr}`)
  return { milliseconds, output: stdout, errors: stderr }
}
