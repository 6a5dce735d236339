import { settingOf } from '../../project/files/settings/settings.ts'
import type { Feature, FeatureServices } from '../../project/system/feature/feature.ts'
import { cloudVisionPort } from './ask.ts'
import { examineCloudVision } from './examine.ts'
import { openCloudVision } from './push.ts'
import { cloudVisionSettings } from './settings.ts'

/** A CloudVision that manages the same switches: no change is pushed while it changes them (docs/beside-cloudvision.md). */
export const cloudVision: Feature = {
  name: 'cloudvision',
  settings: [cloudVisionSettings],
  records: ['CloudVisionAsked'],
  open: (_, services) => {
    const found = portFor(services)
    return found && ((record) => openCloudVision(found.port, services.clock, record))
  },
  examine: async (seen, services) => {
    const found = portFor(services)
    return found && examineCloudVision(found.port, found.url, seen)
  },
}

function portFor({ settings, http, clock, isTrial }: FeatureServices) {
  const own = settingOf(settings, cloudVisionSettings)
  return own === undefined || isTrial === true ? undefined : { url: own.url, port: cloudVisionPort(own, http, clock) }
}
