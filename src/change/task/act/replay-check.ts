import type { Replay } from '../../../eos/device/device.ts'
import { replayCheckOn } from '../../../model/arm-terms.ts'
import { EosflowError } from '../../../model/error.ts'
import { act } from './act.ts'
import type { TaskContext } from './context.ts'
import { abortOwn } from './leftovers.ts'
import { withChanges } from './planned-base.ts'
import { read } from './read.ts'
import { sessionName } from './session-name.ts'

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
