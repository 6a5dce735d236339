import { readState } from '../../../change/engine/fold.ts'
import type { TaskCall } from '../../../change/engine/ports.ts'
import type { Barrier } from '../../../change/record/event/sites-event.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

export function barrierOf({ arguments: given }: Pick<TaskCall, 'arguments'>): Barrier {
  const at = isJsonObject(given) ? given.at : undefined
  if (at === 'push' || at === 'confirm' || at === 'save') return at
  throw new EosflowError('bug', `no such barrier: ${JSON.stringify(at ?? null)}`)
}

interface Ruling {
  readonly is: 'released' | 'refused' | 'open'
  readonly why: string
  readonly newest: number
}

export async function rulingOf(
  { store }: Pick<ProjectStore, 'store'>,
  whole: string,
  barrier: Barrier,
): Promise<Ruling> {
  const { status, seq, sites, compensation } = await readState(store, whole)
  const { decision, reason } = sites.decided[barrier] ?? {}
  if (decision === 'released') return { is: 'released', why: '', newest: seq }
  if (decision === undefined && status === 'running') return { is: 'open', why: '', newest: seq }
  return { is: 'refused', why: reason ?? compensation?.error.message ?? `${whole} has ended`, newest: seq }
}
