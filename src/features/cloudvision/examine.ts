import { EosflowError } from '../../model/error.ts'
import { type DoctorSection, failed, good, warning } from '../../report/doctor/examination.ts'
import { spokenSwitches } from '../../report/phrases/spoken.ts'
import { switches } from '../../report/text/text.ts'
import { type AskedSwitch, type CloudVisionPort, type FoundChangeControl, unidentifiedWords } from './control.ts'

/** Asks CloudVision about switches, as `doctor` shows it. */
export async function examineCloudVision(
  port: CloudVisionPort,
  url: string,
  seen: readonly AskedSwitch[],
): Promise<DoctorSection> {
  return { title: 'CloudVision', points: seen.length === 0 ? [] : await pointsOf(port, url, seen) }
}

async function pointsOf(port: CloudVisionPort, url: string, asked: readonly AskedSwitch[]) {
  try {
    const { known, controls, unidentified } = await port.ask(asked, new AbortController().signal)
    const has = `${url} answers and has ${known.length} of ${switches(asked.length)} in its inventory`
    const unclear =
      unidentified === undefined
        ? []
        : [warning(unidentifiedWords(unidentified), 'Give it in CloudVision the name that it has here.')]
    return [good(has), ...controls.map(controlPoint), ...unclear]
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind === 'bug') throw error
    const mend =
      port.whenAway === 'refuse'
        ? 'No change is pushed before it answers: see `whenAway` in docs/beside-cloudvision.md.'
        : 'Changes are pushed without its word, as `whenAway: warn` says.'
    return [failed(`${url}: ${error.message}`, error.hint === undefined ? mend : `${error.hint} ${mend}`)]
  }
}

const STANDING = { running: 'runs', unclear: 'was started, and may run', scheduled: 'is to begin' } as const

function controlPoint({ id, name, standing, devices, at }: FoundChangeControl) {
  const which = name === undefined ? id : `"${name}" (${id})`
  const where = devices.length === 0 ? ', and does not say where' : ` on ${spokenSwitches(devices)}`
  const words = `the change control ${which} ${STANDING[standing]}${at === undefined ? '' : ` at ${at}`}${where}`
  return warning(
    words,
    standing === 'scheduled'
      ? 'Let a change of yours end before it begins.'
      : 'A change of these switches is refused until it has ended.',
  )
}
