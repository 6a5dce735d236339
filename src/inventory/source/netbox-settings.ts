import { z } from 'zod'
import { serviceKeys } from './service-settings.ts'

/** `netbox:` of an entry of `sources:` (docs/netbox-nautobot.md). */
export const netboxSettings = z.strictObject(serviceKeys).describe('The devices of a NetBox, 4.2 or later.')
