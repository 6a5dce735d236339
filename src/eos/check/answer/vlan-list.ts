import { z } from 'zod'
import { LAST_VLAN, parseVlans } from '../../../model/vlan-list.ts'

const EXPECTED = 'expected VLAN numbers from 1 to 4094, such as 10 or 10,20-29'

const VlanNumber = z.int().min(1).max(LAST_VLAN)
const VlanText = z.string().refine((text) => numbersIn(text).length > 0, { error: EXPECTED })
const VlanItem = z.union([VlanNumber, VlanText], { error: EXPECTED })

const numbersIn = (text: string) => parseVlans(text, { spaces: true }) ?? []

/** VLANs as people write them: a number, a list as EOS writes it (`10,20-29`), or a list of both; read as sorted numbers. */
export const VlanList = z
  .union([VlanNumber, VlanText, z.array(VlanItem).min(1)], { error: EXPECTED })
  .transform((written) => {
    const items = Array.isArray(written) ? written : [written]
    const numbers = items.flatMap((item) => (typeof item === 'number' ? [item] : numbersIn(item)))
    return [...new Set(numbers)].sort((a, b) => a - b)
  })
