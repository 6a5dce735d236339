import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyDiff } from '../src/config/apply.ts'
import { diffSize } from '../src/config/changes.ts'
import { diffConfig } from '../src/config/diff.ts'
import { parseConfig } from '../src/config/parse.ts'
import { renderConfig } from '../src/config/render.ts'
import { KINDS, pairOf, SHAPES } from './generated-configs.ts'
import type { Print } from './main.ts'

const SIZES = [10_000, 50_000, 200_000]
const REPEATS = 10
const WARM_UP = 3

/**
 * `diffConfig` of two texts, parsing included, in this warm process, against `git diff --no-index` of the same texts,
 * its start included: alternated, median of ten. Every result is applied and compared. The largest permitted ratio is
 * 3, and 6 for permuted lines.
 */
export function diff(print: Print): void {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-bench-'))
  try {
    for (const lines of SIZES) {
      for (const shape of SHAPES) for (const kind of KINDS) print(measure(folder, lines, shape, kind))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function measure(folder: string, lines: number, shape: (typeof SHAPES)[number], kind: (typeof KINDS)[number]): object {
  const pair = pairOf(lines, shape, kind)
  const files = [join(folder, 'before.cfg'), join(folder, 'after.cfg')] as const
  writeFileSync(files[0], pair.before)
  writeFileSync(files[1], pair.after)
  const [before, after] = [readFileSync(files[0], 'utf8'), readFileSync(files[1], 'utf8')]
  const ours: number[] = []
  const gits: number[] = []
  for (let run = -WARM_UP; run < REPEATS; run++) {
    const own = milliseconds(() => diffConfig(parseConfig(before), parseConfig(after)))
    const git = milliseconds(() => spawnSync('git', ['diff', '--no-index', '--', ...files], { maxBuffer: 1 << 30 }))
    if (run < 0) continue
    ours.push(own)
    gits.push(git)
  }
  const a = parseConfig(before)
  const result = diffConfig(a, parseConfig(after))
  const ratio = median(ours) / median(gits)
  return {
    lines,
    shape,
    kind,
    eosflow: rounded(median(ours)),
    git: rounded(median(gits)),
    ratio: rounded(ratio),
    limit: kind === 'permuted' ? 6 : 3,
    size: diffSize(result),
    gitSize: numstat(files),
    applied: renderConfig(applyDiff(a, result)) === after,
  }
}

function milliseconds(act: () => unknown): number {
  const start = performance.now()
  act()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function numstat(files: readonly string[]): number {
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--numstat', '--', ...files], { encoding: 'utf8' })
  const [added, removed] = stdout.split('\t')
  return Number(added) + Number(removed)
}
