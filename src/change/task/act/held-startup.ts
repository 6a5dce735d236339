import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { type ChangeTexts, changesBehindCommit, changesOf, keyOf } from './config-changes.ts'
import { isAmong } from './lines-of-change.ts'

export interface StartupTexts extends ChangeTexts {
  readonly before: string | undefined
  readonly running: string
  readonly startup: string
}

export interface HeldStartup {
  /** What of the change startup-config has taken over since the timed commit: somebody has saved meanwhile. */
  readonly held: readonly ConfigChange[]
  /** Undefined where nobody knows what was saved before the change. */
  readonly unsaved: readonly ConfigChange[] | undefined
  readonly lost: readonly ConfigChange[]
}

/** Compares startup-config with the one before the timed commit. Where the one before is not known, startup-config is compared with the base, and nothing may be saved. */
export function heldStartup({ base, target, before, running, startup }: StartupTexts): HeldStartup {
  const change = changesOf(base, target)
  const ours = keysOf(change)
  const isOurs = isAmong(change)
  const saved = changesOf(before ?? base, startup)
  const held = saved.filter(isOurs)
  if (before === undefined) return { held, unsaved: undefined, lost: [] }
  const savedKeys = keysOf(saved)
  const unsavedBefore = keysOf(changesOf(before, base))
  const now = changesBehindCommit(before, running, { base, target })
  const mayBeSaved = (one: ConfigChange) => savedKeys.has(keyOf(one)) && !unsavedBefore.has(keyOf(one)) && !isOurs(one)
  const nowKeys = keysOf(now)
  return {
    held,
    unsaved: now.filter((one) => !mayBeSaved(one)),
    lost: saved.filter((one) => !ours.has(keyOf(one)) && !nowKeys.has(keyOf(one)) && !unsavedBefore.has(keyOf(one))),
  }
}

function keysOf(changes: readonly ConfigChange[]): ReadonlySet<string> {
  return new Set(changes.map(keyOf))
}
