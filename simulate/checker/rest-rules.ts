import { sessionPrefix } from '../../src/task/session-name.ts'
import { holds } from '../device-texts.ts'
import type { History } from '../history.ts'
import { Violation } from '../violation.ts'
import type { Watch } from '../watch.ts'
import { isHelpless } from './switch-rules.ts'

/**
 * I29: a suspended execution rests where no switch is armed, and none runs its change without having it in startup-config. Where
 * somebody has erased startup-config the second part says nothing.
 */
export function restRules(history: History): Watch {
  const isErased = history.scenario.disturbances.some(({ what }) => what === 'no startup-config')
  return {
    rested: ({ id, side }) => {
      for (const box of history.world.all()) {
        if (box.armed?.startsWith(sessionPrefix(id))) {
          throw new Violation('I29', `${box.name}: armed while its execution rests`)
        }
        if (holds(box.running, side) && !holds(box.startup, side) && !isErased && !isHelpless(box)) {
          throw new Violation('I29', `${box.name}: changed and not saved while its execution rests`)
        }
      }
    },
  }
}
