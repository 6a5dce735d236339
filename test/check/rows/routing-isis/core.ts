import type { Json } from '../../../../src/model/json.ts'

/** What the switch tells of the instance CORE in the default VRF. */
export const core = (told: Json) => ({ vrfs: { default: { isisInstances: { CORE: told } } } })

/** What every check says of a switch without IS-IS. */
export const noIsis = 'IS-IS not configured'
