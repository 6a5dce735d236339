import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** The seed where no commit is known. */
export const FIXED = 20_261_120

/**
 * Chooses by the commit which cases the cuts of a run show, so that each commit looks at others. Says the seed at the start, and after a failure how to
 * look at the same cases again.
 */
export function setup({ vitest }: Pick<TestProject, 'vitest'>): () => void {
  const { seed, from } = seedOf(ROOT, process.env.TEST_SEED)
  process.env.TEST_SEED = String(seed)
  process.stdout.write(`Cuts are chosen by the seed ${seed}, ${from}\n`)
  return () => {
    if (vitest.state.getCountOfFailedTests() === 0) return
    process.stdout.write(
      `Failed with cuts by the seed ${seed}: TEST_SEED=${seed} before the command shows the same cases again\n`,
    )
  }
}

/** The seed that was asked for, otherwise that of the last commit of a checkout, or the fixed one without git. */
export function seedOf(checkout: string, asked?: string): { readonly seed: number; readonly from: string } {
  if (asked !== undefined) {
    const seed = Number(asked)
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`TEST_SEED has to be a whole number: ${asked}`)
    return { seed, from: 'as TEST_SEED says' }
  }
  const commit = existsSync(`${checkout}/.git`) ? headOf(checkout) : undefined
  if (commit === undefined) return { seed: FIXED, from: 'the fixed one: no commit is known here' }
  return { seed: Number.parseInt(commit.slice(0, 8), 16), from: `from the commit ${commit.slice(0, 8)}` }
}

function headOf(checkout: string) {
  try {
    const said = execFileSync('git', ['-C', checkout, 'rev-parse', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' })
    return /^[0-9a-f]{40,}$/.exec(said.trim())?.[0]
  } catch {
    return undefined
  }
}
