import { spokenSwitches } from './spoken.ts'

export interface RollbackOf {
  readonly execution: string
  /** `undone`: a later change that is no rollback, behind which nothing of it is left; `open`: it has not ended; `unknown`: where a switch ended is not known. */
  readonly standing: 'done' | 'undone' | 'open' | 'unknown'
  readonly devices: readonly string[]
  readonly rolledBackBy?: string
}

/** Which execution an execution rolls back, and which ones have rolled it back, the oldest first. */
export interface RollbackLinks {
  readonly of?: string
  readonly by: readonly RollbackOf[]
}

/** What became of a change since it ended, in sentences without their full stops; `changed`: how many switches have kept it when it ended. */
export function rollbackSentences({ by }: RollbackLinks, changed: number): readonly string[] {
  return by.map(({ execution, standing, devices, rolledBackBy }) => {
    const on = devices.length === changed ? '' : ` on ${spokenSwitches(devices, changed)}`
    const again = rolledBackBy === undefined ? '' : `, which execution ${rolledBackBy} has rolled back in turn`
    return `${words(standing, on, execution)}${again}`
  })
}

function words(standing: RollbackOf['standing'], on: string, execution: string) {
  switch (standing) {
    case 'done':
      return `Rolled back since${on}, by execution ${execution}`
    case 'undone':
      return `Undone since${on}: nothing of it is left in what execution ${execution} has confirmed`
    case 'open':
      return `A rollback of it${on} has not ended: execution ${execution}`
    case 'unknown':
      return `Perhaps rolled back${on}: where execution ${execution} has left a switch is not known`
  }
}
