import type { Checked } from '../../model/problem.ts'
import { refuse } from '../../source/checked.ts'
import { type Located, placeOf } from '../../source/located.ts'
import type { StateMachine } from '../machine.ts'
import type { Dialect } from './dialect.ts'

/**
 * The typed machine of a definition in Amazon States Language, defaults filled in, or everything that is wrong with it.
 * `located` is the object that has `StartAt` and `States`.
 */
export function readMachine(located: Located, dialect: Dialect): Checked<StateMachine> {
  return refuse({
    code: 'not-built-yet',
    message: `machines of type ${dialect.type} are not read yet`,
    at: placeOf(located),
  })
}
