import {
  type AskedSwitch,
  type CloudVisionPort,
  type FoundChangeControl,
  isInTheWay,
  unidentifiedWords,
} from '../../model/cloudvision.ts'
import { EosflowError } from '../../model/error.ts'
import type { EventBody } from '../record/event/event.ts'
import type { Ledger } from './ledger.ts'

const AWAY_HINT =
  'Nothing was sent to these switches. Where changes are to go on without its answer: cloudvision: { whenAway: warn } in eosflow.yaml.'
const RUNNING_HINT = 'Let it end in CloudVision, or stop it there, then start again.'

/**
 * Asks CloudVision about switches that are about to be changed, and puts on record what it says. Throws `busy` where a change control runs on one of them,
 * and `protocol` where that is not known, unless the settings want only a warning of it: then it gives `unheard` where nothing was heard.
 */
export async function requireNoChangeControl(
  port: CloudVisionPort,
  ledger: Pick<Ledger, 'append'>,
  switches: readonly AskedSwitch[],
  signal: AbortSignal,
): Promise<'free' | 'unheard'> {
  const devices = switches.map(({ name }) => name)
  const goesOn = port.whenAway === 'warn'
  const found = await heard(port, switches, signal)
  const unknown = async (because: string): Promise<void> => {
    await ledger.append(asked({ answer: 'unknown', devices, because, ...(goesOn ? { goesOn } : {}) }))
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
  await ledger.append(asked({ answer: inTheWay.length === 0 ? 'free' : 'running', devices, known, controls }))
  if (inTheWay.length === 0) return 'free'
  throw new EosflowError('busy', inTheWay.map(words).join('\n'), { hint: RUNNING_HINT })
}

type Asked = Extract<EventBody, { readonly type: 'CloudVisionAsked' }>

function asked(body: Omit<Asked, 'type'>): Asked {
  return { type: 'CloudVisionAsked', ...body }
}

/** What it says, or in one sentence why nothing was heard that can be relied on. */
async function heard(port: CloudVisionPort, switches: readonly AskedSwitch[], signal: AbortSignal) {
  try {
    return await port.ask(switches, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof EosflowError && error.kind !== 'bug' && error.kind !== 'store') return error.message
    throw error
  }
}

function words({ id, name, standing, devices }: FoundChangeControl): string {
  const which = name === undefined ? id : `"${name}" (${id})`
  if (devices.length === 0)
    return `CloudVision carries out the change control ${which}, and does not say on which switches`
  const where = devices.join(', ')
  return standing === 'running'
    ? `CloudVision carries out the change control ${which} on ${where}`
    : `CloudVision has started the change control ${which} on ${where}, and does not say whether it has ended`
}
