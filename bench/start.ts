import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'

const WARM_UP = 3
const REPEATS = 25
const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const PLAN = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=PROD-CACHE', '--offline', 'fabrics/dc1']

/**
 * How long the built command takes to start, by the time of `node -e 0` in the same moment: `--version`, and a plan of
 * the bundled fabric with no switch asked. Alternated pairs; the ratio is the median of the pairs' ratios.
 */
export function start(print: Print): void {
  if (!existsSync(COMMAND)) throw new Error('there is no built command: npm run build')
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    eosflow(dir, ['init', 'project'])
    print(measure('--version', 1.3, tmpdir(), ['--version']))
    print(measure('plan --offline', 6, join(dir, 'project'), PLAN))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** How long a command of the built eosflow takes by the time of `--version`, in alternated pairs. */
export function byVersion(
  cwd: string,
  argv: readonly string[],
): { readonly own: number; readonly version: number; readonly ratio: number } {
  if (!existsSync(COMMAND)) throw new Error('there is no built command: npm run build')
  const [owns, versions, ratios]: [number[], number[], number[]] = [[], [], []]
  for (let run = -WARM_UP; run < REPEATS; run += 1) {
    const version = milliseconds(() => eosflow(cwd, ['--version']))
    const own = milliseconds(() => eosflow(cwd, argv))
    if (run < 0) continue
    owns.push(own)
    versions.push(version)
    ratios.push(own / version)
  }
  return { own: median(owns), version: median(versions), ratio: median(ratios) }
}

function measure(name: string, limit: number, cwd: string, argv: readonly string[]): object {
  const nodes: number[] = []
  const ours: number[] = []
  const ratios: number[] = []
  for (let run = -WARM_UP; run < REPEATS; run += 1) {
    const node = milliseconds(() => spawned(cwd, ['-e', '0']))
    const own = milliseconds(() => eosflow(cwd, argv))
    if (run < 0) continue
    nodes.push(node)
    ours.push(own)
    ratios.push(own / node)
  }
  return {
    bench: 'start',
    command: name,
    milliseconds: rounded(median(ours)),
    node: rounded(median(nodes)),
    ratio: rounded(median(ratios)),
    limit,
  }
}

function eosflow(cwd: string, argv: readonly string[]): void {
  spawned(cwd, [COMMAND, ...argv])
}

function spawned(cwd: string, argv: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`node ${argv.join(' ')}: exit ${status}\n${stderr}`)
}

function milliseconds(act: () => void): number {
  const begun = performance.now()
  act()
  return performance.now() - begun
}
