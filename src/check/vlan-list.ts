import { z } from 'zod'

const LAST_VLAN = 4094
const WRITTEN = /^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*$/
const EXPECTED = 'expected VLAN numbers from 1 to 4094, such as 10 or 10,20-29'

const VlanNumber = z.int().min(1).max(LAST_VLAN)
const VlanText = z.string().refine((text) => numbersIn(text).length > 0, { error: EXPECTED })
const VlanItem = z.union([VlanNumber, VlanText], { error: EXPECTED })

/** VLANs as people write them: a number, a list as EOS writes it (`10,20-29`), or a list of both; read as sorted numbers. */
export const VlanList = z
  .union([VlanNumber, VlanText, z.array(VlanItem).min(1)], { error: EXPECTED })
  .transform((written) => {
    const items = Array.isArray(written) ? written : [written]
    const numbers = items.flatMap((item) => (typeof item === 'number' ? [item] : numbersIn(item)))
    return [...new Set(numbers)].sort((a, b) => a - b)
  })

/** The VLANs of a list in the form of EOS; none when any part of it is not a VLAN or runs backwards. */
function numbersIn(text: string): readonly number[] {
  if (!WRITTEN.test(text)) return []
  const numbers: number[] = []
  for (const part of text.split(',')) {
    const [first = 0, last = first] = part.split('-').map(Number)
    if (first < 1 || last > LAST_VLAN || last < first) return []
    for (let vlan = first; vlan <= last; vlan += 1) numbers.push(vlan)
  }
  return numbers
}
