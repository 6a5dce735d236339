import { behindWords, type ClockRule } from '../../change/record/clock-rule.ts'
import { clockAgreement } from '../../eos/device/clock-agreement.ts'
import { skewWords } from '../phrases/skew-words.ts'
import type { Examination } from './examination.ts'
import { type DoctorSection, failed, type Point } from './point.ts'

/** What keeps this machine from writing to the store: a clock that is behind the newest record. */
export async function recordClockPoints(rule: ClockRule | undefined): Promise<readonly Point[]> {
  const fault = await rule?.fault()
  if (fault === undefined) return []
  const mend = "Set this machine's clock; if it is right: eosflow audit accept-clock --reason TEXT"
  return [failed(`${behindWords(fault)}: nothing is written`, mend)]
}

export function clockSections(examined: readonly Examination[]): readonly DoctorSection[] {
  const readings = examined.flatMap((one) =>
    'failure' in one || Number.isNaN(one.skew) ? [] : [{ device: one.target.name, skew: one.skew }],
  )
  const { off, isOurs } = clockAgreement(readings)
  if (!isOurs) return []
  const [first] = off
  const most = `${off.length} of ${readings.length} switches are more than 5 minutes off this machine's clock`
  const point = failed(
    `${most}: nothing is written${first === undefined ? '' : ` (${skewWords(first)})`}`,
    "Set this machine's clock (timedatectl status), or that of the switches (ntp server …).",
  )
  return [{ title: 'Clock', points: [point] }]
}
