import { type ConfigReading, savedState } from '../../../eos/device/device.ts'
import { neverWords } from '../../../eos/device/history.ts'
import type { DeviceEnd } from '../../../model/act.ts'
import { checkpointName, read } from './act.ts'
import { changeTexts } from './beside-target.ts'
import { foreignLines, quoted } from './config-changes.ts'
import type { TaskContext } from './context.ts'
import { SHOW_STARTUP } from './mend-startup.ts'
import { isPlannedBase, makerOf, runsPlanned, type SwitchNow, tracesOf, unrecordedWords } from './observe-switch.ts'

const SAVED_WORDS: Readonly<Record<ReturnType<typeof savedState>, string>> = {
  saved: '',
  unsaved: '; startup-config differs from running-config',
  unknown: '; how startup-config differs cannot be read',
}

/** What the end of a switch says of its startup-config; empty where it equals running-config. */
export function savedWords(reading: ConfigReading): string {
  return SAVED_WORDS[savedState(reading)]
}

export interface FoundEnd {
  readonly end: Extract<DeviceEnd, 'reverted' | 'untouched' | 'unknown'>
  readonly detail: string
}

// What a switch shows to which this record has sent no commit: `lines` is what EOS or somebody else has changed, as part of a sentence.
type Shown =
  | { readonly is: 'base' | 'target' | 'the change and more' | 'not known' }
  | { readonly is: 'other lines'; readonly lines: string; readonly hasOurs: boolean }

/** It is untouched where it does not run the change, and shows no config session and no checkpoint of the execution that is on no record here (docs/copies.md). */
export async function neverCommitted(context: TaskContext<unknown>, name: string, now: SwitchNow): Promise<FoundEnd> {
  const traces = await tracesOf(context, name, now.look)
  const shown = await shownBy(context, name, now.reading.running)
  const saved = savedWords(now.reading)
  const made = await madeBefore(context, name, { is: shown.is, traces, saved })
  if (made !== undefined) return made
  // A line of the change is a colleague's only where nothing says that another record has sent it.
  const mayBeSent = traces.length > 0 || (context.doubt === 'restored' && context.history(name).hasSaved === true)
  const isTheirs = shown.is === 'other lines' && !(shown.hasOurs && mayBeSent)
  const back = shown.is === 'base' ? '' : isTheirs ? shown.lines : undefined
  const theirs = async () => back ?? (await neverOurs(context, name, now.reading.running))
  const found =
    traces.length === 0
      ? untraced(context, name, { is: shown.is, back, theirs: await theirs() })
      : traced(context, name, { traces, back })
  const [detail = '', ...next] = found.words
  const held = found.end === 'reverted' ? await heldInStartup(context, name, now.reading) : undefined
  if (held !== undefined) return { end: 'unknown', detail: `${detail}; but ${held}. ${toCompare(context, name)}` }
  return { end: found.end, detail: [`${detail}${saved}`, ...next].join('. ') }
}

// A switch that runs the approved change: another execution of this store has made it, whatever was changed there since, or nobody knows who.
async function madeBefore(
  context: TaskContext<unknown>,
  name: string,
  { is, traces, saved }: { readonly is: Shown['is']; readonly traces: readonly string[]; readonly saved: string },
): Promise<FoundEnd | undefined> {
  if (is !== 'target' && is !== 'the change and more') return undefined
  const maker = traces.length === 0 ? await makerOf(context, name) : undefined
  if (maker !== undefined) {
    const further = is === 'target' ? '' : ', and running-config has changed further since'
    const never = neverWords(context.history(name))
    return { end: 'untouched', detail: `${never}; ${maker} has made this very change${further}${saved}` }
  }
  if (is !== 'target') return undefined
  const words =
    'somebody has made this very change: running-config is the approved one, and no commit of it is on record here'
  const more = traces.length === 0 ? '' : `; on the switch and on no record here: ${unrecordedWords(traces)}`
  return { end: 'unknown', detail: `${words}${more}${saved}. ${toCompare(context, name)}` }
}

