import type { StateChange } from '../finding/state-change.ts'

const GLOB = /[*?]/

/**
 * Whether an item of an expectation names a change: by its subject (`140`, `10.0.0.1`), by its subject and VRF (`10.0.0.1 in
 * PROD`), with the attribute as well (`Ethernet3 link`, `10.0.0.1 state in PROD`), or by the whole line that tells it. `*`
 * stands for any text, `?` for one character.
 */
export function names(item: string, { subject, vrf, attribute, text }: StateChange): boolean {
  const named = attribute === undefined ? [subject] : [subject, `${subject} ${attribute}`]
  const places = vrf === undefined ? named : [...named, ...named.map((one) => `${one} in ${vrf}`)]
  const forms = [...places, text]
  if (!GLOB.test(item)) return forms.includes(item)
  return forms.some((form) => fits(item, form))
}

function fits(glob: string, text: string) {
  let at = 0
  let star = -1
  let from = 0
  let to = 0
  while (to < text.length) {
    if (glob[at] === '?' || (glob[at] !== '*' && glob[at] === text[to])) {
      at += 1
      to += 1
    } else if (glob[at] === '*') {
      star = at
      at += 1
      from = to
    } else if (star >= 0) {
      at = star + 1
      from += 1
      to = from
    } else return false
  }
  return /^\**$/.test(glob.slice(at))
}
