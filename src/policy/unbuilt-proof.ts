import type { Problem } from '../model/problem.ts'
import { type LocatedValue, locatedAt, type Path, textPlaceOf } from '../source/located.ts'
import { indicesAt } from './unasked.ts'

/** A proof that policies will be able to demand, and that nothing can give yet. */
const NOT_BUILT = 'review'

/** Every place of a policy file that demands a proof which is not built yet: nothing could ever meet it. */
export function unbuiltProofs(located: LocatedValue): readonly Problem[] {
  return indicesAt(located, ['rules']).flatMap((rule) => {
    const list: Path = ['rules', rule, 'require', 'approvals', 'proof']
    return indicesAt(located, list).flatMap((index) => {
      const path: Path = [...list, index]
      if (locatedAt(located, path)?.value !== NOT_BUILT) return []
      const message = `the proof \`${NOT_BUILT}\` is not built yet: no approval could have it`
      const hint = 'write `ssh`, `passkey` or `oidc`'
      return [{ code: 'unbuilt-proof', message, at: textPlaceOf(located, path), hint }]
    })
  })
}
