import { z } from 'zod'
import { type ConfigReading, savedState } from '../../../eos/device/device.ts'
import { neverWords } from '../../../eos/device/history.ts'
import type { DeviceEnd } from '../../../model/act.ts'
import { EosflowError, type ErrorKind } from '../../../model/error.ts'
import { act, overwriting, releaseSwitch } from '../act/act.ts'
import { changeTexts, goneWith, stillInForce } from '../act/beside-target.ts'
import { type BesideTarget, besideTarget, foreignLines, onlyForeignLines, quoted } from '../act/config-changes.ts'
import { defineTask, oneDevice, type TaskContext } from '../act/context.ts'
import { isRefusal, mendStartup } from '../act/mend-startup.ts'
import { type FoundEnd, goneOnWith, neverCommitted, neverOurs, savedWords } from '../act/never-committed.ts'
import { abortOwn, abortPlanning, observeSwitch, ownAtLast, type SwitchNow } from '../act/observe-switch.ts'
import { awaitNoTimer, hasRebooted } from '../act/own-timer.ts'
import { snapshots } from '../act/snapshot-of.ts'
import { lookAnew } from '../act/verify-round.ts'

interface UndoFacts {
  readonly taken: Set<string>
  // What EOS or somebody else has changed and is there still.
  left: ReadonlySet<string>
  // Whether the switch has booted since its commit timer was started.
  rebooted: boolean
  // Whether the switch has shown the session of a refused timed commit as pending, upon the configuration before: it was not committed.
  isPending: boolean
  wasSilent: boolean
  standings: number
}

// Nothing is known before the switch is asked.
function nothingYet(): UndoFacts {
  return { taken: new Set(), left: new Set(), rebooted: false, isPending: false, wasSilent: false, standings: 0 }
}

function rememberTaken({ taken }: UndoFacts, found: BesideTarget | undefined): void {
  for (const line of found?.taken ?? []) taken.add(line)
}

// What EOS or somebody else has changed besides the configuration before the change, as lines; asked only where something was to go.
async function leftOf(
  context: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
  running: string,
): Promise<ReadonlySet<string>> {
  if (context.history(name).overwritten === undefined) return new Set()
  const change = await changeTexts(context, name)
  return new Set(change === undefined ? [] : foreignLines(change.base, running))
}

// The detail of an end, with what happened besides: what was put back takes with it whatever somebody else had configured meanwhile
// (docs/fault-model.md row 21).
function withMeanwhile(
  { history }: Pick<TaskContext<unknown>, 'history'>,
  name: string,
  { end, detail }: { readonly end: DeviceEnd; readonly detail: string },
  { taken, left, rebooted }: UndoFacts,
): string {
  const overwritten = (history(name).overwritten ?? []).filter((line) => !left.has(line))
  const { unread } = history(name)
  const words = [
    ...(rebooted && end === 'reverted' ? ['the switch has rebooted since the commit'] : []),
    ...(taken.size === 0 ? [] : [`somebody had taken lines of the change away: ${quoted([...taken])}`]),
    ...(overwritten.length === 0 ? [] : [`EOS's or somebody else's change went with it: ${quoted(overwritten)}`]),
    ...(unread === undefined || end !== 'reverted' ? [] : [UNREAD]),
  ]
  return [detail, ...words].join('; ')
}

// Only the answer shows running-config as it was right before.
const UNREAD =
  'the answer to what put it back was not read: a line that somebody typed right before it would be gone and is not known'

const ASKED = 3

async function observeUndisturbed(context: TaskContext<unknown>, name: string): Promise<SwitchNow> {
  let now = await observeSwitch(context, name)
  for (let asked = 1; asked < ASKED && isTypedOn(now.reading); asked++) now = await observeSwitch(context, name)
  return now
}

function isTypedOn({ running, startupDiff = '' }: ConfigReading) {
  const held = new Set(running.split('\n').map((line) => line.trim()))
  return startupDiff
    .split('\n')
    .some((line) => line.startsWith('+') && !line.startsWith('+++') && !held.has(line.slice(1).trim()))
}

// How long a switch may take to come back after its own timer has reverted it, in milliseconds (docs/fault-model.md row 13).
const GRACE = 60_000
const PAUSE = 3_000
// The longest pause behind a refusal where no commit timer runs.
const LONGEST = 20_000

