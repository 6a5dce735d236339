import { sessionPrefix } from '../../src/change/task/act/act.ts'
import { holds } from '../device-texts.ts'
import type { History } from '../history.ts'
import { Violation } from '../violation.ts'
import type { Watch } from '../watch.ts'
import { isHelpless } from './switch-rules.ts'

/**
 * I29: a suspended execution rests where no switch is armed, and none runs its change without having it in startup-config. Where
 * somebody has erased startup-config the second part says nothing. Where nothing else befalls the history, no config session of the
 * execution is open either: an abort that cannot reach its switch is sent by whoever goes on.
 */
export function restRules(history: History): Watch {
  const { disturbances, weather } = history.scenario
  const isErased = disturbances.some(({ what }) => what === 'no startup-config')
  const isCalm =
    disturbances.every(({ what }) => what === 'suspend') && Object.values(weather).every((one) => one === 0)
  return {
    rested: ({ id, side }) => {
      for (const box of history.world.all()) {
        if (box.armed?.startsWith(sessionPrefix(id))) {
          throw new Violation('I29', `${box.name}: armed while its execution rests`)
        }
        if (isCalm && box.openOf(sessionPrefix(id)).length > 0) {
          throw new Violation('I29', `${box.name}: a config session is open while its execution rests`)
        }
        if (holds(box.running, side) && !holds(box.startup, side) && !isErased && !isHelpless(box)) {
          throw new Violation('I29', `${box.name}: changed and not saved while its execution rests`)
        }
      }
    },
  }
}
