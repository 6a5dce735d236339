import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { footprintText, PARTS, type Part } from './footprint.ts'
import { RECORDED_SEEDS } from './recorded-digests.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** The lines before a difference that are shown. */
const BEFORE = 3

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 }).trim()

/** The first of `runs` recorded seeds that the last commit chooses. */
export function rotatedSeed(runs: number): number {
  return 1 + (Number.parseInt(git('rev-parse', 'HEAD').slice(0, 8), 16) % Math.max(1, RECORDED_SEEDS - runs + 1))
}

/** The commit with which the histories were recorded last. */
export function recordingCommit(): string {
  return git('log', '-1', '--format=%H', '--', 'simulate/recorded-digests.json')
}

/** The footprint of a history as text, by the sources of a commit. */
export function footprintAt(commit: string, seed: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-at-'))
  try {
    const archive = join(folder, 'sources.tar')
    git('archive', '--output', archive, commit)
    execFileSync('tar', ['-xf', archive, '-C', folder])
    symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(folder, 'node_modules'))
    const argv = ['--import', 'tsx', 'simulate/main.ts', '--footprint', '--seed', String(seed)]
    return execFileSync(process.execPath, argv, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 }).trimEnd()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each part that differs: the lines before its first difference, then that of the commit (`-`) and that of now (`+`). */
export function firstDifferences(
  before: string,
  now: Readonly<Record<Part, readonly string[]>>,
): Readonly<Partial<Record<Part, readonly string[]>>> {
  const [was, is] = [partsOf(before), partsOf(footprintText(now))]
  const found = PARTS.flatMap((part) => {
    const [old, own] = [was[part], is[part]]
    const at = Array.from({ length: Math.max(old.length, own.length) }, (_, index) => index).find(
      (index) => old[index] !== own[index],
    )
    if (at === undefined) return []
    const shown = (sign: string, line: string | undefined): string => `${sign} ${line ?? '(nothing more)'}`
    const known = own.slice(Math.max(0, at - BEFORE), at).map((line) => `  ${line}`)
    return [[part, [...known, shown('-', old[at]), shown('+', own[at])]] as const]
  })
  return Object.fromEntries(found)
}

function partsOf(text: string): Readonly<Record<Part, readonly string[]>> {
  const texts = `\n${text}`.split(/\n== (?:requests|ends|records)(?=\n|$)/).slice(1)
  const linesOf = (index: number): readonly string[] => (texts[index] ?? '').split('\n').slice(1)
  return { requests: linesOf(0), ends: linesOf(1), records: linesOf(2) }
}
