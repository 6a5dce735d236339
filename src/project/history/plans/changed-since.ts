import { foldAll } from '../../../change/engine/fold.ts'
import { comparableText } from '../../../eos/config/vlan-sets.ts'
import { changeTitle } from '../../../report/phrases/spoken.ts'
import { type SwitchEndSources, switchEnds } from '../executions/switch-ends.ts'
import { stagedChanges } from './staged-change.ts'

/** Which execution of this store has confirmed another running-config of a switch since a time (ISO 8601 in UTC), in words: alone, where the switch runs what it has confirmed, else among others. */
export async function changedSince(
  sources: SwitchEndSources,
  device: string,
  since: string,
  running: string,
): Promise<string | undefined> {
  const changed = (await switchEnds(sources)).get(device)?.changed
  if (changed === undefined || Date.parse(changed.at) < Date.parse(since)) return undefined
  const { store } = sources
  const { workflow, params } = foldAll(
    changed.execution,
    await store.read(changed.execution, { of: ['ExecutionStarted'] }),
  )
  const title = changeTitle({ name: workflow, params })
  const what = `execution ${changed.execution} (${workflow}${title === workflow ? '' : `: ${title}`}), confirmed ${changed.at.slice(0, 16)}Z`
  const [staged] = await stagedChanges(sources, changed, [device])
  const isAll = staged !== undefined && comparableText(await store.get(staged.target)) === comparableText(running)
  return isAll ? `by ${what}` : `by ${what}, and by somebody since`
}
