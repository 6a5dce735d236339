import type { Look } from '../../device/device.ts'
import type { DeviceTarget, Fleet } from '../../device/transport.ts'
import type { Clock } from '../../model/clock.ts'
import type { Command } from '../../model/command.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Examination } from '../../report/doctor/examination.ts'
import { readVersion } from '../../transport/read-version.ts'

const ASKED: readonly Command[] = [{ cmd: 'show version', revision: 1 }, { cmd: 'show clock' }]

/** Looks at one switch: reads only. */
export async function examineSwitch(fleet: Fleet, target: DeviceTarget, clock: Clock): Promise<Examination> {
  try {
    const device = await fleet.device(target.name)
    const sent = clock.now()
    const look = await device.look(ASKED)
    const middle = (sent + clock.now()) / 2000
    return { target, look, config: await device.readConfig(), skew: epochIn(look) - middle }
  } catch (failure) {
    return { target, failure }
  }
}

/** The switch's own time: `show clock` tells it in JSON since about 4.31, `show version` as the boot time and the uptime. */
function epochIn({ replies: [version, clock] }: Look): number {
  const told = clock?.ok === true && isJsonObject(clock.json) ? clock.json.utcTime : undefined
  if (typeof told === 'number') return told
  return version?.ok === true ? readVersion(version.json).time.epoch : Number.NaN
}
