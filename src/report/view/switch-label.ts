import { mayPush } from '../../change/engine/sites.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { neverWords, UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { isOdd, networkOf, networkSentence } from '../phrases/network-words.ts'
import type { Tone } from './execution-view.ts'
import type { ViewState } from './view-state.ts'

export interface SwitchLabel {
  readonly tone: Tone
  readonly word: string
  readonly note?: string
}

export const END_TONE: Readonly<Record<DeviceEnd, Tone>> = {
  changed: 'ok',
  reverted: 'undo',
  unchanged: 'idle',
  untouched: 'idle',
  unknown: 'bad',
}
const END_NOTE: Readonly<Record<Exclude<DeviceEnd, 'untouched'>, string>> = {
  changed: 'saved and read back',
  reverted: 'read back',
  unchanged: 'nothing to change',
  unknown: 'a person has to look',
}

/** `end` is where it ended, of an execution that has ended. */
export function switchLabelOf(view: ViewState, name: string, end: DeviceEnd | undefined): SwitchLabel {
  const { execution, lanes } = view
  const found = execution.ends.get(name)
  if (found !== undefined) return endedLabel(execution, name, found)
  if (execution.leftOut.has(name)) return { tone: 'live', word: 'left out', note: 'it did not answer' }
  if (end !== undefined && execution.status === 'ended') {
    const note = end === 'untouched' ? neverWords(execution.devices.get(name)) : END_NOTE[end]
    return { tone: END_TONE[end], word: END_WORDS[end], note }
  }
  if (lanes.get(name)?.isGoingBack === true) return { tone: 'undo', word: 'being put back' }
  const { phase } = execution.devices.get(name) ?? UNTOUCHED
  switch (phase) {
    case 'untouched':
      return untouched(execution, name)
    case 'staging':
    case 'staged':
      return { tone: 'run', word: 'loading the change' }
    case 'arming':
      return { tone: 'live', word: 'asked to commit', note: 'its answer is not on record' }
    case 'armed':
      return armed(view, name)
    case 'confirming':
      return { tone: 'live', word: 'asked to confirm', note: 'its answer is not on record' }
    case 'confirmed':
    case 'saving':
      return { tone: 'ok', word: 'confirmed, not saved' }
    case 'saved':
      return { tone: 'ok', word: END_WORDS.changed, note: END_NOTE.changed }
    case 'aborting':
    case 'restoring':
      return { tone: 'undo', word: 'being put back' }
    case 'ended':
      return wasCommitted(execution.devices.get(name))
        ? { tone: 'undo', word: 'aborted, not read back' }
        : { tone: 'idle', word: END_WORDS.untouched, note: neverWords(execution.devices.get(name)) }
  }
}

function endedLabel(
  execution: ExecutionState,
  name: string,
  { end, detail }: { readonly end: DeviceEnd; readonly detail: string },
): SwitchLabel {
  const network = networkOf(execution, name)
  if (network === undefined) return { tone: END_TONE[end], word: END_WORDS[end], note: detail }
  const note = `${detail}; ${networkSentence(network)}`
  return { tone: isOdd(network) ? 'bad' : END_TONE[end], word: END_WORDS[end], note }
}

function untouched(execution: ExecutionState, name: string): SwitchLabel {
  const { plan, status, purpose, sites } = execution
  if (plan?.unchanged.includes(name) === true)
    return { tone: 'idle', word: END_WORDS.unchanged, note: END_NOTE.unchanged }
  if (mayPush(sites))
    return { tone: 'run', word: 'changed by its site', note: 'the execution of its site says where it is' }
  if (status === 'running' && purpose === 'run') return { tone: 'idle', word: 'waits for its wave' }
  return { tone: 'idle', word: END_WORDS.untouched, note: neverWords(execution.devices.get(name)) }
}

function armed({ lanes, judged }: ViewState, name: string): SwitchLabel {
  switch (lanes.get(name)?.segments.at(-1)?.kind) {
    case 'hold':
      return { tone: 'live', word: 'verified, not confirmed' }
    case 'unknown':
      return { tone: 'bad', word: 'unknown', note: 'nobody has read what it holds' }
    default:
      return (judged.bad.get(name)?.size ?? 0) > 0
        ? { tone: 'bad', word: 'live, not good' }
        : { tone: 'live', word: 'live, verifying' }
  }
}
