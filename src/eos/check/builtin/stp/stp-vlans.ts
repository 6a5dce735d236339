import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { vlanId } from '../../input/numbers.ts'

/** The VLANs whose spanning tree a check looks at. */
export const stpVlans = once(() => z.array(vlanId()).min(1).describe('The VLANs to look at.'))