// How long a silent switch is asked, in milliseconds: a whole commit timer, if one was started, and the grace. When it was started is known by
// the wall clock alone, which may have jumped since; waiting too long costs time, too short the answer.
function patience(context: TaskContext<unknown>, name: string): number {
  const { armedAt, timer } = context.history(name)
  return (armedAt === undefined || timer === undefined ? 0 : timer * 1000) + GRACE
}

// Rests before a switch is asked again where it is, and makes a new login for it. One that has refused the user is asked ever less often, because
// enough refusals lock an account: its commit timer gives it the users of before.
async function restBetween(context: TaskContext<unknown>, name: string, refused: number | undefined): Promise<number> {
  if (refused === undefined) {
    await context.clock.sleep(PAUSE, context.signal)
    await lookAnew(context, name, []).catch(() => undefined)
    return 0
  }
  const { armedAt, timer } = context.history(name)
  const left = armedAt === undefined || timer === undefined ? 0 : armedAt + timer * 1000 - context.clock.now()
  const pause = Math.min(Math.max(PAUSE, refused * 2), left > 0 ? left + PAUSE : LONGEST)
  await context.clock.sleep(pause, context.signal)
  return pause
}

// How often a switch is read before what it shows is called unknown: a rollback may still be finishing (docs/eos.md 2.6).
const READINGS = 4

const NO_ANSWER: ReadonlySet<ErrorKind> = new Set([
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'protocol',
  'wrong-device',
  'secret',
])

function isNoAnswer(error: unknown): error is EosflowError {
  return error instanceof EosflowError && NO_ANSWER.has(error.kind)
}

interface End extends FoundEnd {
  readonly wasGivenUp?: boolean
}

const UNTOUCHED: End = { end: 'untouched', detail: 'nothing was sent that changes it' }

/** While the commit timer runs the session is aborted; after a confirm the checkpoint is restored, and no timer protects that. Never says `reverted` without having read it. */
export const rollback = defineTask({
  name: 'rollback',
  summary: 'Put one switch back to where it was, and read it back.',
  docs: 'Abort while the commit timer runs, checkpoint afterwards, always proven by reading running-config and startup-config. What cannot be proven is reported as unknown, with what a person does next.',
  scope: 'task.rollback',
  effect: 'write',
  input: z.strictObject({}),
  async run(context) {
    const name = oneDevice(context)
    const meanwhile = nothingYet()
    const first =
      (await byRecord(context, name)) ?? (await putBackInTime(context, name, patience(context, name), meanwhile))
    const answers = await releaseSwitch(context, name)
    // A switch that was given up as silent, and answers now, is asked once more where it is.
    const isBackAgain = answers && first.wasGivenUp === true
    const { end, detail } = isBackAgain ? await putBackInTime(context, name, 0, meanwhile) : first
    // What restores it or saves it there has opened an owner session anew.
    if (isBackAgain) await releaseSwitch(context, name)
    await context.log.undone(name, end, `${detail}${stillInForce(context, name)}${heldWords(context, name)}`)
    return {}
  },
  async probe() {
    return { do: 'again' }
  },
})

async function byRecord(context: TaskContext<unknown>, name: string): Promise<End | undefined> {
  const { reached, planning, unrecorded } = context.history(name)
  if (reached !== 'nothing' || planning !== undefined || unrecorded !== undefined) return undefined
  if (context.doubt !== 'taken up') return context.doubt === 'restored' ? undefined : UNTOUCHED
  try {
    return context.isPlanned ? await putBack(context, name, nothingYet()) : await endPlanning(context, name)
  } catch (error) {
    if (!isNoAnswer(error)) throw error
    return context.history(name).unrecorded === undefined
      ? {
          ...UNTOUCHED,
          detail: `${neverWords(context.history(name))}; it gives no answer to whether somebody else has (${error.message})`,
        }
      : undefined
  }
}

function heldWords(context: TaskContext<unknown>, name: string) {
  const { owners = [] } = context.history(name)
  if (owners.length === 0) return ''
  return `; the owner session ${owners.map(({ session }) => session).join(', ')} may still be open: eosflow sessions gc -t ${name}`
}

