import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { type ChangeTexts, changesBehindCommit, changesOf, keyOf } from './config-changes.ts'
import { isAmong } from './lines-of-change.ts'

/** The configurations that tell what startup-config holds of a change that was put back. */
export interface StartupTexts extends ChangeTexts {
  /** startup-config before the timed commit; undefined where nobody knows it. */
  readonly before: string | undefined
  readonly running: string
  readonly startup: string
}

/** What startup-config holds of a change that was put back, and what a save of running-config would do besides taking that out. */
export interface HeldStartup {
  /** What of the change startup-config has taken over since the timed commit: somebody has saved meanwhile. */
  readonly held: readonly ConfigChange[]
  /** What nobody has saved: a save of running-config would. Undefined where nobody knows what was saved before the change. */
  readonly unsaved: readonly ConfigChange[] | undefined
  /** What somebody has saved and running-config does not hold: a save of running-config takes it out. */
  readonly lost: readonly ConfigChange[]
}

/**
 * Compares startup-config with the one before the timed commit. Of what running-config has beyond that one, only what has changed
 * while the change was armed, is no line of it and is in startup-config by now may be saved: who changed it has saved it himself.
 * Where the one before is not known, startup-config is compared with the base, and nothing may be saved.
 */
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
  const mayBeSaved = (one: ConfigChange): boolean =>
    savedKeys.has(keyOf(one)) && !unsavedBefore.has(keyOf(one)) && !isOurs(one)
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
