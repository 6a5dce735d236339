import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { ProjectStore } from '../../project/app/store/project-store.ts'

// For how many milliseconds another backup is waited for, and how often it is looked whether it has ended.
const WAIT = 600_000
const AGAIN = 200

/** Waits for ten minutes. Throws `busy` behind that. */
export async function aloneIn<T>(
  { claims, clock }: Pick<ProjectStore, 'claims' | 'clock'>,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  const name = `backup-${sha256(sharedWith(folder)).slice('sha256:'.length)}`
  const turns = TURNS.get(claims) ?? new Map<string, Promise<unknown>>()
  TURNS.set(claims, turns)
  const before = turns.get(name) ?? Promise.resolve()
  const mine = before.catch(() => undefined).then(() => claimed({ claims, clock }, name, folder, work))
  turns.set(name, mine)
  try {
    return await mine
  } finally {
    if (turns.get(name) === mine) turns.delete(name)
  }
}

const TURNS = new WeakMap<ProjectStore['claims'], Map<string, Promise<unknown>>>()

async function claimed<T>(
  { claims, clock }: Pick<ProjectStore, 'claims' | 'clock'>,
  name: string,
  folder: string,
  work: () => Promise<T>,
) {
  const until = clock.monotonic() + WAIT
  const claim = await claims.claim(name)
  try {
    while (!(await claim.renew())) {
      if (clock.monotonic() >= until)
        throw new EosflowError('busy', `another backup into ${folder} has not ended`, { retryable: true })
      await clock.sleep(AGAIN)
    }
    return await work()
  } finally {
    await claim.release()
  }
}

export function nearestFolder(folder: string): string {
  let found = folder
  while (!existsSync(found) && found !== dirname(found)) found = dirname(found)
  return found
}

function sharedWith(folder: string) {
  const near = nearestFolder(folder)
  const real = realpathSync(near)
  for (let above = real; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above
    if (above === dirname(above)) return join(real, relative(near, folder))
  }
}