async function putBackInTime(
  context: TaskContext<unknown>,
  name: string,
  milliseconds: number,
  meanwhile: UndoFacts,
): Promise<End> {
  const deadline = context.clock.monotonic() + milliseconds
  let pause = 0
  for (let answers = 0, late = 0; ; ) {
    const before = meanwhile.standings
    const { answered, isRefused, ...end } = await attempt(context, name, meanwhile)
    if (answered) answers += 1
    else meanwhile.wasSilent = true
    if (end.end !== 'unknown' || answers >= READINGS) {
      const told = meanwhile.wasSilent && !meanwhile.rebooted ? withSilence(context, name, end) : end
      return { ...told, detail: withMeanwhile(context, name, told, meanwhile) }
    }
    // A switch that shows where it is when the time is over is not silent: what has failed behind that is tried again.
    const isOver = context.clock.monotonic() >= deadline
    if (isOver && meanwhile.standings > before) late += 1
    if (!answered && isOver && (meanwhile.standings === before || late >= READINGS)) {
      await context.log.settled(name, 'unreachable', end.detail)
      return { ...end, wasGivenUp: true }
    }
    pause = await restBetween(context, name, isRefused ? pause : undefined)
  }
}

// What the switch refuses is an answer, unless the end of the commit timer may mend it: that is none.
async function attempt(
  context: TaskContext<unknown>,
  name: string,
  meanwhile: UndoFacts,
): Promise<End & { readonly answered: boolean; readonly isRefused: boolean }> {
  try {
    const isPlan = context.history(name).reached === 'nothing' && !context.isPlanned
    return {
      answered: true,
      isRefused: false,
      ...(await (isPlan ? endPlanning(context, name) : putBack(context, name, meanwhile))),
    }
  } catch (error) {
    if (!isRefusal(error) && !isNoAnswer(error)) throw error
    const answered = isRefusal(error) && !mayRevertItself(context, name)
    const isRefused = error.kind === 'unauthenticated'
    return { answered, isRefused, end: 'unknown', detail: `${error.message}. ${advice(context, name)}` }
  }
}

// Whether the commit timer, which was never confirmed, may still put the switch back where an abort is refused.
function mayRevertItself(context: TaskContext<unknown>, name: string) {
  return context.history(name).reached === 'arm'
}

// A switch that was silent, and came back without an abort or a restore of ours, has put itself back: the change may have cut the way in
// (docs/fault-model.md row 13).
function withSilence(context: TaskContext<unknown>, name: string, { end, detail }: End): End {
  const { phase } = context.history(name)
  if (end !== 'reverted' || (phase !== 'armed' && phase !== 'arming')) return { end, detail }
  return { end, detail: `management-lost: out of reach until the switch had put itself back; ${detail}` }
}

async function endPlanning(context: TaskContext<unknown>, name: string): Promise<End> {
  const known = context.snapshot === undefined ? undefined : (await snapshots(context))(name)
  const traces = await abortPlanning(context, name, known)
  if (traces.length === 0) {
    return { end: 'untouched', detail: 'nothing was committed, and the planning session is gone' }
  }
  return { end: 'unknown', detail: goneOnWith(context, name, traces) }
}

async function putBack(context: TaskContext<unknown>, name: string, meanwhile: UndoFacts): Promise<End> {
  const first = await observeUndisturbed(context, name)
  meanwhile.standings += 1
  meanwhile.isPending ||= first.found === 'base' && isListedAsPending(context, name, first)
  const own = await ownAtLast(context, name, first)
  const isLate = own.some(({ state }) => state === 'armed') && first.own.length === 0
  let now = isLate ? await observeUndisturbed(context, name) : { ...first, own }
  meanwhile.rebooted ||= hasRebooted(context, name, now.look)
  if (now.own.length > 0) {
    const found = now.found === 'armed' ? await besides(context, name, now) : undefined
    rememberTaken(meanwhile, found)
    await abortOwn(context, name, now.own, found?.foreign)
    now = await observeUndisturbed(context, name)
  }
  const { reached, checkpoint, session } = context.history(name)
  const confirmed = reached === 'confirm' || reached === 'save'
  const free = confirmed ? await awaitNoTimer(context, name, now.look) : now.look
  if (free !== now.look) now = await observeUndisturbed(context, name)
  // Where no line of the change is left there is nothing to restore, and what else is there is somebody else's.
  const isGone = confirmed && (await isBack(context, name, now)) !== undefined
  // Besides the change there may be a later one, which is on the lost part of the record.
  const mayRestore = context.doubt !== 'restored' || now.found === 'target'
  if (now.found !== 'base' && confirmed && mayRestore && !isGone && checkpoint !== undefined && now.own.length === 0) {
    const found = await besides(context, name, now)
    rememberTaken(meanwhile, found)
    const detail = { session: session ?? '', checkpoint, ...overwriting(found?.foreign ?? []) }
    await act(context, name, 'restore', detail, (device) => device.restore(checkpoint), goneWith(context, name))
    now = await observeUndisturbed(context, name)
  }
  return judge(context, name, now, meanwhile)
}

