import type { DeviceIdentity, Look, Replay } from '../../../eos/device/device.ts'
import { replayCheckOn } from '../../../model/arm-terms.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { RefusedQuestion } from '../../../model/refused-question.ts'
import { act, read, sessionName } from './act.ts'
import { foreignLines } from './config-changes.ts'
import type { SettledDevice, TaskContext } from './context.ts'
import { abortOwn, requireIdentity } from './observe-switch.ts'

/**
 * Throws `wrong-device` unless the switch is the one that was planned, and `stale` when it runs another EOS than the plan shows, or is
 * another model: what was computed and approved holds for that one. Throws `guard` where its EOS is too old, which a plan that was made without
 * the switch does not know.
 */
export async function requirePlannedSwitch(
  context: TaskContext<unknown>,
  name: string,
  found: DeviceIdentity,
): Promise<void> {
  await requireIdentity(context, name, found)
  context.change.requireEos(name, found.eos)
  const { identity } = await context.change.planned(name)
  if (found.eos === identity.eos && found.model === identity.model) return
  const message = `${name}: it is ${found.model} with EOS ${found.eos}; the plan was made for ${identity.model} with EOS ${identity.eos}`
  throw new EosflowError('stale', message, { device: name, hint: 'Plan again and have the new plan approved.' })
}

const TOLD = 20

/**
 * The plan's word on a switch that now runs `running`: where that is no longer the plan's base, its `requireBase` says what has
 * changed on the switch since, as far as this store has kept the base, and which execution of it has changed that.
 */
export async function plannedBeside(
  context: TaskContext<unknown>,
  name: string,
  running: string,
): Promise<SettledDevice> {
  const planned = await context.change.planned(name)
  try {
    planned.requireBase(running)
    return planned
  } catch (error) {
    const told = await withChanges(context, name, running, error)
    return {
      ...planned,
      requireBase: (text) => {
        if (text === running) throw told
        planned.requireBase(text)
      },
    }
  }
}

export async function withChanges(
  { change }: TaskContext<unknown>,
  name: string,
  running: string,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof EosflowError) || error.kind !== 'stale' || !error.message.endsWith(CHANGED)) return error
  const base = await change.baseText(name).catch(() => undefined)
  const by = await change.changedBy(name, running).catch(() => undefined)
  const lines = [...(by === undefined ? [] : [by]), ...(base === undefined ? [] : foreignLines(base, running))]
  if (lines.length === 0) return error
  const more = lines.length > TOLD ? [`and ${lines.length - TOLD} lines more`] : []
  const { kind, message, device, hint } = error
  return new EosflowError(kind, [`${message}:`, ...lines.slice(0, TOLD), ...more].join('\n'), {
    ...definedMembers({ device, hint }),
    cause: error,
  })
}

const CHANGED = 'running-config has changed since the plan was made'

const MOST_LINES = 3

/**
 * Proves once for each running-config that the switch can replay it: its commit timer, an abort and a restore are replays of that
 * text (docs/eos.md 2.3), and there are texts that EOS prints and does not take (netlab#2577). Throws `guard` where it
 * cannot and the settings demand it; else what was found is on record, and the report warns of it.
 */
export async function requireReplay(
  context: TaskContext<unknown>,
  name: string,
  {
    eos,
    checkpoint,
    listed,
  }: { readonly eos: string; readonly checkpoint: string; readonly listed: readonly string[] },
): Promise<void> {
  const check = replayCheckOn(context.armTerms, eos)
  const { base, replayed, sessions } = context.history(name)
  if (check === 'off' || base === undefined || base === replayed) return
  if (await context.checkpoints.isReplayed(name, listed, base)) return
  const session = sessionName(context.execution, sessions + 1)
  const answers: Replay[] = []
  try {
    const replay = await act(
      context,
      name,
      'replay',
      { session, checkpoint },
      async (device) => {
        const answer = await device.replay(session, checkpoint)
        answers.push(answer)
        requireYes(name, answer)
      },
      async () => ({ base }),
    )
    if (replay.outcome === 'done') return
  } catch (error) {
    const [found] = answers
    if (found === undefined || found.replays === 'yes') throw error
    if (found.isOpen) await abortOwn(context, name, [{ name: session, state: 'pending' }])
    if (found.replays === 'no') await requireUnmoved(context, name)
    if (found.replays === 'no' && check === 'demand') throw error
    return
  }
  throw new EosflowError('lost-answer', `${name}: the answer to the replay check was lost; nothing was committed`, {
    device: name,
  })
}

// Throws `stale` where running-config is another by now.
async function requireUnmoved(context: TaskContext<unknown>, name: string) {
  const { requireBase } = await context.change.planned(name)
  const { running } = await read(context, name, (device) => device.readConfig())
  try {
    requireBase(running)
  } catch (error) {
    throw await withChanges(context, name, running, error)
  }
}

function requireYes(device: string, replay: Replay) {
  if (replay.replays === 'yes') return
  if (replay.replays === 'unknown') {
    throw new EosflowError('refused', `${device}: it does not know how to replay a checkpoint: ${replay.reason}`, {
      device,
      hint: 'Whether its commit timer can put its configuration back is not proven. Try it on a lab switch of this version.',
    })
  }
  const { lines } = replay
  const more = lines.length > MOST_LINES ? `; … ${lines.length - MOST_LINES} more` : ''
  const shown = lines.slice(0, MOST_LINES).join('; ')
  throw new EosflowError('guard', `${device}: this switch cannot replay its own configuration: ${shown}${more}`, {
    device,
    hint: 'Its commit timer, an abort and a restore would fail in the same way. Fix the line on the switch; `replayCheck: warn` in eosflow.yaml lets a change pass all the same.',
  })
}

export async function refusedIn(
  context: TaskContext<unknown>,
  name: string,
  commands: readonly Command[],
  { replies }: Look,
): Promise<readonly RefusedQuestion[]> {
  const { change, checks, clock } = context
  if (commands.length === 0) return []
  const given = { device: name, baseline: await change.baseline(name), now: clock.now() / 1000 }
  return checks.refused(commands, replies, given)
}

/** Throws `refused` where switches refuse what the verification will ask, unless the plan makes what it is about. */
export async function requireAnswers(
  context: TaskContext<unknown>,
  refused: readonly RefusedQuestion[],
): Promise<void> {
  const runningOf = async (name: string) => (await read(context, name, (device) => device.readConfig())).running
  await context.questions.require(refused, runningOf)
}
