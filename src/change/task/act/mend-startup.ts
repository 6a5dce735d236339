import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { type ConfigReading, savedState } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { act, overwriting, read } from './act.ts'
import { changeTexts } from './beside-target.ts'
import {
  type ChangeTexts,
  changesBehindCommit,
  changesOf,
  isAmong,
  keyOf,
  quoted,
  shownLines,
} from './config-changes.ts'
import type { TaskContext } from './context.ts'

export interface StartupTexts extends ChangeTexts {
  readonly before: string | undefined
  readonly running: string
  readonly startup: string
}

interface HeldStartup {
  // What of the change startup-config has taken over since the timed commit: somebody has saved meanwhile.
  readonly held: readonly ConfigChange[]
  // Undefined where nobody knows what was saved before the change.
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

export function isRefusal(error: unknown): error is EosflowError {
  return error instanceof EosflowError && error.kind === 'refused'
}

export type StartupEnd =
  | { readonly is: 'clean'; readonly reading: ConfigReading }
  /** It holds lines of the change, or nobody can tell: what a person has to know and do. */
  | { readonly is: 'unknown'; readonly because: string }

export const SHOW_STARTUP = 'show startup-config'
const SAVE = 'copy running-config startup-config'

export async function mendStartup(
  context: TaskContext<unknown>,
  name: string,
  reading: ConfigReading,
): Promise<StartupEnd> {
  const found = await readHeld(context, name, reading)
  if (typeof found === 'string') return { is: 'unknown', because: found }
  if (found.held.length === 0) return { is: 'clean', reading }
  if (found.unsaved === undefined || found.unsaved.length > 0) return { is: 'unknown', because: heldText(name, found) }
  const { session } = context.history(name)
  const detail = { session: session ?? '', ...overwriting(shownLines(found.lost)) }
  const refused = await act(context, name, 'save', detail, (device) => device.save()).then(
    () => undefined,
    (error: unknown) => {
      if (!isRefusal(error)) throw error
      return error
    },
  )
  const after = await read(context, name, (device) => device.readConfig())
  const saved = await readHeld(context, name, after)
  if (typeof saved === 'string') return { is: 'unknown', because: saved }
  if (saved.held.length === 0) return { is: 'clean', reading: after }
  const why = refused === undefined ? '. On' : `: ${refused.message}. Once it can be, on`
  return { is: 'unknown', because: `${holds(saved)}; running-config is not saved${why} ${name}: ${SAVE}` }
}

async function readHeld(context: TaskContext<unknown>, name: string, reading: ConfigReading) {
  const change = await changeTexts(context, name)
  if (change === undefined) return { held: [], unsaved: [], lost: [] }
  const [printed] = await read(context, name, (device) => device.print([SHOW_STARTUP]))
  const before = await startupBefore(context, name, change.base)
  const startup = printed?.ok === true ? printed.text : savedState(reading) === 'saved' ? reading.running : undefined
  if (startup !== undefined) return heldStartup({ ...change, before, running: reading.running, startup })
  // Who shows none before and behind a change is taken to have none, as long as we have not saved one ourselves.
  const hasNone = before === undefined && savedState(reading) === 'unknown'
  if (hasNone && context.history(name).reached !== 'save') return { held: [], unsaved: [], lost: [] }
  return unreadText(name)
}

export function unreadText(name: string): string {
  return `startup-config cannot be read: it may hold the change, which a reboot would bring back. On ${name}: ${SHOW_STARTUP}; where it does, ${SAVE}`
}

async function startupBefore(context: TaskContext<unknown>, name: string, base: string) {
  const { startup } = context.history(name)
  if (startup !== undefined) return context.texts.get(startup)
  return (await context.change.planned(name)).startupEqualsRunning ? base : undefined
}

function holds({ held }: HeldStartup) {
  return `startup-config holds the change, a reboot brings it back: ${quoted(shownLines(held))}`
}

export function heldText(name: string, found: HeldStartup): string {
  if (found.unsaved?.length === 0) return `${holds(found)}. On ${name}: ${SAVE}`
  const head = `${holds(found)}; running-config is not saved for you, because`
  if (found.unsaved === undefined) {
    return `${head} nobody knows what startup-config held before. Once running-config may be saved, on ${name}: ${SAVE}`
  }
  const lines = quoted(shownLines(found.unsaved))
  return `${head} that would also save what somebody has left unsaved: ${lines}. Once these may be saved, on ${name}: ${SAVE}`
}
