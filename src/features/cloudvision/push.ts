import type { FeatureRecord } from '../../change/engine/ports.ts'
import type { EventBody } from '../../change/record/event/event.ts'
import type { OpenFeature, PushedSwitch } from '../../change/task/act/context.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import {
  type AskedSwitch,
  type CloudVisionPort,
  type FoundChangeControl,
  isInTheWay,
  unidentifiedWords,
} from './control.ts'

/** Requires, once for a wave and again for the rest of one that takes long, that CloudVision carries out no change control on what is still to be pushed. */
export function openCloudVision(
  port: CloudVisionPort,
  clock: Pick<Clock, 'monotonic'>,
  record: FeatureRecord,
): OpenFeature {
  // What it says of each wave, and since when it is asked.
  const asked = new Map<string, { readonly since: number; isUnderWay: boolean; readonly answer: Promise<void> }>()
  // A CloudVision that gave no answer once is asked no more: each wait eats the commit timers of the waves before.
  let isUnheard = false
  const ask = async ({ open, signal }: PushedSwitch) => {
    isUnheard = (await requireNoChangeControl(port, record, await open(), signal)) === 'unheard'
  }
  return {
    push: async (at) => {
      if (isUnheard) return
      const now = clock.monotonic()
      const before = asked.get(at.among)
      if (before !== undefined && (before.isUnderWay || now - before.since <= port.keptFor)) return before.answer
      const own = { since: now, isUnderWay: true, answer: ask(at) }
      asked.set(at.among, own)
      const over = () => {
        own.isUnderWay = false
      }
      own.answer.then(over, () => asked.delete(at.among))
      await own.answer
    },
  }
}

const AWAY_HINT =
  'Nothing was sent to these switches. Where changes are to go on without its answer: cloudvision: { whenAway: warn } in eosflow.yaml.'
const RUNNING_HINT = 'Let it end in CloudVision, or stop it there, then start again.'

// Throws `busy` where a change control runs on one of them, and `protocol` where that is not known, unless the settings want only a warning of
// it: then it gives `unheard` where nothing was heard.
async function requireNoChangeControl(
  port: CloudVisionPort,
  record: FeatureRecord,
  switches: readonly AskedSwitch[],
  signal: AbortSignal,
) {
  const devices = switches.map(({ name }) => name)
  const goesOn = port.whenAway === 'warn'
  const found = await heard(port, switches, signal)
  const unknown = async (because: string) => {
    await record.append(said({ answer: 'unknown', devices, because, ...(goesOn ? { goesOn } : {}) }))
    if (goesOn) return
    throw new EosflowError('protocol', `CloudVision does not say whether it changes these switches now: ${because}`, {
      hint: AWAY_HINT,
    })
  }
  if (typeof found === 'string') {
    await unknown(found)
    return 'unheard'
  }
  const { known, controls, unidentified } = found
  const inTheWay = controls.filter(isInTheWay)
  if (inTheWay.length === 0 && unidentified !== undefined) {
    await unknown(unidentifiedWords(unidentified))
    return 'free'
  }
  await record.append(said({ answer: inTheWay.length === 0 ? 'free' : 'running', devices, known, controls }))
  if (inTheWay.length === 0) return 'free'
  throw new EosflowError('busy', inTheWay.map(words).join('\n'), { hint: RUNNING_HINT })
}

type Asked = Extract<EventBody, { readonly type: 'CloudVisionAsked' }>

function said(body: Omit<Asked, 'type'>): Asked {
  return { type: 'CloudVisionAsked', ...body }
}

async function heard(port: CloudVisionPort, switches: readonly AskedSwitch[], signal: AbortSignal) {
  try {
    return await port.ask(switches, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof EosflowError && error.kind !== 'bug' && error.kind !== 'store') return error.message
    throw error
  }
}

function words({ id, name, standing, devices }: FoundChangeControl) {
  const which = name === undefined ? id : `"${name}" (${id})`
  if (devices.length === 0)
    return `CloudVision carries out the change control ${which}, and does not say on which switches`
  const where = devices.join(', ')
  return standing === 'running'
    ? `CloudVision carries out the change control ${which} on ${where}`
    : `CloudVision has started the change control ${which} on ${where}, and does not say whether it has ended`
}
