import { type ExecutionState, startedTimers } from '../../change/engine/state.ts'
import { type DeviceHistory, UNTOUCHED } from '../../eos/device/history.ts'
import { gathered } from '../../model/json.ts'

interface SwitchesAtExit {
  readonly places: string
  readonly line: string
  readonly unprotected: readonly string[]
}

const NAMES = 5

const PLACES = [
  'confirmed and saved, so that no commit timer puts it back',
  'confirmed and not saved, and no commit timer puts it back',
  'asked to confirm, and nobody has read the answer',
  'in a state that nobody has read',
  'asked to abort, and nobody has read the answer',
  'under its commit timer',
  'committed under a timer that has run out by now',
  'aborted, and not read back yet',
  'staged and not committed',
  'put back',
  'confirmed by itself, which stays',
] as const

const UNPROTECTED = 3

type Place = (typeof PLACES)[number]

/** Says where an execution leaves its switches, at a time in milliseconds since the epoch. */
export function leftBehind(state: ExecutionState, now: number): SwitchesAtExit {
  const places = gathered(state.targets.map((name) => [placeOf(state, name, now), name]))
  const said = PLACES.flatMap((place) => {
    const names = places.get(place) ?? []
    return names.length === 0 ? [] : [`${listed(names)}: ${place}${secondsLeft(state, names, place, now)}`]
  })
  const what = said.length === 0 ? 'no switch was changed' : said.join('; ')
  return {
    places: what,
    line: `left at once: ${what}. Next: eosflow resume ${state.id}`,
    unprotected: PLACES.slice(0, UNPROTECTED).flatMap((place) => places.get(place) ?? []),
  }
}

function placeOf(state: ExecutionState, name: string, now: number) {
  const end = state.ends.get(name)?.end
  if (end === 'reverted') return 'put back'
  if (end === 'unknown') return 'in a state that nobody has read'
  if (end !== undefined) return undefined
  if (state.kept.has(name)) return 'confirmed by itself, which stays'
  const history = state.devices.get(name) ?? UNTOUCHED
  switch (history.reached) {
    case 'nothing':
      return undefined
    case 'stage':
      return history.phase === 'ended' ? undefined : 'staged and not committed'
    case 'arm':
      return placeUnderTimer(history, now)
    case 'confirm':
    case 'save':
      if (history.phase === 'confirming') return PLACES[2]
      return history.phase === 'saved' ? PLACES[0] : PLACES[1]
  }
}

function placeUnderTimer({ phase, armedAt, timer }: DeviceHistory, now: number): Place {
  if (phase === 'ended') return 'aborted, and not read back yet'
  if (phase === 'aborting') return 'asked to abort, and nobody has read the answer'
  const isOver = armedAt !== undefined && timer !== undefined && armedAt + timer * 1000 <= now
  return isOver ? 'committed under a timer that has run out by now' : 'under its commit timer'
}

function secondsLeft(state: ExecutionState, names: readonly string[], place: Place, now: number) {
  if (place !== 'under its commit timer') return ''
  const last = startedTimers(state).findLast(({ device }) => names.includes(device))?.until ?? now
  return `, which puts it back within ${Math.ceil((last - now) / 1000)} s`
}

function listed(names: readonly string[]) {
  if (names.length <= NAMES) return names.join(', ')
  return `${names.slice(0, NAMES).join(', ')} and ${names.length - NAMES} more`
}
