import { z } from 'zod'
import { serviceKeys } from './service-settings.ts'

/** `nautobot:` of an entry of `sources:` (docs/netbox-nautobot.md). */
export const nautobotSettings = z.strictObject(serviceKeys).describe('The devices of a Nautobot, 2.0 or later.')
