import type { Effect } from '../engine/effect.ts'
import { scopeAt } from '../engine/fold-scope.ts'
import type { ExecutionState } from '../engine/state.ts'
import { unreachable } from '../model/error.ts'
import { short, switches } from './count.ts'
import { brief, eventWords, placeOf } from './event-words.ts'

/** What an execution would do next, as a program reads it: `says` is the same in words. */
export interface EffectDescription {
  readonly effect: Effect['effect']
  readonly path?: string
  readonly state?: string
  readonly devices?: readonly string[]
  readonly until?: string
  readonly says: string
}

/** What an effect of an execution means. */
export function stepOf(execution: ExecutionState, effect: Effect): EffectDescription {
  switch (effect.effect) {
    case 'record':
    case 'end': {
      const { event } = effect
      return {
        effect: effect.effect,
        ...('path' in event ? at(event) : {}),
        says: `${event.type}: ${eventWords(event)}`,
      }
    }
    case 'evaluate': {
      const place = { path: effect.path, state: stateAt(execution, effect.path) }
      return { effect: 'evaluate', ...place, says: `${EVALUATES[effect.step]} ${placeOf(place)}` }
    }
    case 'task': {
      const { devices, begun, attempt } = effect
      const place = { path: effect.path, state: effect.state.name }
      const how = begun ? 'begun and not known to be done: ' : ''
      const on = devices.length > 3 ? switches(devices.length) : devices.join(' ')
      const says = `${how}task ${effect.state.task} of ${placeOf(place)} on ${on}, attempt ${attempt}`
      return { effect: 'task', ...place, devices, says }
    }
    case 'wake': {
      const until = new Date(effect.until).toISOString()
      const place = { path: effect.path, state: stateAt(execution, effect.path) }
      return { effect: 'wake', ...place, until, says: `${placeOf(place)} is looked at again at ${until}` }
    }
    case 'listen': {
      const place = { path: effect.path, state: stateAt(execution, effect.path) }
      return {
        effect: 'listen',
        ...place,
        says: `${placeOf(place)} waits for an answer, token ${short(effect.digest)}`,
      }
    }
    case 'undo':
      return { effect: 'undo', devices: [effect.device], says: `${effect.device} is put back` }
    case 'takeBack': {
      const place = at(effect.write)
      return {
        effect: 'takeBack',
        ...place,
        says: `what ${placeOf(place)} did with ${brief(effect.write.arguments)} is undone`,
      }
    }
    default:
      return unreachable(effect)
  }
}

const EVALUATES = {
  begin: 'begins',
  finish: 'is done: the output of',
  catch: 'its error is handled:',
  retry: 'is tried again:',
} as const

function at({ path, state }: { readonly path: string; readonly state: string }): Pick<
  EffectDescription,
  'path' | 'state'
> & {
  readonly path: string
  readonly state: string
} {
  return { path, state }
}

function stateAt(execution: ExecutionState, path: string): string {
  return scopeAt(execution, path).state ?? ''
}
