import type { EventBody } from '../journal/event.ts'
import type { Source, TaskState } from '../workflow/machine.ts'
import { requirePayload } from './payload.ts'
import { devicesAt } from './scope-path.ts'
import { fieldOf, type TransitionContext } from './transition-context.ts'

/** Computes what a task is given and how long it may take. */
export async function beginTask(moment: TransitionContext, state: TaskState): Promise<EventBody> {
  const { execution, language, sight, path, scope } = moment
  const begun = await language.begin(state.flow, sight)
  requirePayload(execution, begun.arguments, 'arguments')
  const limit = async (name: string, source: Source | undefined): Promise<number | undefined> => {
    if (source === undefined) return undefined
    return Number(await language.read(source, fieldOf(name, source), 'count', sight, begun.effective))
  }
  const timeoutSeconds = await limit('TimeoutSeconds', state.timeoutSeconds)
  const heartbeatSeconds = await limit('HeartbeatSeconds', state.heartbeatSeconds)
  const [device, ...others] = devicesAt(execution, path)
  return {
    type: 'TaskScheduled',
    path,
    state: state.name,
    attempt: scope.attempt + 1,
    arguments: begun.arguments,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    ...(device === undefined || others.length > 0 ? {} : { device }),
  }
}
