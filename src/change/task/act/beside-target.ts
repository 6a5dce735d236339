import { showsBootLine, withoutBoot } from '../../../eos/config/boot-config.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { savedState } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { act, type KeptTexts, overwriting, read } from './act.ts'
import { type BesideTarget, besideTarget, type ChangeTexts, quoted, sameBehindCommit } from './config-changes.ts'
import type { TaskContext } from './context.ts'
import { settledLines } from './rendered-change.ts'

/** What the journal kept of a change; undefined where nothing was staged. */
export async function changeTexts(
  { history, texts }: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
): Promise<ChangeTexts | undefined> {
  const { base, target } = history(name)
  if (base === undefined || target === undefined) return undefined
  return { base: await texts.get(base), target: await texts.get(target) }
}

/**
 * What a running-config behind the commit holds besides the approved one, and what it lacks of it. Throws `bug` where nothing was
 * staged.
 */
export async function foundBesideTarget(
  context: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
  running: string,
): Promise<BesideTarget> {
  const change = await changeTexts(context, name)
  if (change === undefined) throw new EosflowError('bug', `${name}: nothing was staged`)
  return besideTarget(change, running)
}

/** Sends the `boot` lines of the approved change, when the change of the switch is confirmed, saved and read back: they act at once, and neither an abort nor a checkpoint undoes them. The intent is journalled before, and what the switch boots is read back from `show boot-config`. */
export async function sendBootLines(context: TaskContext<unknown>, name: string, session: string): Promise<void> {
  if (!(await context.change.planned(name)).hasBootLines) return
  const lines = await bootLines(context, name)
  const missing = absent(await read(context, name, (device) => device.boot([])), lines)
  if (missing.length > 0) {
    const send = () => sendOnce(context, name, session, missing)
    // Sent again only when the answer was lost and the switch has said that they are not in force.
    requireShown(name, (await send()) ?? (await send()) ?? missing)
  }
  await saveBootLines(context, name, session)
}

async function sendOnce(context: TaskContext<unknown>, name: string, session: string, lines: readonly string[]) {
  const shown = lines.map((line) => redact(line))
  const sent = await act(context, name, 'boot', { session, lines: shown }, (device) => device.boot(lines))
  if (sent.outcome === 'done') return absent(sent.result, lines)
  const left = absent(await read(context, name, (device) => device.boot([])), lines)
  return left.length === 0 ? left : undefined
}

async function bootLines(context: TaskContext<unknown>, name: string) {
  const { base } = context.history(name)
  if (base === undefined) throw new EosflowError('bug', `${name}: nothing was staged`)
  const [change, running] = [await context.change.renderAgain(name), await context.texts.get(base)]
  const { eos } = (await context.change.planned(name)).identity
  return settledLines(name, change, running, eos).boot
}

const absent = (printed: string, lines: readonly string[]) => lines.filter((line) => !showsBootLine(printed, line))

function requireShown(name: string, missing: readonly string[]) {
  if (missing.length === 0) return
  const lines = missing.map((line) => redact(line)).join('; ')
  throw new EosflowError('verification', `${name}: show boot-config does not show what was sent: ${lines}`, {
    device: name,
    hint: `Log in to ${name} and compare: show boot-config`,
  })
}

async function saveBootLines(context: TaskContext<unknown>, name: string, session: string) {
  const reading = await read(context, name, (device) => device.readConfig())
  if (savedState(reading) === 'saved' || !(await isTarget(context, name, reading.running))) return
  await act(context, name, 'save', { session }, (device) => device.save())
}

/** Whether running-config is the approved one, `boot` lines aside, which come last and are no part of it. */
export async function isTarget(context: TaskContext<unknown>, name: string, running: string): Promise<boolean> {
  const change = await changeTexts(context, name)
  if (change === undefined) return false
  if (sameBehindCommit(change.target, running, change)) return true
  const { bootLines: sent } = context.history(name)
  return sent !== undefined && sameBehindCommit(withoutBoot(change.target), withoutBoot(running), change)
}

/** What the end of a switch that is put back says of `boot` lines; empty where none was sent. */
export function stillInForce({ history }: Pick<TaskContext<unknown>, 'history'>, name: string): string {
  const { bootLines: sent } = history(name)
  if (sent === undefined || sent.length === 0) return ''
  return `. Still in force where the switch took it, nothing undoes it (show boot-config): ${sent.join('; ')}`
}

/** Throws `verification` unless running-config is the approved one; `when` says around what it was read. */
export async function requireTarget(
  context: TaskContext<unknown>,
  name: string,
  running: string,
  when: string,
): Promise<void> {
  if (await isTarget(context, name, running)) return
  const { taken, foreign } = await foundBesideTarget(context, name, running)
  const lines = quoted([...taken, ...foreign])
  throw new EosflowError(
    'verification',
    `${name}: running-config is not the approved one ${when}; EOS or somebody else has changed: ${lines}`,
    { device: name },
  )
}

/** What goes with an abort or a restore, by running-config as it was right before: what EOS or somebody else has changed besides the change. */
export function goneWith(
  context: Pick<TaskContext<unknown>, 'history' | 'texts'>,
  name: string,
): (running: string) => Promise<KeptTexts> {
  return async (running) => {
    if (context.history(name).armedRecord === undefined) return {}
    const change = await changeTexts(context, name)
    return change === undefined ? {} : overwriting(besideTarget(change, running).foreign)
  }
}
