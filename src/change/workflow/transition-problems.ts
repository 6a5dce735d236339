import { isJsonObject, type Json } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'
import { type LocatedValue, locatedAt, type Path, textPlaceOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'

export function transitionProblems(
  start: LocatedValue | undefined,
  states: LocatedValue | undefined,
): readonly Problem[] {
  if (states === undefined || !isJsonObject(states.value)) return []
  const names = Object.keys(states.value)
  const members = names.flatMap((name) => locatedAt(states, [name]) ?? [])
  const targets = [start, ...members.flatMap(targetsIn)].filter((target) => target !== undefined)
  return [
    ...targets.flatMap((target) => unknownState(target, names)),
    ...members.flatMap((state) =>
      machinesIn(state.value).flatMap((path) =>
        transitionProblems(locatedAt(state, [...path, 'StartAt']), locatedAt(state, [...path, 'States'])),
      ),
    ),
  ]
}

function unknownState(target: LocatedValue, names: readonly string[]): Problem[] {
  const { value } = target
  if (typeof value !== 'string' || names.includes(value)) return []
  const message = `there is no state \`${value}\` here`
  return [{ code: 'unknown-state', message, at: textPlaceOf(target), hint: didYouMean(value, names) }]
}

function targetsIn(state: LocatedValue) {
  const inLists = ['Choices', 'Catch'].flatMap((list) =>
    indices(isJsonObject(state.value) ? state.value[list] : undefined).map((index) => [list, index, 'Next']),
  )
  return [['Next'], ['Default'], ...inLists].flatMap((path) => locatedAt(state, path) ?? [])
}

function machinesIn(state: Json): readonly Path[] {
  if (!isJsonObject(state)) return []
  return [['ItemProcessor'], ...indices(state.Branches).map((index) => ['Branches', index])]
}

function indices(list: Json | undefined) {
  return Array.isArray(list) ? [...list.keys()] : []
}
