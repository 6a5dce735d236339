import type { Problem } from '../../model/problem.ts'
import { type LocatedValue, locatedAt, type Path, textPlaceOf } from '../../text/source/located.ts'

/** The words that earlier versions took as actions and never asked for, each with the mend. */
const NEVER_ASKED: ReadonlyMap<unknown, string> = new Map([
  [
    'secret.resolve',
    'delete it: who may connect to a switch also reads its secrets, so allow or deny what connects (`task.snapshot`, `task.push`, `device.unlock`)',
  ],
])

/** Every place of a policy file that has what earlier versions took, by its name. */
export function unaskedProblems(located: LocatedValue): readonly Problem[] {
  return [...unaskedActions(located), ...formerCarries(located)]
}

/** Approvals once carried over all that the change does not name. */
function formerCarries(located: LocatedValue): readonly Problem[] {
  return indicesAt(located, ['rules']).flatMap((index) => {
    const path = ['rules', index, 'require', 'approvals', 'carry']
    if (locatedAt(located, path)?.value !== 'sameDiff') return []
    const message = '`carry: sameDiff` carried approvals over lines that touch traffic, and is refused'
    const hint = 'list the kinds of lines: `carry: { kinds: [interface.description, vlan.name] }`'
    return [{ code: 'former-carry', message, at: textPlaceOf(located, path), hint }]
  })
}

/** Every place that names an action which nothing asks for: a rule about it would protect nothing. */
function unaskedActions(located: LocatedValue): readonly Problem[] {
  return [...ruleActions(located), ...testActions(located)].flatMap((path) => {
    const action = locatedAt(located, path)?.value
    const hint = NEVER_ASKED.get(action)
    if (hint === undefined) return []
    const message = `nothing asks for \`${action}\`, and a rule about it protects nothing`
    return [{ code: 'unasked-action', message, at: textPlaceOf(located, path), hint }]
  })
}

function ruleActions(located: LocatedValue): readonly Path[] {
  const paths = indicesAt(located, ['rules']).flatMap((index) =>
    ['allow', 'deny'].map((effect): Path => ['rules', index, effect]),
  )
  return paths.flatMap((path) => indicesAt(located, path).map((index): Path => [...path, index]))
}

function testActions(located: LocatedValue): readonly Path[] {
  return indicesAt(located, ['tests']).map((index): Path => ['tests', index, 'given', 'action'])
}

/** The indices of the list at a path; none where there is no list. */
export function indicesAt(located: LocatedValue, path: Path): readonly number[] {
  const list = locatedAt(located, path)?.value
  return Array.isArray(list) ? [...list.keys()] : []
}
