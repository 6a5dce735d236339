import type { EventBody } from '../record/event/event.ts'
import type { ActOnceContext } from '../task/act/act.ts'

export function actLog(record: (event: EventBody) => Promise<void>): ActOnceContext['log'] {
  return {
    intended: (device, act, detail) => record({ type: 'ActIntended', device, act, ...detail }),
    finished: (device, act, detail) => record({ type: 'ActFinished', device, act, ...detail }),
  }
}