async function heldInStartup(
  context: TaskContext<unknown>,
  name: string,
  reading: SwitchNow['reading'],
): Promise<string | undefined> {
  if (savedState(reading) === 'saved') return undefined
  const base = await plannedBase(context, name)
  const [printed] = await read(context, name, (device) => device.print([SHOW_STARTUP]))
  if (base === undefined || printed?.ok !== true)
    return 'startup-config cannot be compared: it may hold the change, which a reboot would bring back'
  const part = (await context.change.planned(name)).partOfChange(base, printed.text)
  return part === 'none' ? undefined : 'startup-config holds lines of the change, a reboot brings them back'
}

interface Worded {
  readonly end: FoundEnd['end']
  readonly words: readonly string[]
}

function traced(
  context: TaskContext<unknown>,
  name: string,
  { traces, back }: { readonly traces: readonly string[]; readonly back: string | undefined },
): Worded {
  if (back === undefined) return { end: 'unknown', words: [goneOnWith(context, name, traces)] }
  const seen = `on the switch and on no record here: ${unrecordedWords(traces)}; ${PERHAPS}`
  return { end: 'reverted', words: [`${EQUALS}${back}; ${seen}`] }
}

function untraced(
  context: TaskContext<unknown>,
  name: string,
  { is, back, theirs }: { readonly is: Shown['is']; readonly back: string | undefined; readonly theirs: string },
): Worded {
  const { doubt, execution } = context
  const never = neverWords(context.history(name))
  if (doubt === undefined) return { end: 'untouched', words: [`${never}${theirs}`] }
  const { hasSaved } = context.history(name)
  const mayBeOurs = doubt === 'restored' || is === 'the change and more' || (is === 'not known' && hasSaved === true)
  if (back === undefined && mayBeOurs) {
    const what = `running-config is not the one before the change, and ${WHY[doubt]}`
    return { end: 'unknown', words: [what, toCompare(context, name)] }
  }
  if (doubt === 'restored' && hasSaved === true) {
    return { end: 'reverted', words: [`${EQUALS}${back ?? ''}; ${WHY.restored}: ${PERHAPS}`] }
  }
  const proof = `asked: no config session and no checkpoint of ${checkpointName(execution)} that is on no record here`
  return { end: 'untouched', words: [`${never}${theirs}; ${proof}`] }
}

const EQUALS = 'read back: running-config equals the one before'

const PERHAPS = 'whether the change was in force for a time is not known'

const WHY = {
  restored: 'the store was restored from a backup',
  'taken up': 'the lines of the change are there, of which this record has committed none',
} as const

export function goneOnWith(context: TaskContext<unknown>, name: string, traces: readonly string[]): string {
  return `somebody has gone on with this execution: on the switch and on no record here: ${unrecordedWords(traces)}. ${toCompare(context, name)}`
}

/** As part of a sentence: without a commit of ours, whatever differs is the doing of another execution that is on record here, or of EOS or somebody else. */
export async function neverOurs({ change }: TaskContext<unknown>, name: string, running: string): Promise<string> {
  const by = await change.changedBy(name, running).catch(() => undefined)
  return by === undefined ? '; EOS or somebody else has changed running-config' : `; running-config was changed ${by}`
}

async function shownBy(context: TaskContext<unknown>, name: string, running: string): Promise<Shown> {
  if (await isPlannedBase(context, name, running)) return { is: 'base' }
  if (await runsPlanned(context, name, running)) return { is: 'target' }
  const base = await plannedBase(context, name)
  if (base === undefined) return { is: 'not known' }
  const part = (await context.change.planned(name)).partOfChange(base, running)
  if (part === 'all') return { is: 'the change and more' }
  const lines = foreignLines(base, running)
  return {
    is: 'other lines',
    hasOurs: part === 'some',
    lines: lines.length === 0 ? '' : `; what EOS or somebody else has changed remains: ${quoted(lines)}`,
  }
}

async function plannedBase(context: TaskContext<unknown>, name: string) {
  // Where nothing is in doubt, a change that was refused has told the lines already.
  const kept = context.doubt === undefined ? undefined : await context.change.baseText(name).catch(() => undefined)
  if (kept !== undefined) return kept
  const staged = await changeTexts(context, name)
  return staged !== undefined && (await isPlannedBase(context, name, staged.base)) ? staged.base : undefined
}

function toCompare({ execution }: TaskContext<unknown>, name: string) {
  const checkpoint = checkpointName(execution)
  return `Find out who else uses a copy of this store (docs/copies.md). Log in to ${name} and compare: show configuration sessions detail, show configuration checkpoints, diff checkpoint:${checkpoint} running-config`
}
