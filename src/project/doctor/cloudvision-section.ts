import { type CloudVisionPort, type FoundChangeControl, unidentifiedWords } from '../../model/cloudvision.ts'
import { EosflowError } from '../../model/error.ts'
import type { Examination } from '../../report/doctor/examination.ts'
import { type DoctorSection, failed, good, type Point, warning } from '../../report/doctor/point.ts'
import { spokenSwitches } from '../../report/phrases/spoken.ts'
import { switches } from '../../report/text/count.ts'

/** What the CloudVision of the settings says about the switches that were reached. */
export async function cloudVisionSection(
  port: CloudVisionPort,
  url: string,
  examined: readonly Examination[],
): Promise<DoctorSection> {
  const asked = examined.flatMap((one) =>
    'failure' in one ? [] : [{ name: one.target.name, serial: one.look.identity.serial }],
  )
  return { title: 'CloudVision', points: asked.length === 0 ? [] : await pointsOf(port, url, asked) }
}

async function pointsOf(
  port: CloudVisionPort,
  url: string,
  asked: Parameters<CloudVisionPort['ask']>[0],
): Promise<readonly Point[]> {
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

function controlPoint({ id, name, standing, devices, at }: FoundChangeControl): Point {
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
