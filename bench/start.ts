import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alternated, ranNode } from './alternated.ts'
import type { Print } from './main.ts'
import { rounded } from './median.ts'

const COMMAND = fileURLToPath(new URL('../dist/doors/cli/main.js', import.meta.url))
const PLAN = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=PROD-CACHE', '--offline', 'fabrics/dc1']

/**
 * How long the built command takes to start, by the time of `node -e 0` in the same moment: `--version`, and a plan of
 * the bundled fabric with no switch asked. Alternated pairs; the ratio is the median of the pairs' ratios.
 */
export function start(print: Print): void {
  if (!existsSync(COMMAND)) throw new Error('there is no built command: npm run build')
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    ranNode(dir, [COMMAND, 'init', 'project'])
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
  const { own, beside, ratio } = alternated(
    () => ranNode(cwd, [COMMAND, ...argv]),
    () => ranNode(cwd, [COMMAND, '--version']),
  )
  return { own, version: beside, ratio }
}

function measure(name: string, limit: number, cwd: string, argv: readonly string[]): object {
  const { own, beside, ratio } = alternated(
    () => ranNode(cwd, [COMMAND, ...argv]),
    () => ranNode(cwd, ['-e', '0']),
  )
  return {
    bench: 'start',
    command: name,
    milliseconds: rounded(own),
    node: rounded(beside),
    ratio: rounded(ratio),
    limit,
  }
}