async function besides(context: TaskContext<unknown>, name: string, { reading }: SwitchNow) {
  const change = await changeTexts(context, name)
  return change && besideTarget(change, reading.running)
}

function isListedAsPending(context: TaskContext<unknown>, name: string, { own }: SwitchNow) {
  const { session } = context.history(name)
  return own.some((listed) => listed.name === session && listed.state === 'pending')
}

async function judge(context: TaskContext<unknown>, name: string, now: SwitchNow, meanwhile: UndoFacts): Promise<End> {
  if (now.own.length > 0) throw new EosflowError('lost-answer', `${name}: own session is still open`, { device: name })
  meanwhile.left = await leftOf(context, name, now.reading.running)
  if (context.history(name).armedRecord === undefined) return neverCommitted(context, name, now)
  const wasRefused = context.history(name).reached === 'stage'
  const isUntouched = wasRefused && meanwhile.isPending
  const back =
    (await isBack(context, name, now)) ??
    (isUntouched ? await neverOurs(context, name, now.reading.running) : undefined)
  if (back === undefined) {
    const booted = meanwhile.rebooted ? 'the switch has rebooted since the commit; ' : ''
    return { end: 'unknown', detail: `${booted}${notBack(now)}. ${advice(context, name)}` }
  }
  const startup = await mendStartup(context, name, now.reading)
  const detail = isUntouched
    ? `${neverWords(context.history(name))}${back}`
    : `read back: running-config equals the one before${wasRefused ? REFUSED_AND_GONE : ''}${back}`
  if (startup.is === 'unknown') return { end: 'unknown', detail: `${detail}; but ${startup.because}` }
  const saved = savedWords(startup.reading)
  return { end: isUntouched ? 'untouched' : 'reverted', detail: detail + saved }
}

const REFUSED_AND_GONE =
  '; the switch has refused the timed commit, and its session is gone: whether it was in force for a time is not known'

function notBack({ found, reading }: SwitchNow) {
  if (found !== 'target') {
    return `running-config is neither the one before nor without the change${savedWords(reading)}`
  }
  const saved =
    savedState(reading) === 'saved'
      ? '; startup-config holds it too: a reboot does not take it away'
      : savedWords(reading)
  return `running-config holds the change, and no commit timer runs that would take it away${saved}`
}

// Says what EOS or somebody else has changed besides the base.
async function isBack(context: TaskContext<unknown>, name: string, now: SwitchNow) {
  if (now.found === 'base') return ''
  const change = await changeTexts(context, name)
  const lines = change && onlyForeignLines(change.base, change.target, now.reading.running)
  if (lines !== undefined) return `; what EOS or somebody else has changed remains: ${quoted(lines)}`
  const isWhole = change !== undefined && besideTarget(change, now.reading.running).taken.length === 0
  return context.history(name).reached === 'stage' && !isWhole
    ? await neverOurs(context, name, now.reading.running)
    : undefined
}

function advice(context: TaskContext<unknown>, name: string) {
  const { checkpoint, session, reached, planning } = context.history(name)
  if (reached === 'nothing') {
    return `Nothing was committed; the planning session ${planning} may still be open: eosflow sessions gc removes it`
  }
  const restore =
    checkpoint === undefined ? '' : `; to go back: configure replace checkpoint:${checkpoint} skip-checkpoint`
  return `Log in to ${name} and compare: show configuration sessions detail (ours is ${session ?? 'none'}), show running-config${restore}`
}
